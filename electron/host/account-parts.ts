/** What one account is made of while the host runs, whether or not it has a session. */
import type { Store, StoredAccount } from '../store/store.ts';
import type { ChatFeed } from './chat-feed.ts';
import type { ContactBook } from './contact-book.ts';
import type { Log } from './log.ts';
import type { Outbox } from './outbox.ts';

/** A change to an account's record; null clears a field. */
export type AccountChange = {
  [K in Exclude<keyof StoredAccount, 'id' | 'jid'>]?: StoredAccount[K] | null;
};

export interface AccountParts {
  readonly id: string;
  /** Bare. */
  readonly jid: string;
  readonly store: Store;
  readonly book: ContactBook;
  readonly feed: ChatFeed;
  readonly outbox: Outbox;
  /** The account's record as it is now. */
  record(): StoredAccount;
  /** Changes the record here and in the store, and tells the page. */
  update(change: AccountChange): Promise<void>;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
}
