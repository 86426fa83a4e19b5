/**
 * Tells the page about messages and the chats they belong to. A chat's unread count and last message are
 * the store's to work out, so a burst of messages reads each chat once, not once a message. What the
 * other side is doing (XEP-0085) lives here: it is never older than the session.
 */
import type { ChatState, Message } from '../../shared/contract/records.ts';
import type { ChatsRepository, StoredChat } from '../store/store.ts';
import type { PublishedEvent } from './host-state.ts';

export interface ChatFeedOptions {
  readonly accountId: string;
  readonly chats: ChatsRepository;
  readonly publish: (event: PublishedEvent) => void;
  readonly onFailure: (thrown: unknown) => void;
}

export class ChatFeed {
  readonly #options: ChatFeedOptions;
  readonly #chatStates = new Map<string, ChatState>();
  readonly #dirty = new Set<string>();
  #reading: Promise<void> | undefined;

  constructor(options: ChatFeedOptions) {
    this.#options = options;
  }

  /** New or changed messages, in order. */
  messages(messages: readonly Message[]): void {
    const { accountId, publish } = this.#options;
    for (const message of messages) {
      publish({ type: 'message', accountId, message });
      this.touch(message.chat);
    }
  }

  /** A message that was deleted. */
  removed(message: Message): void {
    const { accountId, publish } = this.#options;
    publish({ type: 'message-removed', accountId, chat: message.chat, id: message.id });
    this.touch(message.chat);
  }

  /** The chat as it is in the store now is told soon. */
  touch(jid: string): void {
    this.#dirty.add(jid);
    this.#reading ??= this.#read();
  }

  /** Tells a chat as it was read with all the others at the start. */
  tell(chat: StoredChat): void {
    const { accountId, publish } = this.#options;
    const chatState = this.#chatStates.get(chat.jid);
    publish({ type: 'chat', accountId, chat: { ...chat, ...(chatState && { chatState }) } });
  }

  /** What the other side does now; undefined: unknown. */
  chatState(jid: string, state: ChatState | undefined): void {
    if (this.#chatStates.get(jid) === state) return;
    if (state) this.#chatStates.set(jid, state);
    else this.#chatStates.delete(jid);
    this.touch(jid);
  }

  /** Whether the other side has said what it does, so that it understands the same from us. */
  knowsChatState(jid: string): boolean {
    return this.#chatStates.has(jid);
  }

  /** Nobody is known to be doing anything: the account went offline. */
  forgetChatStates(): void {
    const jids = [...this.#chatStates.keys()];
    this.#chatStates.clear();
    for (const jid of jids) this.touch(jid);
  }

  /** Tells the chat as it is in the store now; resolves when that is done. */
  async refresh(jid: string): Promise<void> {
    this.touch(jid);
    await this.settled();
  }

  /** Resolves once everything touched so far has been told. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { accountId, chats, onFailure } = this.#options;
    // Lets everything that is touched in this tick be read together.
    await Promise.resolve();
    try {
      while (this.#dirty.size > 0) {
        const jids = [...this.#dirty];
        this.#dirty.clear();
        const found = await Promise.all(jids.map((jid) => chats.get(accountId, jid)));
        for (const chat of found) if (chat) this.tell(chat);
      }
    } catch (thrown) {
      onFailure(thrown);
    } finally {
      this.#reading = undefined;
    }
  }
}
