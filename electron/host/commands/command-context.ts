/** What the command handlers share: the accounts that run, and how to name people. */
import { bareJid, parseJid } from '../../../shared/jid.ts';
import type { PlaygroundNetwork } from '../../../shared/playground.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import type { StoredAccount } from '../../store/store.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import type { AuthorityBook } from '../authority-book.ts';
import type { ProxyKeyRing } from '../proxy-key-ring.ts';
import type { Secrets } from '../secrets.ts';

export interface CommandContext {
  readonly secrets: Secrets;
  readonly proxyKeys: ProxyKeyRing;
  readonly authorities: AuthorityBook;
  /** @throws ProblemError `input.unknown-account` */
  runtime(accountId: string): AccountRuntime;
  /** Stores a new account and connects it. @throws ProblemError `input.account-exists` */
  add(account: StoredAccount): Promise<void>;
  /** Signs out and deletes everything stored for it. */
  remove(accountId: string): Promise<void>;
  /** Signs in to the playground's account, a new one where there is none, and says which it is. */
  openPlayground(): Promise<string>;
  setPlaygroundNetwork(network: PlaygroundNetwork): Promise<void>;
}

/** The bare JID of another person, in lower case. @throws ProblemError `input.jid` */
export function personOf(jid: string): string {
  if (!parseJid(jid)) throw new ProblemError(notAnAddress);
  return bareJid(jid);
}

const notAnAddress: Problem = {
  code: 'input.jid',
  source: 'input',
  message: 'This is not an address.',
  advice: 'An address looks like name@example.org.',
  retry: 'never',
};
