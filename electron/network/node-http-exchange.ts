/**
 * The HTTP port on Node: one lane per origin and number, so a BOSH session has at most two keep-alive
 * connections (XEP-0124 §4). The browser shell, the benchmarks and the tests use it.
 */
import { PeerTrust } from './certificates/peer-trust.ts';
import { RootStore } from './certificates/root-store.ts';
import { type TrustSettings, usualTrust } from './certificates/trust-settings.ts';
import type { HttpExchange, HttpRequest, HttpResponse } from './http-exchange.ts';
import { networkProblem } from './network-problem.ts';
import type { ConnectionSettings } from './node-connection.ts';
import { nodeFailure } from './node-failure.ts';
import { NodeLane } from './node-lane.ts';
import { ProxyDialer, type ProxyDialerOptions } from './proxies/proxy-dialer.ts';

export interface NodeHttpExchangeOptions {
  /** Certificates (PEM) trusted beside the usual; for tests and tools. */
  readonly ca?: string | readonly string[];
  /** What is trusted beside the usual. */
  readonly trust?: TrustSettings;
  /** Shared by exchanges, so that what it reads is read once. */
  readonly roots?: RootStore;
  /** How many lanes a request may name; 2 where absent. */
  readonly lanes?: number;
  /** How proxies are found and answered; absent: none is used. */
  readonly proxies?: Omit<ProxyDialerOptions, 'trust'>;
}

/**
 * An {@link HttpExchange} on Node. No redirect is followed and nothing is repeated: a kept connection
 * that turns out to be closed fails the request with `network.reset`, and the caller repeats it.
 */
export function createNodeHttpExchange(options: NodeHttpExchangeOptions = {}): HttpExchange {
  const { ca, proxies, roots = new RootStore() } = options;
  const given = ca === undefined ? undefined : [ca].flat();
  const trust = new PeerTrust(
    given ? { ...usualTrust, authorities: () => given } : (options.trust ?? usualTrust),
    roots,
  );
  const settings: ConnectionSettings = {
    trust,
    tlsSessions: new Map(),
    dialer: proxies && new ProxyDialer({ ...proxies, trust }),
  };
  return new NodeHttpExchange(settings, options.lanes ?? 2);
}

class NodeHttpExchange implements HttpExchange {
  readonly #settings: ConnectionSettings;
  readonly #laneCount: number;
  readonly #lanes = new Map<string, NodeLane>();
  readonly #closed = new AbortController();
  #last: { readonly text: string; readonly url: URL } | undefined;

  constructor(settings: ConnectionSettings, laneCount: number) {
    this.#settings = settings;
    this.#laneCount = laneCount;
  }

  send(request: HttpRequest): Promise<HttpResponse> {
    if (this.#closed.signal.aborted || request.signal?.aborted) {
      return Promise.reject(networkProblem('network.aborted'));
    }
    try {
      const url = this.#parsed(request.url);
      return this.#lane(url, request.lane).send(url, request);
    } catch (error) {
      return Promise.reject(error instanceof RangeError ? error : nodeFailure(error));
    }
  }

  warm(url: string, lane: number): void {
    if (!this.#closed.signal.aborted) this.#lane(new URL(url), lane).warm();
  }

  async reopen(): Promise<void> {
    this.#settings.tlsSessions.clear();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.reopen()));
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    await Promise.all(lanes.map((lane) => lane.close()));
  }

  /** A session asks for one address all its life. */
  #parsed(url: string): URL {
    if (this.#last?.text !== url) this.#last = { text: url, url: new URL(url) };
    return this.#last.url;
  }

  #lane(url: URL, number: number): NodeLane {
    if (!Number.isInteger(number) || number < 0 || number >= this.#laneCount) {
      throw new RangeError(`no lane ${number} among ${this.#laneCount}`);
    }
    const key = `${number} ${url.origin}`;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = new NodeLane(new URL(url.origin), this.#settings);
      this.#lanes.set(key, lane);
    }
    return lane;
  }
}
