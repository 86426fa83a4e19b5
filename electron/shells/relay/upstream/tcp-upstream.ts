/**
 * The upstream of the relay's sessions: XML streams over TCP to the servers of the domains that are served,
 * and of no others. Given to the connection manager by `relay.ts`.
 */
import { domainToASCII } from 'node:url';
import type {
  StreamEnd,
  StreamListener,
  StreamRequest,
  Upstream,
  UpstreamStream,
} from '../../../bosh/manager/upstream.ts';
import { findServers, type ServerAddress, type ServiceResolver } from './server-address.ts';
import { ServerStream, type ServerStreamOptions } from './server-stream.ts';

/** The domains that are served, in their ASCII form, each with its server where that is not to be looked up. */
export type ServedDomains = ReadonlyMap<string, ServerAddress | undefined>;

export interface TcpUpstreamOptions extends ServerStreamOptions {
  readonly domains: ServedDomains;
  readonly resolver: ServiceResolver;
  readonly observer: UpstreamObserver;
}

/** Is told how it goes, for the operator's log and figures. */
export interface UpstreamObserver {
  /** @param milliseconds from looking up the server until its stream could be used. */
  onOpened(domain: string, milliseconds: number): void;
  /** One address did not work; there may be others. */
  onRefused(domain: string, address: ServerAddress, detail: string): void;
  /** After `onOpened`, whoever ended it. */
  onClosed(domain: string, end: StreamEnd['kind'] | 'session'): void;
}

/** No domain has more servers; a list that goes on is no help to who waits. */
const MOST_ADDRESSES = 8;

/** What may be written before the stream is open without being told to wait, in UTF-16 units. */
const EARLY = 16 * 1024;

export function createTcpUpstream(options: TcpUpstreamOptions): Upstream {
  return {
    open(request, listener) {
      return new TcpStream(request, options, listener);
    },
  };
}

/** The form in which domains are compared, asked for and certified; '' where it is none. */
export function asciiDomain(domain: string): string {
  // What it would read as the end of a name, or the beginning of one, is part of no domain.
  return /[\s/\\?#@:%]/u.test(domain) ? '' : domainToASCII(domain.replace(/\.$/u, ''));
}

/** Tries one server after the other until a stream is open, and is that stream from then on. */
class TcpStream implements UpstreamStream {
  readonly #domain: string;
  readonly #request: StreamRequest;
  readonly #options: TcpUpstreamOptions;
  readonly #listener: StreamListener;
  readonly #began = performance.now();
  readonly #refusals: string[] = [];
  #left: readonly ServerAddress[] = [];
  #current: ServerStream | undefined;
  #isOpen = false;
  #isOver = false;
  #isReading = true;
  #early = '';

  constructor(request: StreamRequest, options: TcpUpstreamOptions, listener: StreamListener) {
    this.#request = request;
    this.#options = options;
    this.#listener = listener;
    this.#domain = asciiDomain(request.to);
    void this.#lookUp();
  }

  write(xml: string): boolean {
    if (this.#isOver) return true;
    if (this.#isOpen) return this.#current?.write(xml) ?? true;
    this.#early += xml;
    return this.#early.length < EARLY;
  }

  restart(): void {
    if (this.#isOpen) this.#current?.restart();
  }

  setReading(reading: boolean): void {
    this.#isReading = reading;
    if (this.#isOpen) this.#current?.setReading(reading);
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#current?.close();
    if (this.#isOpen) this.#options.observer.onClosed(this.#domain, 'session');
  }

  async #lookUp(): Promise<void> {
    const { domains, resolver } = this.#options;
    // Nothing is told before `open` has returned.
    await undefined;
    if (!domains.has(this.#domain)) return this.#end({ kind: 'host-unknown' });
    const fixed = domains.get(this.#domain);
    const servers = fixed ? [fixed] : await findServers(this.#domain, resolver);
    this.#left = servers.slice(0, MOST_ADDRESSES);
    this.#tryNext();
  }

  #tryNext(): void {
    if (this.#isOver) return;
    const [address, ...left] = this.#left;
    if (!address) {
      const detail = this.#refusals.join('; ') || 'the domain says that it has no server';
      this.#end({ kind: 'unreachable', detail });
      return;
    }
    this.#left = left;
    this.#current = new ServerStream(address, this.#domain, this.#request, this.#options, {
      onOpen: (header) => this.#open(header),
      onElement: (xml) => this.#listener.onElement(xml),
      onDrain: () => this.#listener.onDrain(),
      onEnd: (end) => {
        if (this.#isOpen || end.kind !== 'unreachable') this.#end(end);
        else this.#refused(address, end.detail);
      },
    });
  }

  #refused(address: ServerAddress, detail: string): void {
    this.#options.observer.onRefused(this.#domain, address, detail);
    this.#refusals.push(`${address.host}:${address.port}: ${detail}`);
    this.#tryNext();
  }

  #open(header: Readonly<Record<string, string>>): void {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#options.observer.onOpened(this.#domain, performance.now() - this.#began);
      if (!this.#isReading) this.#current?.setReading(false);
    }
    this.#listener.onOpen(header);
    const early = this.#early;
    this.#early = '';
    if (early === '' || this.#isOver) return;
    const hasRoom = this.#current?.write(early) ?? true;
    // Whoever was told to wait is told to go on, now or once this has gone.
    if (early.length >= EARLY && hasRoom) this.#listener.onDrain();
  }

  #end(end: StreamEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isOpen) this.#options.observer.onClosed(this.#domain, end.kind);
    this.#listener.onEnd(end);
  }
}
