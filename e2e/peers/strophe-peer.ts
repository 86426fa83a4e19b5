/**
 * The other person in the tests: a client built on Strophe.js, which shares no code with Holdfast.
 * It chats, answers receipts (XEP-0184), keeps a roster and lets a test wait for what it hears.
 */
import { $iq, $msg, $pres, Strophe } from 'strophe.js';
import { installXmlHttpRequest } from './strophe-runtime.ts';

/** A message stanza as it came in. */
export interface PeerMessage {
  readonly from: string;
  readonly id?: string;
  readonly body?: string;
  /** The id that this receipt confirms (XEP-0184 §5.2). */
  readonly receiptFor?: string;
  /** XEP-0085: `active`, `composing`, `paused`, `inactive` or `gone`. */
  readonly chatState?: string;
  /** The sender asked for a receipt. */
  readonly receiptRequested: boolean;
}

/** A presence stanza as it came in; an absent type is availability. */
export interface PeerPresence {
  readonly from: string;
  readonly type?: string;
}

export interface PeerOptions {
  readonly resource?: string;
  /** Answer requests for receipts; default true. */
  readonly answersReceipts?: boolean;
}

/** Where and as whom to sign in. */
export interface PeerAccount {
  /** A test server's `boshUrl` or `webSocketUrl`. */
  readonly service: string;
  readonly jid: string;
  readonly password: string;
}

const RECEIPTS = 'urn:xmpp:receipts';
const CHAT_STATES = 'http://jabber.org/protocol/chatstates';
const DEADLINE_MS = 30_000;

interface Waiter {
  readonly check: () => boolean;
  readonly reject: (reason: Error) => void;
}

/** Signs in, announces presence and is ready to chat. */
export async function connectStrophePeer(
  account: PeerAccount,
  options: PeerOptions = {},
): Promise<StrophePeer> {
  installXmlHttpRequest();
  Strophe.setLogLevel(Strophe.LogLevel.FATAL);
  const peer = new StrophePeer(account, options);
  await peer.connect();
  return peer;
}

export class StrophePeer {
  /** Everything heard, oldest first. */
  readonly messages: PeerMessage[] = [];
  readonly presences: PeerPresence[] = [];
  readonly bareJid: string;
  readonly #account: PeerAccount;
  readonly #options: PeerOptions;
  readonly #connection: InstanceType<typeof Strophe.Connection>;
  readonly #waiters = new Set<Waiter>();
  #status = 0;
  #condition = '';
  #nextId = 1;

  constructor(account: PeerAccount, options: PeerOptions) {
    this.#account = account;
    this.#options = options;
    this.bareJid = account.jid;
    this.#connection = new Strophe.Connection(account.service);
    this.#connection.addHandler(this.#onMessage, null, 'message', null);
    this.#connection.addHandler(this.#onPresence, null, 'presence', null);
  }

  /** The full JID bound in this session. */
  get jid(): string {
    return this.#connection.jid;
  }

  /** The bodies received, oldest first: from one sender where one is named. */
  bodies(from?: string): string[] {
    return this.messages.flatMap((message) => {
      if (message.body === undefined) return [];
      if (from !== undefined && Strophe.getBareJidFromJid(message.from) !== from) return [];
      return [message.body];
    });
  }

  async connect(): Promise<void> {
    const { jid, password } = this.#account;
    const { resource = 'strophe' } = this.#options;
    this.#connection.connect(`${jid}/${resource}`, password, this.#onStatus);
    await this.#until('signed in', () => {
      if (this.#status === Strophe.Status.CONNECTED) return true;
      const failed: number[] = [
        Strophe.Status.CONNFAIL,
        Strophe.Status.AUTHFAIL,
        Strophe.Status.DISCONNECTED,
      ];
      if (failed.includes(this.#status)) throw new Error(`sign-in failed: ${this.#condition}`);
      return false;
    });
    this.#push($iq({ type: 'get', id: this.#mint() }).c('query', { xmlns: 'jabber:iq:roster' }));
    this.#push($pres());
  }

  /** Sends a chat message and returns its id. */
  send(message: { to: string; body: string; id?: string; requestReceipt?: boolean }): string {
    const id = message.id ?? this.#mint();
    const stanza = $msg({ to: message.to, type: 'chat', id }).c('body').t(message.body).up();
    if (message.requestReceipt) stanza.c('request', { xmlns: RECEIPTS }).up();
    this.#push(stanza);
    return id;
  }

  sendChatState(to: string, state: string): void {
    this.#push($msg({ to, type: 'chat' }).c(state, { xmlns: CHAT_STATES }));
  }

  /** Presence of a type such as `subscribe` or `subscribed` (RFC 6121 §3). */
  sendPresence(to: string, type: string): void {
    this.#push($pres({ to, type }));
  }

  /** The first message, already heard or still to come, that satisfies the predicate. */
  message(
    what: string,
    predicate: (message: PeerMessage) => boolean,
    deadlineMs = DEADLINE_MS,
  ): Promise<PeerMessage> {
    return this.#first(what, this.messages, predicate, deadlineMs);
  }

  presence(
    what: string,
    predicate: (presence: PeerPresence) => boolean,
    deadlineMs = DEADLINE_MS,
  ): Promise<PeerPresence> {
    return this.#first(what, this.presences, predicate, deadlineMs);
  }

  /** Resolves when the other side has confirmed this id. */
  async receipt(id: string): Promise<void> {
    await this.message(`receipt for ${id}`, ({ receiptFor }) => receiptFor === id);
  }

  /** Resolves when this many messages with a body have come. */
  async bodyCount(count: number, deadlineMs = DEADLINE_MS): Promise<void> {
    await this.#until(`${count} messages`, () => this.bodies().length >= count, deadlineMs);
  }

  /** Ends the session; resolves when the server knows. */
  async disconnect(): Promise<void> {
    if (this.#status === Strophe.Status.DISCONNECTED) return;
    this.#connection.flush();
    this.#connection.disconnect('done');
    await this.#until('signed out', () => this.#status === Strophe.Status.DISCONNECTED);
    this.#connection.reset();
  }

  #mint(): string {
    return `peer-${this.#nextId++}`;
  }

  #push(stanza: ReturnType<typeof $msg>): void {
    this.#connection.send(stanza.tree());
    // Over BOSH Strophe gathers for 100 ms otherwise.
    this.#connection.flush();
  }

  async #first<T>(
    what: string,
    heard: readonly T[],
    predicate: (item: T) => boolean,
    deadlineMs: number,
  ): Promise<T> {
    let found: T | undefined;
    const isFound = () => {
      found = heard.find(predicate);
      return found !== undefined;
    };
    await this.#until(what, isFound, deadlineMs);
    return found as T;
  }

  /** Waits until a check that runs after each event holds; the deadline only ends a test that hangs. */
  #until(what: string, holds: () => boolean, deadlineMs = DEADLINE_MS): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => {
      const held = holds();
      if (held) resolve();
      return held;
    };
    const waiter: Waiter = { check, reject };
    this.#waiters.add(waiter);
    const deadline = setTimeout(
      () => reject(new Error(`${this.bareJid} waited ${deadlineMs} ms for: ${what}`)),
      deadlineMs,
    );
    this.#settle();
    return promise.finally(() => {
      clearTimeout(deadline);
      this.#waiters.delete(waiter);
    });
  }

  #settle(): void {
    for (const waiter of this.#waiters) {
      try {
        if (waiter.check()) this.#waiters.delete(waiter);
      } catch (error) {
        waiter.reject(error as Error);
      }
    }
  }

  readonly #onStatus = (status: number, condition: string | null): void => {
    this.#status = status;
    if (condition) this.#condition = condition;
    this.#settle();
  };

  readonly #onMessage = (stanza: Element): boolean => {
    const from = stanza.getAttribute('from') ?? this.bareJid;
    const id = stanza.getAttribute('id') ?? undefined;
    const child = (name: string, namespace: string) =>
      childrenOf(stanza).find(
        (element) => element.localName === name && element.namespaceURI === namespace,
      );
    const body = childrenOf(stanza).find((element) => element.localName === 'body')?.textContent;
    const chatState = childrenOf(stanza).find(
      (element) => element.namespaceURI === CHAT_STATES,
    )?.localName;
    const receiptFor = child('received', RECEIPTS)?.getAttribute('id');
    const receiptRequested = child('request', RECEIPTS) !== undefined;
    this.messages.push({
      from,
      receiptRequested,
      ...(id === undefined ? {} : { id }),
      ...(typeof body === 'string' ? { body } : {}),
      ...(chatState ? { chatState } : {}),
      ...(receiptFor ? { receiptFor } : {}),
    });
    if (receiptRequested && id !== undefined && this.#options.answersReceipts !== false) {
      this.#push($msg({ to: from, type: 'chat' }).c('received', { xmlns: RECEIPTS, id }));
    }
    this.#settle();
    return true;
  };

  readonly #onPresence = (stanza: Element): boolean => {
    const type = stanza.getAttribute('type');
    this.presences.push({ from: stanza.getAttribute('from') ?? '', ...(type ? { type } : {}) });
    this.#settle();
    return true;
  };
}

function childrenOf(stanza: Element): Element[] {
  return Array.from(stanza.childNodes).filter((node): node is Element => node.nodeType === 1);
}
