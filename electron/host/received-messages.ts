/**
 * The way in for messages of one account: decoded stanza, store, then the page and the receipt. Every
 * message is in the store before anybody hears of it, in the order it came, each once. While the archive
 * catch-up of a fresh login is running, live messages wait here, since what the archive has comes before.
 */
import type { MessagesRepository } from '../store/store.ts';
import type { DecodedError, DecodedMessage } from '../xmpp/extensions/decoded-message.ts';
import { receiptIn } from '../xmpp/extensions/receipts.ts';
import { arrivalOf } from './arrival.ts';
import type { ChatFeed } from './chat-feed.ts';
import type { Outbox } from './outbox.ts';

export interface ReceivedMessagesOptions {
  readonly accountId: string;
  readonly messages: MessagesRepository;
  readonly feed: ChatFeed;
  readonly outbox: Outbox;
  /** A live message is in the store: its receipt may be answered now. */
  readonly onStored: (message: DecodedMessage) => void;
  readonly now: () => number;
}

interface Held {
  readonly message: DecodedMessage;
  readonly at: number;
  readonly stored: (outcome: Promise<void>) => void;
}

export class ReceivedMessages {
  readonly #options: ReceivedMessagesOptions;
  #held: Held[] | undefined;

  constructor(options: ReceivedMessagesOptions) {
    this.#options = options;
  }

  /** From now on live messages wait. */
  hold(): void {
    this.#held ??= [];
  }

  /** Takes in what waited, in order, and from now on at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { message, at, stored } of held) stored(this.#take(message, at));
  }

  /** Whether this message, seen in the archive, is among those that wait. */
  isHeld(archived: DecodedMessage): boolean {
    return (this.#held ?? []).some(({ message }) => isSame(message, archived));
  }

  /**
   * Tells, whenever asked, whether any of the messages that wait now is still to be read from the archive, which
   * has it: what the archive is late with may belong before it.
   */
  ahead(): () => Promise<boolean> {
    const { accountId, messages } = this.#options;
    const ahead = (this.#held ?? []).flatMap(({ message, at }) =>
      message.stanzaId === undefined ? [] : (arrivalOf(message, at) ?? []),
    );
    return async () => (await messages.countUnknown(accountId, ahead)) > 0;
  }

  /** A live message or a carbon. Resolves once it is stored; its payload may be forgotten then. */
  accept(message: DecodedMessage): Promise<void> {
    const at = this.#options.now();
    const held = this.#held;
    if (!held) return this.#take(message, at);
    return new Promise((stored) => held.push({ message, at, stored }));
  }

  /**
   * A page of the archive, oldest first. Resolves once it is stored. News (`end`) is told message by
   * message; history (`start`) is for whoever scrolls back to ask for.
   */
  async takeArchived(
    archived: readonly DecodedMessage[],
    place: 'end' | 'start',
  ): Promise<{ added: number }> {
    const { accountId, messages, feed, now } = this.#options;
    const at = now();
    const arrivals = archived.flatMap((message) => arrivalOf(message, at) ?? []);
    const { added, changed } = await messages.take(accountId, arrivals, place);
    feed.messages(place === 'end' ? [...changed, ...added] : changed);
    for (const { chat } of added) feed.touch(chat);
    await Promise.all(archived.map((message) => this.#takeReceipt(message)));
    return { added: added.length };
  }

  /** A message of ours came back: believed only from the one it was sent to. */
  async bounced(error: DecodedError): Promise<void> {
    if (await this.#isOurs(error)) await this.#options.outbox.failed([error.id], error.problem);
  }

  async #take(message: DecodedMessage, at: number): Promise<void> {
    const { accountId, messages, feed, onStored } = this.#options;
    const arrival = arrivalOf(message, at);
    if (arrival) {
      const { added, changed } = await messages.take(accountId, [arrival], 'end');
      feed.messages([...changed, ...added]);
    }
    await this.#takeReceipt(message);
    onStored(message);
  }

  async #takeReceipt(message: DecodedMessage): Promise<void> {
    const receipt = receiptIn(message);
    if (receipt && (await this.#isOurs(receipt)))
      await this.#options.outbox.delivered([receipt.id]);
  }

  async #isOurs({ id, peer }: { id: string; peer: string }): Promise<boolean> {
    const message = await this.#options.messages.get(this.#options.accountId, id);
    return message?.outgoing === true && message.chat === peer;
  }
}

function isSame(one: DecodedMessage, other: DecodedMessage): boolean {
  if (one.peer !== other.peer || one.outgoing !== other.outgoing) return false;
  const id = one.originId ?? one.id;
  return (
    (one.stanzaId !== undefined && one.stanzaId === other.stanzaId) ||
    (id !== undefined && id === (other.originId ?? other.id))
  );
}
