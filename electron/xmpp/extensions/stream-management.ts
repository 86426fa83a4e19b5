/**
 * Stream management (XEP-0198): resuming the stream of a lost session in a new one. BOSH itself says what of
 * ours arrived, and keeps the journal; so no acknowledgement is ever asked for, and what is resent after a
 * resumption is decided here and carried out by the journal and the outbox, not by @xmpp/client.
 */
import xml, { type Element } from '@xmpp/xml';
import { NS_CLIENT } from '../../bosh/protocol/namespaces.ts';

export const NS_MANAGEMENT = 'urn:xmpp:sm:3';

/**
 * Acknowledgements are given at most this often, in ms. A server asks for the next one as soon as it has one,
 * and over BOSH each question costs a request; those asked in between are answered together (§4 allows it).
 */
const ACKNOWLEDGE_EVERY_MS = 5_000;
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
  /** The stanzas in requests that were not answered, in order; the last of those sent. */
  readonly unanswered: readonly UnansweredStanza[];
}

export interface UnansweredStanza {
  readonly stanza: Element;
  /** Of a message of the outbox. */
  readonly messageId?: string;
}

/** What the server's count says of what was not answered. */
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
 * What became of the unanswered stanzas, by the count of those the server has handled.
 * @returns undefined where that count cannot be: the server counts otherwise than we do, and nothing may be
 * concluded from it.
 */
export function settle(lost: LostStream, handled: number): Settlement | undefined {
  const { sent, unanswered } = lost;
  const answered = sent - unanswered.length;
  if (!Number.isInteger(handled) || handled < answered || handled > sent) return undefined;
  const idsOf = (stanzas: readonly UnansweredStanza[]) =>
    stanzas.flatMap(({ messageId }) => messageId ?? []);
  const missing = unanswered.slice(handled - answered);
  return {
    arrived: idsOf(unanswered.slice(0, handled - answered)),
    missing: idsOf(missing),
    // Who asked a question has been told that there was no answer.
    again: missing.flatMap(({ stanza, messageId }) =>
      messageId === undefined && !isQuestion(stanza) ? stanza : [],
    ),
  };
}

function isQuestion(stanza: Element): boolean {
  return stanza.name === 'iq' && (stanza.attrs.type === 'get' || stanza.attrs.type === 'set');
}

/** The counting and acknowledging side of one managed stream. */
export class Acknowledgements {
  #received: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #send: (acknowledgement: Element) => void;

  /** @param received stanzas of the server's so far. */
  constructor(received: number, send: (acknowledgement: Element) => void) {
    this.#received = received;
    this.#send = send;
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
  }
}
