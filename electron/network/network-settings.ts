/** How one account's HTTP leaves this computer: the host says it, the adapters go by it. */
import type { ProxySetting } from '../../shared/proxy.ts';
import type { TrustSettings } from './certificates/trust-settings.ts';
import type { HttpExchange } from './http-exchange.ts';
import type { ProxyKeys } from './proxies/proxy-keys.ts';
import type { FoundRoutes } from './proxies/route-finder.ts';

export interface NetworkSettings {
  /** As it is now: read for each connection, and again when an exchange is told to reopen. */
  readonly proxySetting: () => ProxySetting;
  readonly proxyKeys: ProxyKeys;
  readonly trust: TrustSettings;
}

/** Finds the routes an account's requests take, by its choice of proxy; a shell brings it, the doctor asks. */
export type FindRoutes = (
  account: { readonly id: string },
  url: URL,
  setting: ProxySetting,
) => FoundRoutes | Promise<FoundRoutes>;

/** Makes an exchange for an account; a shell brings it, the host closes what it makes. */
export type CreateHttp = (
  account: { readonly id: string; readonly jid: string },
  settings: NetworkSettings,
) => HttpExchange;
