/**
 * One XML stream over one connection to an XMPP server (RFC 6120): connects, secures it with TLS, and then
 * hands over what the server sends. Used by `tcp-upstream.ts`, once for each address that is tried.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { Element } from '@xmpp/xml';
import type { StreamEnd, StreamListener, StreamRequest } from '../../../bosh/manager/upstream.ts';
import { escapeAttribute } from '../../../bosh/protocol/escape.ts';
import { NS_CLIENT, NS_STREAM } from '../../../bosh/protocol/namespaces.ts';
import { readXml } from '../../../bosh/protocol/xml-reader.ts';
import { isLoopbackAddress } from '../loopback-address.ts';
import type { ServerAddress } from './server-address.ts';
import { type StanzaLimits, type StreamChild, StreamReader } from './stream-reader.ts';

export interface ServerStreamOptions {
  readonly stanza: StanzaLimits;
  /** UTF-16 units the server may leave untaken before it is given up. */
  readonly untaken: number;
  /** For connecting, TLS and the first answer together, in ms. */
  readonly connectMs: number;
  /** Silence in both directions after which the connection is probed, in ms (TCP keepalive). */
  readonly probeMs: number;
  /** Silence after which whitespace is sent, in ms (RFC 6120 §4.6.1); longer than `probeMs`, which finds a dead server sooner. */
  readonly whitespaceMs: number;
  /** How long the server may take to close its side, in ms. */
  readonly closeMs: number;
  /** Whose certificates are trusted. */
  readonly trust: SecureContext;
  /** Whether a server on this computer may be spoken to without TLS where it does not insist. */
  readonly plainOnLoopback: boolean;
}

const NS_TLS = 'urn:ietf:params:xml:ns:xmpp-tls';
const NS_SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const NS_COMPRESSION = 'http://jabber.org/features/compress';

/**
 * `securing` until TLS is there, or found needless; `opening` until the server has said what it offers;
 * then `open` to its end.
 */
type Phase = 'securing' | 'opening' | 'open' | 'ended';

/** A listener that is told `onOpen` once the stream may be used, and `onEnd` where it never comes to that. */
export class ServerStream {
  readonly #address: ServerAddress;
  readonly #domain: string;
  readonly #request: StreamRequest;
  readonly #options: ServerStreamOptions;
  readonly #listener: StreamListener;
  readonly #reader: StreamReader;
  #limit: NodeJS.Timeout | undefined;
  #socket: Socket;
  #phase: Phase;
  #isEncrypted = false;
  /** Of the server's, until the stream may be used. */
  #header: Readonly<Record<string, string>> | undefined;
  /** The server's `<stream:error/>`; its end tag follows. */
  #error: string | undefined;
  #isClogged = false;

  /** @param domain in its ASCII form: what the certificate must be for. */
  constructor(
    address: ServerAddress,
    domain: string,
    request: StreamRequest,
    options: ServerStreamOptions,
    listener: StreamListener,
  ) {
    this.#address = address;
    this.#domain = domain;
    this.#request = request;
    this.#options = options;
    this.#listener = listener;
    this.#reader = new StreamReader(options.stanza, {
      onHeader: (attributes) => this.#takeHeader(attributes),
      onChild: (child) => this.#takeChild(child),
      onFooter: () => this.#takeFooter(),
    });
    this.#limit = setTimeout(() => this.#fail('no answer in time'), options.connectMs);
    const socket = connectTcp({ host: address.host, port: address.port, noDelay: true });
    socket.setKeepAlive(true, options.probeMs);
    socket.on('error', (error) => this.#fail(failureOf(error)));
    socket.once('connect', () => (address.directTls ? this.#encrypt(socket) : this.#begin(socket)));
    this.#socket = socket;
    this.#phase = address.directTls ? 'opening' : 'securing';
  }

  write(xml: string): boolean {
    if (this.#socket.writableLength > this.#options.untaken) {
      this.#fail('the server does not take what it is sent');
      return false;
    }
    const hasRoom = this.#socket.write(xml);
    if (!hasRoom) this.#isClogged = true;
    return hasRoom;
  }

  restart(): void {
    this.#reader.restart();
    this.#sendHeader();
  }

  setReading(reading: boolean): void {
    if (reading) this.#socket.resume();
    else this.#socket.pause();
  }

  close(): void {
    if (this.#phase === 'ended') return;
    const isOpen = this.#phase === 'open';
    this.#end();
    if (isOpen) this.#leave();
    else this.#socket.destroy();
  }

  /** Speaks XMPP over this socket from here on. */
  #begin(socket: Socket): void {
    if (this.#phase === 'ended') return;
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(socket, text));
    socket.on('end', () => this.#fail('the server ended the connection'));
    socket.on('close', () => this.#fail('the connection was lost'));
    socket.on('drain', () => this.#drain());
    socket.on('timeout', () => this.#breakSilence());
    socket.setTimeout(this.#options.whitespaceMs);
    this.#sendHeader();
  }

  #encrypt(socket: Socket): void {
    if (this.#phase === 'ended') return;
    socket.setTimeout(0);
    const encrypted = connectTls({
      socket,
      servername: this.#domain,
      secureContext: this.#options.trust,
      // XEP-0368 §3: so that a server with one port for everything knows what comes.
      ...(this.#address.directTls ? { ALPNProtocols: ['xmpp-client'] } : {}),
    });
    this.#socket = encrypted;
    encrypted.on('error', (error) => this.#fail(failureOf(error)));
    encrypted.on('close', () => this.#fail('the connection was lost'));
    // Not before the certificate was found to be the domain's: it is an error otherwise.
    encrypted.once('secureConnect', () => {
      this.#isEncrypted = true;
      this.#begin(encrypted);
    });
  }

  #sendHeader(): void {
    const { to, from, lang, version } = this.#request;
    const attributes = {
      to,
      // Not to be told to whoever listens (RFC 6120 §4.7.1).
      from: this.#isEncrypted ? from : undefined,
      version: version ?? '1.0',
      'xml:lang': lang,
      xmlns: NS_CLIENT,
      'xmlns:stream': NS_STREAM,
    };
    let header = "<?xml version='1.0'?><stream:stream";
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) header += ` ${name}='${escapeAttribute(value)}'`;
    }
    this.#socket.write(`${header}>`);
  }

  #read(socket: Socket, text: string): void {
    if (this.#phase === 'ended' || socket !== this.#socket) return;
    try {
      this.#reader.write(text);
    } catch (error) {
      this.#fail(`the server sent what is no XMPP: ${(error as Error).message}`);
    }
  }

  #takeHeader(attributes: Readonly<Record<string, string>>): void {
    if (this.#phase === 'open') this.#listener.onOpen(attributes);
    else this.#header = attributes;
  }

  #takeChild(child: StreamChild): void {
    if (this.#phase === 'ended') return;
    if (child.namespace === NS_STREAM && child.name === 'error') {
      this.#error = child.xml;
      return;
    }
    const isFeatures = child.namespace === NS_STREAM && child.name === 'features';
    if (this.#phase === 'open') {
      this.#listener.onElement(isFeatures ? withoutTransport(child.xml) : child.xml);
    } else if (isFeatures) {
      this.#takeFirstFeatures(child.xml);
    } else if (
      this.#phase === 'securing' &&
      child.namespace === NS_TLS &&
      child.name === 'proceed'
    ) {
      this.#proceed();
    } else {
      this.#fail(`the server said <${child.name}/> before the stream was open`);
    }
  }

  #takeFirstFeatures(xml: string): void {
    const features = readXml(xml).root;
    if (this.#phase === 'securing' && this.#needsTls(features)) {
      if (features.getChild('starttls', NS_TLS)) {
        this.#socket.write(`<starttls xmlns='${NS_TLS}'/>`);
      } else {
        this.#fail('the server offers no encryption');
      }
      return;
    }
    const header = this.#header ?? {};
    this.#header = undefined;
    this.#endLimit();
    this.#phase = 'open';
    this.#listener.onOpen(header);
    if (this.#phase === 'open') this.#listener.onElement(withoutTransport(xml));
  }

  #needsTls(features: Element): boolean {
    const mayBePlain =
      this.#options.plainOnLoopback && isLoopbackAddress(this.#socket.remoteAddress);
    if (!mayBePlain) return true;
    const insists = features.getChild('starttls', NS_TLS)?.getChild('required', NS_TLS);
    return insists !== undefined || !features.getChild('mechanisms', NS_SASL);
  }

  #proceed(): void {
    const socket = this.#socket;
    this.#phase = 'opening';
    this.#reader.restart();
    this.#encrypt(socket);
  }

  #takeFooter(): void {
    if (this.#phase === 'ended') return;
    const isOpen = this.#phase === 'open';
    this.#end();
    this.#leave();
    this.#listener.onEnd(
      isOpen || this.#error !== undefined
        ? { kind: 'closed', ...(this.#error === undefined ? {} : { error: this.#error }) }
        : { kind: 'unreachable', detail: 'the server ended the stream' },
    );
  }

  #drain(): void {
    if (!this.#isClogged || this.#phase !== 'open') return;
    this.#isClogged = false;
    this.#listener.onDrain();
  }

  /** Called when nothing was sent, taken or received for a while. */
  #breakSilence(): void {
    if (this.#phase !== 'open') return;
    if (this.#socket.writableLength > 0) this.#fail('the server does not take what it is sent');
    else this.#socket.write(' ');
  }

  #fail(detail: string): void {
    if (this.#phase === 'ended') return;
    this.#end();
    this.#socket.destroy();
    const end: StreamEnd =
      this.#error === undefined
        ? { kind: 'unreachable', detail }
        : { kind: 'closed', error: this.#error };
    this.#listener.onEnd(end);
  }

  #end(): void {
    this.#phase = 'ended';
    this.#endLimit();
  }

  #endLimit(): void {
    clearTimeout(this.#limit);
    // Not kept for as long as the stream is.
    this.#limit = undefined;
  }

  /** Says goodbye and lets go of the socket, whatever the server does. */
  #leave(): void {
    const socket = this.#socket;
    socket.setTimeout(0);
    socket.end('</stream:stream>');
    // Its end is only seen where all before it is read.
    socket.resume();
    const limit = setTimeout(() => socket.destroy(), this.#options.closeMs);
    socket.once('close', () => clearTimeout(limit));
  }
}

/** TLS and compression are between the relay and the server, and nothing the client could negotiate (XEP-0206 §6). */
function withoutTransport(features: string): string {
  const { root } = readXml(features);
  root.remove('starttls', NS_TLS);
  root.remove('compression', NS_COMPRESSION);
  return root.toString();
}

/** What went wrong with a connection, in few words and without what the error carries besides. */
function failureOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message : `${code}: ${error.message}`;
}
