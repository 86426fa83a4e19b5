/**
 * What the doctor examines: the way an account's requests go out. The shells and the host make one; the
 * steps reach the network through it and `open-path.ts`, and in no other way.
 */
import { lookup } from 'node:dns/promises';
import type { HttpExchange } from '../http-exchange.ts';
import { nodeFailure } from '../node-failure.ts';

/** Where requests to an address go first. */
export type Route =
  | { readonly kind: 'direct' }
  | {
      readonly kind: 'proxy';
      readonly scheme: 'http' | 'https' | 'socks4' | 'socks5';
      readonly host: string;
      readonly port: number;
    };

export interface NetworkPath {
  /** As the account uses it: what gets through here gets through for chat. Two lanes. */
  readonly http: HttpExchange;
  /** What the proxy settings say about an address. @throws ProblemError where they cannot be read. */
  route(url: string): Promise<Route>;
  /** The addresses of a name, as this computer resolves it. @throws ProblemError `network.name-not-found` */
  lookup(host: string): Promise<readonly string[]>;
  /** Certificates (PEM) trusted beside Node's own. */
  readonly ca: readonly string[];
}

/** The path of an exchange that uses no proxy. */
export function directPath(http: HttpExchange, ca: readonly string[] = []): NetworkPath {
  return { http, ca, route: async () => ({ kind: 'direct' }), lookup: resolveName };
}

/** Asks the system's resolver. @throws ProblemError */
export async function resolveName(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw nodeFailure(error);
  }
}
