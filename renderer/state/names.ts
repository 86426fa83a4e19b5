/** What a person is called wherever they are shown. */
import type { AccountState } from './state.ts';

/** The contact's name where there is one, else the whole address: only that tells two people apart. */
export function nameOf(account: AccountState | undefined, jid: string): string {
  return account?.contacts.get(jid)?.name || jid;
}
