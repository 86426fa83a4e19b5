/**
 * Opens connections by way of proxies for one HTTP exchange of the Node adapter: finds the routes to an
 * address, tries them in order, and remembers which proxies do not answer.
 */
import type { Socket } from 'node:net';
import { type ProblemError, problemOf } from '../../../shared/problem.ts';
import { type ProxyAddress, type ProxySetting, proxyUrl } from '../../../shared/proxy.ts';
import type { PeerTrust } from '../certificates/peer-trust.ts';
import { openHttpTunnel } from './http-tunnel.ts';
import { ProxyAuthorization } from './proxy-authorization.ts';
import type { ProxyKeys } from './proxy-keys.ts';
import type { ProxyRoute, Route } from './route.ts';
import type { FoundRoutes, RouteFinder } from './route-finder.ts';
import { openSocksTunnel } from './socks-tunnel.ts';

export interface ProxyDialerOptions {
  readonly finder: RouteFinder;
  readonly keys: ProxyKeys;
  /** The person's choice as it is now. */
  readonly setting: () => ProxySetting;
  /** For proxies that speak TLS. */
  readonly trust?: Pick<PeerTrust, 'widest'>;
}

/** How a connection to an address is to be made. */
export type Dialed =
  /** `problem`: what to say where straight does not work either. */
  | { readonly through: 'nothing'; readonly problem?: ProblemError | undefined }
  /** Everything written goes to the server, through this proxy. */
  | { readonly through: ProxyAddress; readonly socket: Socket };

/** A proxy that could not be reached is tried after the others for this long, in ms. */
const avoidMs = 5 * 60_000;
const outOfReach: readonly string[] = [
  'network.proxy-unreachable',
  'network.proxy-tls',
  'network.proxy-answer',
];

export class ProxyDialer {
  readonly #options: ProxyDialerOptions;
  readonly #authorizations = new Map<string, ProxyAuthorization>();
  readonly #avoided = new Map<string, number>();

  constructor(options: ProxyDialerOptions) {
    this.#options = options;
  }

  /**
   * Undefined where it is known at once that no proxy is used; plain HTTP, which goes to this computer alone,
   * never uses one.
   * @param signal aborting closes what has been opened.
   */
  dial(url: URL, signal: AbortSignal): Promise<Dialed> | undefined {
    if (url.protocol !== 'https:') return undefined;
    const found = this.#options.finder.routesTo(url, this.#options.setting());
    if (!(found instanceof Promise) && found.routes[0] === 'direct') return undefined;
    return this.#tryAll(found, url, signal);
  }

  async #tryAll(
    finding: FoundRoutes | Promise<FoundRoutes>,
    url: URL,
    signal: AbortSignal,
  ): Promise<Dialed> {
    const { routes, problem } = await finding;
    let first: unknown;
    for (const route of this.#inOrder(routes)) {
      if (route === 'direct') return { through: 'nothing', problem };
      try {
        const { scheme, host, port } = route;
        return { through: { scheme, host, port }, socket: await this.#open(route, url, signal) };
      } catch (error) {
        first ??= error;
        if (!outOfReach.includes(problemOf(error).code)) throw error;
        this.#avoided.set(proxyUrl(route), performance.now() + avoidMs);
      }
    }
    throw first;
  }

  /** Those that could not be reached come last. */
  #inOrder(routes: readonly Route[]): Route[] {
    const isAvoided = (route: Route): boolean =>
      route !== 'direct' && (this.#avoided.get(proxyUrl(route)) ?? 0) > performance.now();
    return [...routes].sort((a, b) => Number(isAvoided(a)) - Number(isAvoided(b)));
  }

  #open(route: ProxyRoute, url: URL, signal: AbortSignal): Promise<Socket> {
    const { keys, trust } = this.#options;
    const secureContext = route.scheme === 'https' ? trust?.widest : undefined;
    const options = { signal, secureContext };
    const port = Number(url.port || 443);
    if (route.scheme === 'socks5') {
      const host = url.hostname.replace(/^\[|\]$/g, '');
      return openSocksTunnel(route, { host, port }, keys, options);
    }
    const key = proxyUrl(route);
    const authorization = this.#authorizations.get(key) ?? new ProxyAuthorization(route, keys);
    this.#authorizations.set(key, authorization);
    return openHttpTunnel(route, `${url.hostname}:${port}`, authorization, options);
  }
}
