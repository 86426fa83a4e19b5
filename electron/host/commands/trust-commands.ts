/** Whom people trust beside the usual: authorities for all accounts, single certificates for one. */
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import type { Handlers } from '../dispatch.ts';
import type { CommandContext } from './command-context.ts';

type Names =
  | 'authorities.add'
  | 'authorities.remove'
  | 'certificates.except'
  | 'certificates.revoke';

export function trustCommands(context: CommandContext): Pick<Handlers, Names> {
  const { authorities } = context;
  return {
    async 'authorities.add'({ file }) {
      return { added: await authorities.add(Buffer.from(file, 'base64')) };
    },
    async 'authorities.remove'({ fingerprint }) {
      await authorities.remove(fingerprint);
      return {};
    },
    async 'certificates.except'({ accountId, fingerprint }) {
      const runtime = context.runtime(accountId);
      const failure = runtime.untrusted;
      const [certificate] = failure?.chain ?? [];
      // Only what was shown, and only where it may be overlooked.
      if (!failure?.mayBeExcepted || certificate?.fingerprint !== fingerprint) {
        throw new ProblemError(notExceptable);
      }
      await runtime.except(failure.host, certificate);
      return {};
    },
    async 'certificates.revoke'({ accountId, fingerprint }) {
      await context.runtime(accountId).revoke(fingerprint);
      return {};
    },
  };
}

const notExceptable: Problem = {
  code: 'input.not-exceptable',
  source: 'input',
  message: 'This certificate cannot be trusted by an exception.',
  advice: 'Look at the connection again: it may show another certificate now.',
  retry: 'never',
};
