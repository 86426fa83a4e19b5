/** An XmppStream without a server for unit tests: stanzas go in and come out as the specifications print them. */
import { type Element, Parser } from '@xmpp/xml';
import { bareJid, parseJid } from '../../../../shared/jid.ts';
import type { Unsubscribe, XmppStream } from '../../xmpp-stream.ts';
import { RequestRefusal } from '../stanza-error.ts';

type RequestHandler = Parameters<XmppStream['onRequest']>[3];

/** One stanza from its text; without a namespace of its own it is in `jabber:client`. */
export function stanzaOf(text: string): Element {
  const parser = new Parser();
  let stanza: Element | undefined;
  parser.on('element', (element: Element) => {
    stanza = element;
  });
  parser.on('error', (error: Error) => {
    throw error;
  });
  parser.write(`<stream xmlns='jabber:client'>${text}`);
  if (!stanza) throw new Error(`not a stanza: ${text}`);
  return stanza;
}

export class ScriptedStream implements XmppStream {
  readonly jid: string;
  readonly bareJid: string;
  readonly domain: string;
  features: Element | undefined;
  /** Every stanza handed to `send`. */
  readonly sent: Element[] = [];
  /** Every request made, oldest first. */
  readonly requests: Element[] = [];
  readonly #waiting: { resolve(iq: Element): void; reject(error: Error): void }[] = [];
  readonly #listeners = new Set<(stanza: Element) => void>();
  readonly #handlers = new Map<string, RequestHandler>();

  constructor(jid: string) {
    this.jid = jid;
    this.bareJid = bareJid(jid);
    this.domain = parseJid(jid)?.domain ?? '';
  }

  send(stanza: Element): void {
    this.sent.push(stanza);
  }

  request(iq: Element): Promise<Element> {
    this.requests.push(iq);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  onStanza(listener: (stanza: Element) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onRequest(
    type: 'get' | 'set',
    namespace: string,
    name: string,
    handler: RequestHandler,
  ): Unsubscribe {
    const key = [type, namespace, name].join(' ');
    this.#handlers.set(key, handler);
    return () => this.#handlers.delete(key);
  }

  track(): void {}

  /** A message or presence comes in. */
  receive(stanza: string | Element): void {
    const element = typeof stanza === 'string' ? stanzaOf(stanza) : stanza;
    for (const listener of this.#listeners) listener(element);
  }

  /** The oldest request still waiting is answered; `type='error'` rejects it with the error's condition. */
  answer(text: string): void {
    const iq = stanzaOf(text);
    const waiting = this.#waiting.shift();
    if (!waiting) throw new Error('no request is waiting');
    if (iq.attrs.type !== 'error') waiting.resolve(iq);
    else waiting.reject(new StanzaError(iq.getChild('error')?.getChildElements()[0]?.name ?? ''));
  }

  /** The oldest request still waiting fails without an answer. */
  fail(error: Error): void {
    this.#waiting.shift()?.reject(error);
  }

  /** A request comes in: what it is answered with, as text; `error:` and the condition where it is refused. */
  async receiveRequest(request: string | Element): Promise<string> {
    const iq = typeof request === 'string' ? stanzaOf(request) : request;
    const [child] = iq.getChildElements();
    const key = [iq.attrs.type, child?.getNS(), child?.getName()].join(' ');
    const handler = this.#handlers.get(key);
    if (!handler || !child) return 'error:service-unavailable';
    try {
      return String((await handler(child, iq)) ?? '');
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error;
      return `error:${error.condition}`;
    }
  }
}

class StanzaError extends Error {
  readonly condition: string;

  constructor(condition: string) {
    super(condition);
    this.condition = condition;
  }
}
