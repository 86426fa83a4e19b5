/** What each step of the doctor measured: the steps write these, later steps and the verdict read them. */
import type { DoctorStepId } from '../../../shared/doctor.ts';
import type { GrantedAttributes } from '../../../shared/health.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { ProxyRoute, Route } from '../proxies/route.ts';
import type { CertificateReading } from './certificate.ts';

/** A step that found what it looked for has no problem. */
interface MayFail {
  readonly problem?: Problem;
}

export interface ReadingsById {
  'proxy-settings': MayFail & {
    /** The way that is used; straight where the settings cannot be read. */
    readonly route: Route;
  };
  'name-resolution': MayFail & {
    readonly host: string;
    /** Whose name it is: the server's, or the proxy's that will look the server up. */
    readonly of: 'server' | 'proxy';
    readonly addresses: readonly string[];
    /** Through a proxy: this computer cannot find the server's name, and need not. */
    readonly isServerUnknownHere?: boolean;
  };
  connection: MayFail & {
    readonly to: 'server' | 'proxy';
    readonly address: string;
    readonly tookMs?: number;
    /** How the proxy answered CONNECT; absent where none was asked. */
    readonly tunnel?: {
      readonly status: number;
      /** Of `Proxy-Authenticate`: the schemes, lower-case, and the first realm. */
      readonly schemes: readonly string[];
      readonly realm?: string;
    };
  };
  'proxy-sign-in': MayFail & {
    readonly schemes: readonly string[];
    readonly realm?: string;
  };
  encryption: MayFail & {
    readonly certificate?: CertificateReading;
    readonly protocol?: string;
    /** By the clock of whoever answered; asked for only where the certificate's dates are what is wrong. */
    readonly byServerClock?: {
      /** By how much this computer's clock is ahead of it, in ms. */
      readonly aheadMs: number;
      readonly isInDate: boolean;
    };
  };
  'published-address': MayFail & {
    /** BOSH URLs in the domain's order; empty where it names none or could not be asked. */
    readonly endpoints: readonly string[];
    /** What became of each document it could be in, where it names none. */
    readonly reasons?: readonly Problem[];
  };
  'bosh-session': MayFail & {
    /** The first that gave a session. */
    readonly endpoint?: string;
    /** Nobody published or entered it. */
    readonly isGuess?: boolean;
    readonly granted: GrantedAttributes;
    /** Those tried before it, each with what became of it. */
    readonly failed: readonly { readonly endpoint: string; readonly problem: Problem }[];
    readonly httpVersion?: string;
    /** What the answer says of those it came through (`Via`, `Server`). */
    readonly via?: string;
    readonly server?: string;
    /** By how much this computer's clock is ahead of the server's, in ms. */
    readonly clockAheadMs?: number;
    readonly tookMs?: number;
  };
  'ways-to-sign-in': MayFail & {
    readonly offered: readonly string[];
    /** The one Holdfast would use. */
    readonly chosen?: string;
  };
  'round-trip': MayFail & {
    readonly medianMs?: number;
    readonly worstMs?: number;
  };
  'two-at-once': MayFail & {
    /** Whether the first came back as soon as the second was there; absent where that could not be tried. */
    readonly works?: boolean;
  };
  'request-size': MayFail & {
    /** The largest that got through, in bytes. */
    readonly largest: number;
    /** The smallest that did not; absent where every size tried got through. `problem` says how it failed. */
    readonly refused?: number;
  };
  'held-request': MayFail & {
    /** For how long the server was to hold it, in s. */
    readonly wait: number;
    /** Held this long without harm, in ms. */
    readonly survivedMs: number;
    /** When it was cut, in ms; absent where it was not. `problem` says how. */
    readonly cutAfterMs?: number;
    /** By how much the answer came later than the server was to send it, in ms. */
    readonly lateMs?: number;
  };
}

/** What the steps so far have measured; one that was skipped left nothing. */
export type Readings = { readonly [Id in DoctorStepId]?: ReadingsById[Id] };

/** The proxy that requests go through; undefined where they go straight. */
export function proxyOf(readings: Readings): ProxyRoute | undefined {
  const route = readings['proxy-settings']?.route ?? 'direct';
  return route === 'direct' ? undefined : route;
}
