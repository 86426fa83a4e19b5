/** What the relay is told: the outcome of its command line, and what `relay.ts` starts it with. */
import type { SessionTerms } from '../../bosh/manager/grant.ts';
import type { ManagerLimits } from '../../bosh/manager/limits.ts';
import type { ServedDomains } from './upstream/tcp-upstream.ts';

/** An address of the relay's own. */
export interface ListenAddress {
  readonly host: string;
  /** 0: one the system chooses. */
  readonly port: number;
}

/** What the relay is told. */
export interface RelaySettings {
  readonly domains: ServedDomains;
  readonly listen: ListenAddress;
  readonly path: string;
  /** Where clients find the relay, as host-meta names it. */
  readonly publicUrl?: string;
  /** PEM files; absent: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Addresses and subnets of reverse proxies that say truly who asks. */
  readonly trustedProxies: readonly string[];
  /** Whether a session may be had over plain HTTP from another computer. */
  readonly allowPlainHttp: boolean;
  /** Pages of these sites only may speak BOSH here; absent: of any. */
  readonly origins?: readonly string[];
  /** PEM file of authorities trusted to vouch for servers, besides the usual ones. */
  readonly ca?: string;
  readonly encryptLoopback: boolean;
  /** Name servers to be asked, instead of the system's. */
  readonly nameServers: readonly string[];
  /** Absent: no metrics and no health. */
  readonly monitor?: ListenAddress;
  readonly logLevel: LogLevel;
  readonly terms: Partial<SessionTerms>;
  readonly limits: Partial<ManagerLimits>;
  readonly servers: ServerTerms;
  /** How long sessions may take to end when the relay is told to stop, in s. */
  readonly drain: number;
}

/** What is expected of the servers behind the relay. */
export interface ServerTerms {
  /** How long reaching one may take, at each of its addresses, in s. */
  readonly connect: number;
  /** Silence after which a connection is probed, in s. */
  readonly probe: number;
  /** Silence after which whitespace is sent, in s. */
  readonly keepalive: number;
  /** UTF-16 units in one stanza. */
  readonly stanza: number;
}

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
