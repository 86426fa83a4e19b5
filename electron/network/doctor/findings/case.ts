/** What the findings are made from: the readings, and what the parties are called. */
import type { DoctorFinding } from '../../../../shared/doctor.ts';
import { proxyHostPort } from '../../../../shared/proxy.ts';
import { formatCount, formatDuration } from '../../../../shared/units.ts';
import type { Readings } from '../readings.ts';
import { proxyOf } from '../readings.ts';

export interface Case {
  readonly domain: string;
  /** What was examined: the BOSH address, or where the domain publishes it. */
  readonly target: URL;
  readonly readings: Readings;
}

/** The proxy as `host:port`, where there is one. */
export function proxyName({ readings }: Case): string | undefined {
  const proxy = proxyOf(readings);
  return proxy && proxyHostPort(proxy);
}

/** Host and port of what was examined, without a port that goes without saying. */
export function serverName({ target }: Case): string {
  return target.host;
}

/** Who can stand between here and the server. */
export function betweenHereAndThere(of: Case): string {
  const proxy = proxyName(of);
  return proxy === undefined
    ? 'A gateway of this network, or the web server in front of the chat server.'
    : `The proxy ${proxy} of this network, or a gateway behind it.`;
}

/** A clock that is off by more than this makes certificates look wrong, in ms. */
const clockOffMs = 5 * 60_000;

/** Whether a clock is right enough. @param aheadMs as the readings have it */
export function isClockRight(aheadMs: number): boolean {
  return Math.abs(aheadMs) < clockOffMs;
}

/** `3 days ahead of`, `20 min behind`. */
export function clockIsOff(aheadMs: number): string {
  const days = Math.round(Math.abs(aheadMs) / (24 * 60 * 60_000));
  const by = days < 2 ? formatDuration(Math.abs(aheadMs)) : `${formatCount(days)} days`;
  return `${by} ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
}

export type Words = Pick<DoctorFinding, 'what' | 'whose' | 'todo'>;
