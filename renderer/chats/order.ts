/** The chats of all accounts in the order they are shown. Pure. */
import type { Account, Chat } from '../../shared/contract/records.ts';
import { nameOf } from '../state/names.ts';
import type { ChatKey } from '../state/reduce.ts';
import type { AccountState } from '../state/state.ts';

export interface ListedChat {
  readonly key: ChatKey;
  readonly chat: Chat;
  readonly account: Account;
  readonly name: string;
}

/** The most recent first; chats without a message last, by name. */
export function chatsInOrder(accounts: ReadonlyMap<string, AccountState>): ListedChat[] {
  const listed = [...accounts.values()].flatMap((account) =>
    [...account.chats.values()].map((chat) => ({
      key: { accountId: account.account.id, jid: chat.jid },
      chat,
      account: account.account,
      name: nameOf(account, chat.jid),
    })),
  );
  return listed.sort(
    (one, other) => lastAt(other.chat) - lastAt(one.chat) || one.name.localeCompare(other.name),
  );
}

/** Whether a person matches what is typed into a search field: each word in the name or the address. */
export function matches(search: string, name: string, jid: string): boolean {
  const text = `${name} ${jid}`.toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(word));
}

function lastAt(chat: Chat): number {
  return chat.lastMessage?.at ?? 0;
}
