/**
 * Stream management (XEP-0198): resuming the stream of a lost session in a new one, and knowing what the server
 * has handled. BOSH itself says only what the connection manager has, which may be another program than the
 * server. What is resent is decided here and carried out by the journal and the outbox, not by @xmpp/client.
 */
import xml, { type Element } from '@xmpp/xml';
import { NS_CLIENT } from '../../bosh/protocol/namespaces.ts';

export const NS_MANAGEMENT = 'urn:xmpp:sm:3';

/**
 * Acknowledgements are given at most this often, in ms. A server asks for the next one as soon as it has one,
 * and over BOSH each question costs a request; those asked in between are answered together (§4 allows it).
 */
const ACKNOWLEDGE_EVERY_MS = 5_000;
/**
 * The server is asked at most this often what it has handled, in ms: its answer costs a request. What was sent
 * since is in doubt should the session be lost.
 */
const ASK_EVERY_MS = 5_000;
/** How long a server that does not say keeps a stream, in ms. */
const USUAL_MAX_MS = 300_000;
const LONGEST_ID = 4_000;

/** A stream the server will keep for a while once its session is lost. */
export interface ManagedStream {
  /** The SM-ID: whoever is signed in and has it can take the stream over. */
  readonly id: string;
  /** For how long it is kept. */
  readonly maxMs: number;
}

/** A stream whose session was lost, with all that is known of it. */
export interface LostStream extends ManagedStream {
  /** The full JID bound in it. */
  readonly jid: string;
  /** Stanzas of the server's that are in the journal or were processed: the `h` to resume with. */
  readonly received: number;
  /** Stanzas of ours in all requests. */
  readonly sent: number;
  /**
   * Those the server has not acknowledged, in order. One in a request that was answered is among them: a manager
   * took it, and the server may not have come to it before the manager's connection to it was lost.
   */
  readonly last: readonly SentStanza[];
}

export interface SentStanza {
  readonly stanza: Element;
  /** Its place among all stanzas of ours in this stream, from 1. */
  readonly number: number;
  /** Of a message of the outbox. */
  readonly messageId?: string;
}

/** What the server's count says of what may not have arrived. */
export interface Settlement {
  readonly arrived: readonly string[];
  /** Messages for the outbox to send again. */
  readonly missing: readonly string[];
  /** Everything else to send again. */
  readonly again: readonly Element[];
}

/** Messages, presence and IQs are counted; nothing else is (§1). */
export function isStanza(element: Element): boolean {
  const { name } = element;
  return (
    (name === 'message' || name === 'presence' || name === 'iq') && element.getNS() === NS_CLIENT
  );
}

/** How many of our stanzas the server has handled, by its `<a/>`; undefined where that is no count. */
export function readHandled(acknowledgement: Element): number | undefined {
  const { h = '' } = acknowledgement.attrs;
  return /^\d{1,10}$/u.test(h) ? Number(h) : undefined;
}

export function enableElement(): Element {
  return xml('enable', { xmlns: NS_MANAGEMENT, resume: 'true' });
}

export function resumeElement({ id, received }: LostStream): Element {
  return xml('resume', { xmlns: NS_MANAGEMENT, previd: id, h: String(received) });
}

/** What an `<enabled/>` promises; undefined where the stream cannot be resumed. */
export function readEnabled(enabled: Element): ManagedStream | undefined {
  const { id = '', resume, max } = enabled.attrs;
  if (resume !== 'true' && resume !== '1') return undefined;
  if (id === '' || id.length > LONGEST_ID) return undefined;
  const seconds = /^\d{1,9}$/u.test(max ?? '') ? Number(max) : undefined;
  return { id, maxMs: seconds === undefined ? USUAL_MAX_MS : seconds * 1000 };
}

/**
 * What became of the last stanzas, by the count of those the server has handled.
 * @returns undefined where that count cannot be: the server counts otherwise than we do, and nothing may be
 * concluded from it.
 */
export function settle(lost: LostStream, handled: number): Settlement | undefined {
  if (!Number.isInteger(handled) || handled < leastHandled(lost) || handled > lost.sent) {
    return undefined;
  }
  const idsOf = (stanzas: readonly SentStanza[]) =>
    stanzas.flatMap(({ messageId }) => messageId ?? []);
  const missing = lost.last.filter(({ number }) => number > handled);
  return {
    arrived: idsOf(lost.last.filter(({ number }) => number <= handled)),
    missing: idsOf(missing),
    // Who asked a question has been told that there was no answer.
    again: missing.flatMap(({ stanza, messageId }) =>
      messageId === undefined && !isQuestion(stanza) ? stanza : [],
    ),
  };
}

/** How many stanzas the server must have handled: what it has acknowledged is not kept. */
export function leastHandled({ sent, last }: LostStream): number {
  const kept = new Set(last.map(({ number }) => number));
  let count = sent;
  while (kept.has(count)) count -= 1;
  return count;
}

function isQuestion(stanza: Element): boolean {
  return stanza.name === 'iq' && (stanza.attrs.type === 'get' || stanza.attrs.type === 'set');
}

/** The acknowledgements of one managed stream, given and asked for. */
export class Acknowledgements {
  #received: number;
  #timer: NodeJS.Timeout | undefined;
  #askTimer: NodeJS.Timeout | undefined;
  #hasUnasked = false;
  readonly #send: (element: Element) => void;

  /** @param received stanzas of the server's so far. */
  constructor(received: number, send: (element: Element) => void) {
    this.#received = received;
    this.#send = send;
  }

  /** Something of ours was just written that is to arrive: the server is asked with it, or soon. */
  sent(): void {
    this.#hasUnasked = true;
    if (!this.#askTimer) this.#ask();
  }

  #ask(): void {
    this.#hasUnasked = false;
    this.#send(xml('r', { xmlns: NS_MANAGEMENT }));
    this.#askTimer = setTimeout(() => {
      this.#askTimer = undefined;
      if (this.#hasUnasked) this.#ask();
    }, ASK_EVERY_MS);
  }

  /** A stanza is in the journal. */
  count(): void {
    this.#received += 1;
  }

  /** The server asks: it is answered soon. */
  asked(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.give();
    }, ACKNOWLEDGE_EVERY_MS);
  }

  /** Acknowledges without being asked (§4). */
  give(): void {
    this.#send(this.element());
  }

  /** What to tell the server now: the last thing it hears, so that it delivers nothing elsewhere again. */
  element(): Element {
    return xml('a', { xmlns: NS_MANAGEMENT, h: String(this.#received) });
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#askTimer);
  }
}
