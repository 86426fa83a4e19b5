/** Examining the way to a server, and keeping to what that taught. */
import { doctorReportJson, doctorReportMarkdown } from '../../../shared/doctor-report.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { parseEndpoint } from '../../network/endpoint-address.ts';
import type { Handlers } from '../dispatch.ts';
import type { Doctor } from '../doctor.ts';
import { type CommandContext, personOf } from './command-context.ts';

type Names = 'doctor.start' | 'doctor.stop' | 'doctor.report' | 'doctor.apply';

/** @param version of Holdfast, for the report */
export function doctorCommands(
  context: CommandContext,
  doctor: Doctor,
  version: string,
): Pick<Handlers, Names> {
  return {
    async 'doctor.start'({ accountId, jid = '', endpoint }) {
      if (accountId !== undefined) {
        const { parts, endpoint: own } = context.runtime(accountId);
        await doctor.start({
          ...{ accountId, jid: parts.jid },
          ...(own === undefined ? {} : { endpoint: own }),
        });
        return {};
      }
      const typed = endpoint?.trim();
      await doctor.start({
        jid: personOf(jid),
        ...(typed && { endpoint: parseEndpoint(typed) }),
      });
      return {};
    },
    async 'doctor.stop'() {
      await doctor.stop();
      return {};
    },
    async 'doctor.report'({ format }) {
      const { run } = doctor;
      if (!run) throw new ProblemError(nothingExamined);
      const report = format === 'json' ? doctorReportJson : doctorReportMarkdown;
      return { text: report({ run, version }) };
    },
    async 'doctor.apply'({ accountId }) {
      const { run } = doctor;
      if (run?.accountId !== accountId) throw new ProblemError(nothingExamined);
      await context.runtime(accountId).keepTo(run.learned);
      return {};
    },
  };
}

const nothingExamined: Problem = {
  code: 'input.nothing-examined',
  source: 'input',
  message: 'No connection has been examined yet.',
  advice: 'Examine it first.',
  retry: 'never',
};
