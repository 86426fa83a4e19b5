/**
 * Outgoing messages of one account: each is stored before it is handed over, each is handed to one
 * stream at most once, all in the order they were written. `AccountRuntime` attaches it to a stream once
 * the account is settled; that a message is on its way or sent is the journal's to say.
 */
import type { Message } from '../../shared/contract/records.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { MessagesRepository } from '../store/store.ts';
import type { ChatFeed } from './chat-feed.ts';

export interface OutboxOptions {
  readonly accountId: string;
  readonly messages: MessagesRepository;
  readonly feed: ChatFeed;
  readonly now: () => number;
}

export class Outbox {
  readonly #options: OutboxOptions;
  #hand: ((message: Message) => void) | undefined;
  /** Ids given to the stream attached now. */
  readonly #handed = new Set<string>();
  #pumping: Promise<void> | undefined;
  #again = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Stores a new message and hands it over where the account is settled. The same id again sends once. */
  async write(message: { id: string; chat: string; body: string }): Promise<Message> {
    const { accountId, messages, feed, now } = this.#options;
    const stored = await messages.insertOutgoing(accountId, { ...message, at: now() });
    feed.messages([stored]);
    if (stored.state === 'waiting') this.#handOver(stored);
    return stored;
  }

  /**
   * The account is settled on a stream: everything that waits is handed to it, then every new message.
   * `hand` must not throw. Resolves once all that waited has been handed over.
   */
  attach(hand: (message: Message) => void): Promise<void> {
    this.#hand = hand;
    this.#handed.clear();
    return this.#pump();
  }

  /** The stream has ended; what it did not send waits for the next. */
  detach(): void {
    this.#hand = undefined;
    this.#handed.clear();
  }

  /** The other side's device has it (XEP-0184). */
  async delivered(ids: readonly string[]): Promise<void> {
    const { accountId, messages, feed } = this.#options;
    feed.messages(await messages.setState(accountId, ids, 'delivered'));
  }

  async failed(ids: readonly string[], problem: Problem): Promise<void> {
    const { accountId, messages, feed } = this.#options;
    feed.messages(await messages.setState(accountId, ids, 'failed', problem));
  }

  /** Back in the queue under the same id: failed messages, or those the archive does not know. */
  async requeue(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { accountId, messages, feed } = this.#options;
    const requeued = await messages.requeue(accountId, ids);
    for (const { id } of requeued) this.#handed.delete(id);
    feed.messages(requeued);
    await this.#pump();
  }

  /** @throws ProblemError `input.not-failed` where there is nothing to retry. */
  async retry(id: string): Promise<void> {
    const { accountId, messages } = this.#options;
    const message = await messages.get(accountId, id);
    if (message?.state !== 'failed') throw new ProblemError(notFailed);
    await this.requeue([id]);
  }

  /** @throws ProblemError `input.already-handed` where it cannot be called back. */
  async discard(id: string): Promise<void> {
    const { accountId, messages, feed } = this.#options;
    const message = await messages.get(accountId, id);
    if (message?.state === 'waiting' && this.#handed.has(id)) throw new ProblemError(alreadyHanded);
    // As if handed over: a queue that is being read now must not send what is being deleted.
    this.#handed.add(id);
    const deleted = await messages.discard(accountId, id);
    if (!deleted) throw new ProblemError(alreadyHanded);
    feed.removed(deleted);
  }

  #handOver(message: Message): void {
    // While the queue is being read, this message may stand behind others in it.
    if (this.#pumping) this.#again = true;
    else this.#give(message);
  }

  #give(message: Message): void {
    if (!this.#hand || this.#handed.has(message.id)) return;
    this.#handed.add(message.id);
    this.#hand(message);
  }

  #pump(): Promise<void> {
    if (!this.#hand) return Promise.resolve();
    this.#again = true;
    this.#pumping ??= this.#handQueue();
    return this.#pumping;
  }

  async #handQueue(): Promise<void> {
    const { accountId, messages } = this.#options;
    try {
      while (this.#again) {
        this.#again = false;
        for (const message of await messages.inState(accountId, 'waiting')) this.#give(message);
      }
    } finally {
      this.#pumping = undefined;
    }
  }
}

const notFailed: Problem = {
  code: 'input.not-failed',
  source: 'input',
  message: 'This message is not waiting to be sent again.',
  advice: '',
  retry: 'never',
};

const alreadyHanded: Problem = {
  code: 'input.already-handed',
  source: 'input',
  message: 'This message is already on its way and cannot be taken back.',
  advice: '',
  retry: 'never',
};
