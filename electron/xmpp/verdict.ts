/**
 * What was learned about an endpoint by trying. Several things that managers offer do not work over BOSH:
 * some crash the session, some are never answered. Each is tried where nothing is known against it; a failed
 * try is remembered, and repeated only once the endpoint looks different or time has passed.
 */
import { createHash } from 'node:crypto';
import type { Element } from '@xmpp/xml';
import type { GrantedAttributes } from '../../shared/health.ts';
import type { Problem } from '../../shared/problem.ts';

/** XEP-0388 with XEP-0386; XEP-0484; XEP-0198. */
export type TriedFeature = 'sasl2' | 'fast' | 'stream-management';

export interface Verdict {
  readonly works: boolean;
  /** Epoch ms. */
  readonly at: number;
  /** For the log and the connection report. */
  readonly reason: string;
  /** See {@link fingerprintOf}. */
  readonly fingerprint: string;
}

export type Verdicts = Readonly<Partial<Record<TriedFeature, Verdict>>>;

/** A failed try is not repeated for this long. */
const FAILED_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/** Whether to try (again). */
export function mayTry(verdict: Verdict | undefined, fingerprint: string, now: number): boolean {
  if (!verdict || verdict.works) return true;
  return verdict.fingerprint !== fingerprint || now - verdict.at > FAILED_FOR_MS;
}

/** What is different in each session. */
const FLEETING: ReadonlySet<string> = new Set<keyof GrantedAttributes>(['authid', 'stream']);

/** What an endpoint looks like before sign-in: an update of the manager or of the server changes it. */
export function fingerprintOf(granted: GrantedAttributes, features: Element): string {
  const grants = Object.entries(granted)
    .filter(([name]) => !FLEETING.has(name))
    .map(([name, value]) => `${name}=${value}`);
  const look = [...grants, ...namesIn(features)].sort().join('\n');
  return createHash('sha256').update(look).digest('hex').slice(0, 16);
}

function namesIn(element: Element): string[] {
  return element
    .getChildElements()
    .flatMap((child) => [
      `${child.getNS()} ${child.getName()} ${child.attrs.var ?? ''} ${child.text()}`,
      ...namesIn(child),
    ]);
}

/** Ends that have their own reason and say nothing of what was being tried. */
const OTHER_REASONS = new Set([
  'endpoint.policy-violation',
  'endpoint.see-other-uri',
  'endpoint.system-shutdown',
  'server.conflict',
  'server.system-shutdown',
]);
/** What a web server says of a manager that has crashed. */
const CRASHES = new Set([
  'network.server-error',
  'network.bad-gateway',
  'network.gateway-timeout',
  'network.empty-answer',
]);

/** Whether a session that ended so in the middle of a try ended because of it. */
export function isBlamed({ code, source }: Problem): boolean {
  if (OTHER_REASONS.has(code)) return false;
  return source === 'endpoint' || source === 'server' || CRASHES.has(code);
}
