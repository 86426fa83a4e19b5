/**
 * BOSH as a transport of @xmpp/client 0.14: a class for `entity.transports` whose prototype carries Socket and
 * Parser. The library never instantiates the class; it makes one Socket for a connection and one Parser for
 * each stream. All of BOSH is behind them, in one `BoshSession`.
 */
import { EventEmitter } from 'node:events';
import Connection from '@xmpp/connection';
import { Element } from '@xmpp/xml';
import type { BoshSession } from '../bosh/client/bosh-session.ts';
import { NS_CLIENT, NS_HTTPBIND } from '../bosh/protocol/namespaces.ts';
import { isStanza } from './extensions/stream-management.ts';

/** What the library writes to open and to close a stream; over BOSH these are verbs, not text. */
const HEADER = '<open/>';
const FOOTER = '<close/>';

export interface BoshTransportOptions {
  readonly session: BoshSession;
  /** True over TLS and to loopback: PLAIN may be used (RFC 6120 §13.8). */
  readonly secure: boolean;
  /** True where the session exists already: no header of its own goes out. */
  readonly resumed: boolean;
  /** Called for each element before anyone sees it; false keeps it from all. */
  readonly onElement: (element: Element) => boolean;
  /** Called for each stanza, before @xmpp/client sees it: whoever waits for a message does not wait for that. */
  readonly onStanza: (stanza: Element) => void;
  /** What the server hears last when the library closes the stream. */
  readonly lastPayload: () => string;
}

/** The current parser hears what the session brings. @returns the transport class and its element feed. */
export function createBoshTransport(options: BoshTransportOptions) {
  const { session, secure, resumed, onElement, onStanza, lastPayload } = options;
  let parser: BoshParser | undefined;
  let opened = false;

  const write = (element: Element): void => {
    element.attrs.xmlns ??= NS_CLIENT;
    const id = element.name === 'message' ? element.attrs.id : undefined;
    session.write(element.toString(), id === undefined ? [] : [id]);
  };

  class BoshParser extends EventEmitter {
    constructor() {
      super();
      parser = this;
    }

    write(): void {
      // Nothing: elements come from the session.
    }
  }

  class BoshSocket extends EventEmitter {
    readonly secure = secure;

    connect(): void {
      setImmediate(() => this.emit('connect'));
      session.once('created', (root) => parser?.emit('start', root));
      session.once('ended', ({ code }) => {
        parser?.emit('end', new Element('body', { xmlns: NS_HTTPBIND }));
        this.emit('close', code !== 'app.signed-out', code);
      });
    }

    /** The library waits for the callback before it listens for what follows, so it comes first, and later. */
    write(text: string, callback: () => void): void {
      if (text === HEADER) this.#open();
      else if (text === FOOTER) session.terminate(lastPayload());
      else session.write(text, []);
      setImmediate(callback);
    }

    end(): void {
      session.terminate(lastPayload());
    }

    #open(): void {
      if (opened) {
        session.restart();
        this.#startStream();
        return;
      }
      opened = true;
      session.start();
      if (resumed) this.#startStream();
    }

    /** BOSH has no second stream header: the new stream stands as soon as it is asked for. */
    #startStream(): void {
      setImmediate(() => parser?.emit('start', new Element('body', { xmlns: NS_HTTPBIND })));
    }
  }

  class BoshTransport extends Connection {
    override socketParameters(service: string): string | undefined {
      return /^https?:/u.test(service) ? service : undefined;
    }

    override headerElement(): Element {
      return new Element('body', { xmlns: NS_HTTPBIND });
    }

    override header(): string {
      return HEADER;
    }

    override footerElement(): Element {
      return new Element('body', { xmlns: NS_HTTPBIND });
    }

    override footer(): string {
      return FOOTER;
    }

    /** Called with the entity as `this`. */
    override async send(this: Connection, element: Element): Promise<void> {
      if (this.socket) write(element);
      // Behind the session's own turn, so that what the library does after a send does not hold the send up.
      await new Promise((resolve) => setImmediate(resolve));
      this.emit('send', element);
    }

    async sendMany(this: Connection, elements: Element[]): Promise<void> {
      await Promise.all(elements.map((element) => this.send(element)));
    }
  }
  Object.assign(BoshTransport.prototype, { Socket: BoshSocket, Parser: BoshParser, NS: NS_CLIENT });

  return {
    Transport: BoshTransport,
    /** Sends a stanza that needs nothing of @xmpp/client. */
    write,
    /** Hands payload on, each element on its own: one that breaks a listener harms no other. */
    feed(payload: readonly Element[], onFault: (fault: unknown) => void): void {
      for (const element of payload) {
        try {
          if (!onElement(element)) continue;
          if (isStanza(element)) onStanza(element);
        } catch (fault) {
          onFault(fault);
        }
        try {
          parser?.emit('element', element);
        } catch (fault) {
          onFault(fault);
        }
      }
    },
  };
}
