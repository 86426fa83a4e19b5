/**
 * Finds the routes to an address by the person's choice and, where that is the system's, by what this computer
 * says. The browser shell has one for all accounts; each connection that is opened asks it.
 */
import type { ProblemError } from '../../../shared/problem.ts';
import type { ProxySetting } from '../../../shared/proxy.ts';
import type { HttpExchange } from '../http-exchange.ts';
import { isLoopback } from '../loopback.ts';
import { networkIdentity } from '../network-identity.ts';
import { isBypassed } from './bypass.ts';
import { readDesktopProxy } from './desktop-proxy.ts';
import type { DesktopProxy } from './desktops/desktop-settings.ts';
import { environmentRoute } from './environment-proxy.ts';
import type { PacScript } from './pac-script.ts';
import type { Route } from './route.ts';

export interface FoundRoutes {
  /** To be tried in order; at least one. */
  readonly routes: readonly Route[];
  /** Why there may be better ones: the script that would have named them could not be used. */
  readonly problem?: ProblemError;
}

export interface RouteFinderOptions {
  /** Makes an exchange without a proxy, for scripts. */
  readonly createHttp: () => HttpExchange;
  /** For tests. */
  readonly readDesktop?: () => Promise<DesktopProxy>;
  /** Tells one network from another; what one said counts for no other. */
  readonly network?: () => string;
  /** In ms, from any zero. */
  readonly now?: () => number;
}

const straight: FoundRoutes = { routes: ['direct'] };
/** How long what was read is taken for true, in ms; a failure is tried again after the shorter time. */
const scriptMs = 30 * 60_000;
const settingsMs = 30_000;

export class RouteFinder {
  readonly #options: RouteFinderOptions;
  readonly #scripts = new Map<
    string,
    { readonly value: Promise<PacScript>; readonly until: number }
  >();
  #desktop: { readonly value: DesktopProxy; readonly until: number } | undefined;

  constructor(options: RouteFinderOptions) {
    this.#options = options;
  }

  /**
   * The routes; at once where nothing has to be read for them. This computer is never reached through a proxy
   * (as in browsers), and a script that cannot be used means straight.
   */
  routesTo(url: URL, setting: ProxySetting): FoundRoutes | Promise<FoundRoutes> {
    if (isLoopback(url.hostname)) return straight;
    switch (setting.mode) {
      case 'none':
        return straight;
      case 'manual':
        return { routes: [setting.proxy] };
      case 'pac':
        return this.#byScript(url, setting.url);
      case 'system': {
        const route = environmentRoute(url);
        return route === undefined ? this.#byDesktop(url) : { routes: [route] };
      }
    }
  }

  #byDesktop(url: URL): FoundRoutes | Promise<FoundRoutes> {
    const desktop = this.#readDesktop();
    return desktop instanceof Promise
      ? desktop.then((read) => this.#asDesktopSays(url, read))
      : this.#asDesktopSays(url, desktop);
  }

  #asDesktopSays(url: URL, desktop: DesktopProxy): FoundRoutes | Promise<FoundRoutes> {
    if (desktop === undefined) return straight;
    if ('pac' in desktop) return this.#byScript(url, desktop.pac);
    return isBypassed(url.hostname, desktop.bypass) ? straight : { routes: [desktop.proxy] };
  }

  /** Only the first connection waits for it; later ones go by what was read last while it is read anew. */
  #readDesktop(): DesktopProxy | Promise<DesktopProxy> {
    const last = this.#desktop;
    if (last !== undefined && this.#now() < last.until) return last.value;
    const reading = (this.#options.readDesktop ?? readDesktopProxy)().then((value) => {
      this.#desktop = { value, until: this.#now() + settingsMs };
      return value;
    });
    if (last === undefined) return reading;
    this.#desktop = { ...last, until: this.#now() + settingsMs };
    return last.value;
  }

  async #byScript(url: URL, address: string): Promise<FoundRoutes> {
    try {
      return { routes: await (await this.#script(address)).routesTo(url) };
    } catch (error) {
      return { ...straight, problem: error as ProblemError };
    }
  }

  #script(address: string): Promise<PacScript> {
    const name = `${(this.#options.network ?? networkIdentity)()} ${address}`;
    const known = this.#scripts.get(name);
    if (known !== undefined && known.until >= this.#now()) return known.value;
    const http = this.#options.createHttp();
    // The sandbox is large, and most people never need it.
    const value = import('./pac-script.ts')
      .then(({ loadPacScript }) => loadPacScript(address, http))
      .finally(() => http.close());
    this.#scripts.set(name, { value, until: this.#now() + scriptMs });
    value.catch(() => this.#scripts.set(name, { value, until: this.#now() + settingsMs }));
    return value;
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }
}
