/**
 * What the doctor examines: the way an account's requests go out. The host and the command make one; the
 * steps reach the network through it and `open-path.ts`, and in no other way.
 */
import { lookup } from 'node:dns/promises';
import { PeerTrust } from '../certificates/peer-trust.ts';
import { RootStore } from '../certificates/root-store.ts';
import { usualTrust } from '../certificates/trust-settings.ts';
import type { HttpExchange } from '../http-exchange.ts';
import { nodeFailure } from '../node-failure.ts';
import type { ProxyKeys } from '../proxies/proxy-keys.ts';
import type { FoundRoutes } from '../proxies/route-finder.ts';

export interface NetworkPath {
  /** As the account uses it: what gets through here gets through for chat. Two lanes. */
  readonly http: HttpExchange;
  /** What the proxy settings say about an address. */
  routes(url: URL): Promise<FoundRoutes>;
  /** What proxies want to hear. */
  readonly keys: ProxyKeys;
  /** The addresses of a name, as this computer resolves it. @throws ProblemError `network.name-not-found` */
  lookup(host: string): Promise<readonly string[]>;
  /** Judges the certificates of servers, as the account does. */
  readonly trust: PeerTrust;
}

/** A path over this exchange; straight where nothing else is said. */
export function networkPath(
  parts: Pick<NetworkPath, 'http'> & Partial<Omit<NetworkPath, 'http'>>,
): NetworkPath {
  return {
    routes: async () => ({ routes: ['direct'] }),
    keys: { find: async () => undefined, ask: () => {} },
    lookup: resolveName,
    trust: new PeerTrust(usualTrust, new RootStore()),
    ...parts,
  };
}

/** Asks the system's resolver. @throws ProblemError */
async function resolveName(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw nodeFailure(error);
  }
}
