/**
 * What an account does with one stream: sets the session up after a fresh login, goes on after a
 * re-attach, and carries stanzas between the extensions and the store, the outbox and the page.
 * `AccountRuntime` makes one for each stream before it starts, and closes it when the stream is gone.
 */
import { problemOf } from '../../shared/problem.ts';
import type { AccountStream } from '../xmpp/account-stream.ts';
import type { DecodedMessage } from '../xmpp/extensions/decoded-message.ts';
import { type Extensions, extensions } from '../xmpp/extensions/extensions.ts';
import type { RosterPush } from '../xmpp/extensions/roster.ts';
import type { AccountParts } from './account-parts.ts';
import type { Attention } from './attention.ts';
import { AvatarCollector } from './avatar-collector.ts';
import { catchUp, catchUpWithLate, settleUnconfirmed } from './catch-up.ts';
import type { HistorySource } from './history.ts';
import { createLiveCursor } from './live-cursor.ts';
import { pause } from './pause.ts';
import { ReceivedMessages } from './received-messages.ts';
import { StateIndicator } from './state-indicator.ts';

/** A catch-up that failed is tried again after this long, then after twice as long, and so on. */
const CATCH_UP_RETRY_MS = 15_000;
/** So often is it tried at once, each time as long as a server may take to answer, before messages go out. */
const CATCH_UP_TRIES = 3;
const CATCH_UP_RETRY_MOST_MS = 10 * 60_000;

export interface AccountSessionOptions {
  readonly parts: AccountParts;
  readonly stream: AccountStream;
  readonly attention: Attention;
  /** The version of Holdfast. */
  readonly version: string;
  /**
   * How much the server knows already. `anew`: nothing of this session. `resumed`: everything; while it took
   * the stream over it may have handed it things in another order. `as-left`: everything.
   */
  readonly begins: 'anew' | 'resumed' | 'as-left';
  /** Messages on their way in a lost session: no session now carries them. */
  readonly unconfirmed: ReadonlySet<string>;
  /** The server may still be at work on what a lost session left: ask again after so many ms what it archived. */
  readonly lookAgainMs: number | undefined;
  /** Runs between what the archive tells and what came live meanwhile. */
  readonly afterCatchUp: () => Promise<void>;
  /** What was missed is here, and messages go out. */
  readonly onSettled: () => void;
}

export class AccountSession {
  readonly extensions: Extensions;
  readonly received: ReceivedMessages;
  readonly #options: AccountSessionOptions;
  readonly #avatars: AvatarCollector;
  readonly #indicator: StateIndicator;
  readonly #closing = new AbortController();
  /** People who know or may know that we are here, because we write to them (XEP-0184 §8). */
  readonly #writtenTo = new Map<string, Promise<boolean>>();
  /** Set once nothing is missing before what arrives now. */
  #moveCursor: ((stanzaId: string, at: number) => void) | undefined;
  #isSettled = false;

  constructor(options: AccountSessionOptions) {
    this.#options = options;
    const { parts, stream } = options;
    const trustsStanzaIds = () => parts.record().archiveCursor !== undefined;
    const savesData = () => parts.record().lowData === true;
    this.extensions = extensions(stream, {
      ...{ version: options.version, trustsStanzaIds, savesData },
    });
    this.received = new ReceivedMessages({
      accountId: parts.id,
      messages: parts.store.messages,
      feed: parts.feed,
      outbox: parts.outbox,
      now: parts.now,
      onStored: (message) => this.#stored(message),
    });
    this.#avatars = new AvatarCollector({
      account: parts,
      avatars: parts.store.avatars,
      book: parts.book,
      extensions: this.extensions,
      savesData,
      onOwn: (own) => parts.update(own),
      onFailure: (thrown) => this.#note('avatar', thrown),
    });
    this.#indicator = new StateIndicator({
      ...{ parts, clientState: this.extensions.clientState, attention: options.attention },
      onFailure: (thrown) => this.#note('client state', thrown),
    });
    if (options.begins !== 'as-left') this.received.hold();
    this.#listen();
  }

  /** Whether messages go out now. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Whether what was missed is still being read. */
  get isCatchingUp(): boolean {
    return this.#options.begins !== 'as-left' && !this.#isSettled;
  }

  /** Through which older messages can be read. */
  get history(): HistorySource {
    const { archive, messages } = this.extensions;
    return { archive, decode: messages.decode, received: this.received };
  }

  /** The stream is ready. Never rejects: what goes wrong is logged, and the session goes on without it. */
  async begin(): Promise<void> {
    try {
      const { begins } = this.#options;
      this.#indicator.begin();
      if (begins === 'anew') await this.#setUp();
      else if (begins === 'resumed') await this.#takeUp();
      else await this.#goOn();
    } catch (thrown) {
      this.#note('session set-up', thrown);
    }
  }

  /** The stream is gone. */
  close(): void {
    const { book, feed, outbox } = this.#options.parts;
    this.#closing.abort();
    this.#avatars.close();
    this.#indicator.close();
    outbox.detach();
    book.forgetPresence();
    feed.forgetChatStates();
  }

  #listen(): void {
    const { parts, stream } = this.#options;
    const { messages, presence, roster, chatStates } = this.extensions;
    messages.onMessage((message) => this.#track(this.received.accept(message)));
    messages.onError((error) => this.#track(this.received.bounced(error)));
    roster.onPush((push) => this.#track(this.#takePush(push)));
    roster.onSubscription(({ kind, jid }) => {
      if (kind === 'subscribe') this.#track(parts.book.requested(jid, undefined));
      if (kind === 'unsubscribe') this.#track(parts.book.requestDone(jid));
    });
    presence.onPresence((jid, how) => {
      parts.book.setPresence(jid, how);
      if (how.show === 'offline') parts.feed.chatState(jid, undefined);
      else this.#avatars.readName(jid);
    });
    chatStates.onState((jid, state) => parts.feed.chatState(jid, state));
    // The stream may end while requests are under way; each says so by itself.
    stream.ready.catch(() => {});
  }

  /** After a fresh login: everything the server has to be told and asked. */
  async #setUp(): Promise<void> {
    // Written in this order and answered in this order: copies are on before anything is missed,
    // and the roster is asked for before presence is announced (RFC 6121 §2.2).
    const rosterLoaded = this.#loadRoster();
    const carbonsEnabled = this.#enableCarbons();
    this.extensions.presence.announce();
    this.#avatars.readOwn();
    const caughtUp = await this.#catchUpBeforeSending();
    if (!this.#closing.signal.aborted) await this.#options.afterCatchUp();
    await rosterLoaded;
    await this.#settle();
    if ((await this.#isCaughtUp(caughtUp)) && (await carbonsEnabled)) this.#followLive();
  }

  /**
   * After a resumption nothing is missing, but the order may be mixed up: a message that came while the server
   * handed the stream over can come before those it kept (seen on ejabberd). The archive knows better.
   */
  async #takeUp(): Promise<void> {
    await this.#options.parts.update({ catchUpUnfinished: true });
    const caughtUp = await this.#catchUp();
    await this.#settle();
    this.#probeContacts();
    const isComplete = await this.#isCaughtUp(caughtUp);
    if (isComplete && (await this.#enableCarbons())) this.#followLive();
  }

  /** Nothing is missing any more: resolves once that is so, false where the session ends before. */
  async #isCaughtUp(already: boolean): Promise<boolean> {
    if (!already) await this.#catchUpLater();
    if (this.#closing.signal.aborted) return false;
    await this.#options.parts.update({ catchUpUnfinished: null });
    return true;
  }

  /** The server knows everything, but this process may have forgotten who is there. */
  async #goOn(): Promise<void> {
    await this.#settle();
    this.#probeContacts();
    if (await this.#enableCarbons()) this.#followLive();
  }

  #probeContacts(): void {
    for (const contact of this.#options.parts.book.all()) {
      if (contact.subscription === 'to' || contact.subscription === 'both') {
        this.extensions.presence.probe(contact.jid);
      }
    }
  }

  async #settle(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { parts, onSettled } = this.#options;
    this.received.release();
    await parts.outbox.attach(({ id, chat, body }) => {
      this.#writtenTo.set(chat, Promise.resolve(true));
      this.extensions.messages.send({ id, to: chat, body });
    });
    this.#isSettled = true;
    onSettled();
  }

  async #loadRoster(): Promise<void> {
    const { parts } = this.#options;
    try {
      const answer = await this.extensions.roster.load(parts.record().rosterVersion);
      if (answer.kind === 'unchanged') return;
      await parts.book.takeRoster(answer.items);
      await parts.update({ rosterVersion: answer.version ?? null });
      for (const { jid } of answer.items)
        if (parts.book.isAvailable(jid)) this.#avatars.readName(jid);
    } catch (thrown) {
      this.#note('roster', thrown);
    }
  }

  async #enableCarbons(): Promise<boolean> {
    try {
      return await this.extensions.carbons.enable();
    } catch (thrown) {
      this.#note('carbons', thrown);
      return false;
    }
  }

  /** @returns false where the archive could not be asked now. */
  async #catchUp(): Promise<boolean> {
    const { parts, begins, unconfirmed, lookAgainMs } = this.#options;
    const { id: accountId, store, outbox, log } = parts;
    const cursor = () => parts.record().archiveCursor;
    const options = {
      accountId,
      store,
      archive: this.extensions.archive,
      decode: this.extensions.messages.decode,
      received: this.received,
      saveCursor: (reached: string) => parts.update({ archiveCursor: reached }),
      signal: this.#closing.signal,
      log,
    };
    try {
      const { outcome, fresh } = await catchUp({ ...options, cursor: cursor() });
      const isAhead = this.received.ahead();
      // A resumed stream brings all that was missed: where it and the archive differ, both are at work on it.
      const isInStep = begins === 'resumed' && fresh === 0 && !(await isAhead());
      if (lookAgainMs !== undefined && outcome === 'complete' && !isInStep) {
        await catchUpWithLate({ ...options, cursor, lookAgainMs, isAhead });
      }
      await settleUnconfirmed({
        accountId,
        store,
        outbox,
        candidates: unconfirmed,
        outcome,
        log,
      });
      return true;
    } catch (thrown) {
      this.#note('archive catch-up', thrown);
      return false;
    }
  }

  /**
   * Nothing new may overtake what was on its way when the session was lost, so it is tried more than once to find
   * out what became of that; but not for ever.
   */
  async #catchUpBeforeSending(): Promise<boolean> {
    const { signal } = this.#closing;
    for (let left = this.#options.unconfirmed.size > 0 ? CATCH_UP_TRIES : 1; ; left -= 1) {
      if (await this.#catchUp()) return true;
      if (signal.aborted || left === 1) return false;
    }
  }

  /** Keeps trying while the session lasts; the account is online meanwhile. */
  async #catchUpLater(): Promise<void> {
    const { signal } = this.#closing;
    for (let ms = CATCH_UP_RETRY_MS; ; ms = Math.min(ms * 2, CATCH_UP_RETRY_MOST_MS)) {
      await pause(ms, signal).over;
      if (signal.aborted || (await this.#catchUp())) return;
    }
  }

  #followLive(): void {
    const { parts } = this.#options;
    this.#moveCursor = createLiveCursor((cursor) => {
      parts
        .update({ archiveCursor: cursor })
        .catch((thrown: unknown) => this.#note('archive cursor', thrown));
    });
  }

  async #takePush(push: RosterPush): Promise<void> {
    const { book, update } = this.#options.parts;
    if (push.kind === 'item') await book.takeEntry(push.item);
    else await book.removeEntry(push.jid);
    if (push.version !== undefined) await update({ rosterVersion: push.version });
  }

  #stored(message: DecodedMessage): void {
    const { parts } = this.#options;
    if (message.stanzaId !== undefined) this.#moveCursor?.(message.stanzaId, parts.now());
    if (message.route === 'carbon' && message.outgoing && message.body !== undefined) {
      this.#writtenTo.set(message.peer, Promise.resolve(true));
    }
    if (!message.receiptRequested) return;
    this.#mayKnowWeAreHere(message.peer)
      .then((may) => may && this.extensions.receipts.answer(message))
      .catch((thrown: unknown) => this.#note('receipt', thrown));
  }

  /** A receipt tells that we are here: only for those who see our presence, or whom we write to. */
  #mayKnowWeAreHere(jid: string): Promise<boolean> {
    const { book, store, id } = this.#options.parts;
    const subscription = book.get(jid)?.subscription;
    if (subscription === 'from' || subscription === 'both') return Promise.resolve(true);
    const known = this.#writtenTo.get(jid);
    if (known) return known;
    const written = store.messages
      .page(id, jid, undefined, 50)
      .then((messages) => messages.some((message) => message.outgoing));
    this.#writtenTo.set(jid, written);
    return written;
  }

  /** The payload being delivered is kept until this is done. */
  #track(work: Promise<unknown>): void {
    work.catch((thrown: unknown) => this.#note('received stanza', thrown));
    this.#options.stream.track(work);
  }

  #note(what: string, thrown: unknown): void {
    if (this.#closing.signal.aborted) return;
    const { code, detail } = problemOf(thrown);
    this.#options.parts.log(`${what}: ${code}${detail ? ` (${detail})` : ''}`);
  }
}
