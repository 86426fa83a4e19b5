/** Adding, connecting and removing accounts. */
import { newId } from '../../../shared/ids.ts';
import { bareJid, parseJid } from '../../../shared/jid.ts';
import { isPlaygroundJid } from '../../../shared/playground.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { parseEndpoint } from '../../network/endpoint-address.ts';
import type { Handlers } from '../dispatch.ts';
import { newResource } from '../new-resource.ts';
import { parseProxySetting } from '../proxy-setting.ts';
import type { CommandContext } from './command-context.ts';

type Names =
  | 'accounts.add'
  | 'accounts.signIn'
  | 'accounts.signOut'
  | 'accounts.remove'
  | 'accounts.retryNow'
  | 'accounts.setLowData';

export function accountCommands(context: CommandContext): Pick<Handlers, Names> {
  const { secrets, proxyKeys } = context;
  return {
    async 'accounts.add'({ jid, password, endpoint, proxy }) {
      const address = ownAddress(jid);
      if (password === '') throw new ProblemError(passwordMissing);
      const typed = endpoint?.trim();
      const account = {
        id: newId(),
        jid: address,
        enabled: true,
        ...(typed && { endpoint: parseEndpoint(typed) }),
        ...(proxy && { proxy: parseProxySetting(proxy) }),
        password: await secrets.seal(password),
        resource: newResource(),
      };
      proxyKeys.reconsider();
      await context.add(account);
      return { accountId: account.id };
    },
    async 'accounts.signIn'({ accountId, password, endpoint, proxy }) {
      const runtime = context.runtime(accountId);
      if (password === '') throw new ProblemError(passwordMissing);
      const typed = endpoint?.trim();
      proxyKeys.reconsider();
      await runtime.signIn({
        ...(typed !== undefined && { endpoint: typed === '' ? null : parseEndpoint(typed) }),
        ...(password !== undefined && { password: await secrets.seal(password) }),
        ...(proxy !== undefined && { proxy: parseProxySetting(proxy) }),
      });
      return {};
    },
    async 'accounts.signOut'({ accountId }) {
      await context.runtime(accountId).signOut();
      return {};
    },
    async 'accounts.remove'({ accountId }) {
      await context.remove(accountId);
      return {};
    },
    async 'accounts.setLowData'({ accountId, lowData }) {
      await context.runtime(accountId).setLowData(lowData);
      return {};
    },
    async 'accounts.retryNow'({ accountId }) {
      proxyKeys.reconsider();
      context.runtime(accountId).retryNow();
      return {};
    },
  };
}

/** The address somebody signs in with. @throws ProblemError `input.jid-…` */
function ownAddress(typed: string): string {
  const text = typed.trim().replace(/^xmpp:/iu, '');
  if (text === '') throw new ProblemError(jidFaults.empty);
  const parts = parseJid(text);
  if (!text.includes('@')) throw new ProblemError(jidFaults.incomplete);
  if (parts?.local === undefined) throw new ProblemError(jidFaults.invalid);
  if (parts.resource !== undefined) throw new ProblemError(jidFaults.resource);
  if (isPlaygroundJid(text)) throw new ProblemError(jidFaults.playground);
  return bareJid(text);
}

function inputProblem(code: string, message: string, advice: string): Problem {
  return { code, source: 'input', message, advice, retry: 'never' };
}

const looksLike = 'An address looks like name@example.org.';
const jidFaults = {
  empty: inputProblem('input.jid-empty', 'No address was typed.', looksLike),
  incomplete: inputProblem('input.jid-incomplete', 'The address has no @ sign.', looksLike),
  invalid: inputProblem('input.jid', 'This is not an address.', looksLike),
  resource: inputProblem(
    'input.jid-resource',
    'The address names a device too.',
    'Leave out the slash and what follows.',
  ),
  playground: inputProblem(
    'input.jid-playground',
    'This address is one of the playground inside Holdfast.',
    'Choose “Look around without an account” to go there.',
  ),
} as const;

const passwordMissing = inputProblem('input.password-empty', 'No password was typed.', 'Type it.');
