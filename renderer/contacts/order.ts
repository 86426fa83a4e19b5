/** The contacts of all accounts in the order they are shown. Pure. */
import type { Account, Contact } from '../../shared/contract/records.ts';
import { nameOf } from '../state/names.ts';
import type { AccountState } from '../state/state.ts';

export interface ListedContact {
  readonly account: Account;
  readonly contact: Contact;
  readonly name: string;
}

/** By name; requests are among them. */
export function contactsInOrder(accounts: ReadonlyMap<string, AccountState>): ListedContact[] {
  return [...accounts.values()]
    .flatMap((account) =>
      [...account.contacts.values()].map((contact) => ({
        account: account.account,
        contact,
        name: nameOf(account, contact.jid),
      })),
    )
    .sort((one, other) => one.name.localeCompare(other.name));
}
