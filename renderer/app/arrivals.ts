/** Which messages came in between two states. Pure; used to read them out. */
import type { Message } from '../../shared/contract/records.ts';
import { nameOf } from '../state/names.ts';
import type { AccountState } from '../state/state.ts';
import { counted } from '../text/plural.ts';

export interface Arrival {
  readonly from: string;
  readonly message: Message;
}

type Accounts = ReadonlyMap<string, AccountState>;

/** At most this much of a message is read out. */
const LONGEST = 200;

/** The newest message of each chat where it is another one, incoming and unread. */
export function arrivalsBetween(before: Accounts, after: Accounts): Arrival[] {
  return [...after].flatMap(([id, account]) => {
    const earlier = before.get(id);
    if (!earlier || earlier.chats === account.chats) return [];
    return [...account.chats.values()].flatMap((chat) => {
      const known = earlier.chats.get(chat.jid);
      const message = chat.lastMessage;
      if (!message || message.outgoing || chat.unread <= (known?.unread ?? 0)) return [];
      if (known?.lastMessage?.id === message.id) return [];
      return [{ from: nameOf(account, chat.jid), message }];
    });
  });
}

/** What to say about them. */
export function arrivalWords(arrivals: readonly Arrival[]): string {
  const [first] = arrivals;
  if (!first || arrivals.length > 1) {
    return `${counted(arrivals.length, 'new message', 'new messages')}.`;
  }
  const { body } = first.message;
  return `${first.from}: ${body.length > LONGEST ? `${body.slice(0, LONGEST)}…` : body}`;
}
