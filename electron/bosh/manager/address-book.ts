/**
 * Who uses the manager, by address: how many sessions each has, how fast it asks for more, and how often it had to be
 * refused. Owned by the manager.
 */
import type { ManagerLimits } from './limits.ts';

/** How long is counted, and an address remembered that has no session, in ms. */
const WINDOW_MS = 60_000;

interface Entry {
  sessions: number;
  creations: number;
  refusals: number;
  /** When the counting of both began, in ms. */
  since: number;
}

type AddressLimits = Pick<
  ManagerLimits,
  'sessionsPerAddress' | 'creationsPerMinute' | 'refusalsPerMinute'
>;

export class AddressBook {
  readonly #entries = new Map<string, Entry>();
  readonly #limits: AddressLimits;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(limits: AddressLimits) {
    this.#limits = limits;
  }

  /** Counts a session for the address, unless it has as many, or asked for as many, as it may. */
  admit(address: string, now: number): boolean {
    const entry = this.#entry(address, now);
    entry.creations += 1;
    const { sessionsPerAddress, creationsPerMinute } = this.#limits;
    if (entry.sessions >= sessionsPerAddress || entry.creations > creationsPerMinute) return false;
    entry.sessions += 1;
    return true;
  }

  /** A session of the address is over. */
  release(address: string): void {
    const entry = this.#entries.get(networkOf(address));
    if (entry) entry.sessions -= 1;
  }

  /** A request of the address was refused. */
  refused(address: string, now: number): void {
    this.#entry(address, now).refusals += 1;
  }

  /** Whether the address was refused so often that it is not listened to for the rest of the minute. */
  isRefused(address: string, now: number): boolean {
    const entry = this.#entries.get(networkOf(address));
    if (!entry || now - entry.since >= WINDOW_MS) return false;
    return entry.refusals > this.#limits.refusalsPerMinute;
  }

  #entry(address: string, now: number): Entry {
    this.#sweep(now);
    const key = networkOf(address);
    const entry = this.#entries.get(key) ?? { sessions: 0, creations: 0, refusals: 0, since: now };
    this.#entries.set(key, entry);
    if (now - entry.since >= WINDOW_MS) {
      entry.since = now;
      entry.creations = 0;
      entry.refusals = 0;
    }
    return entry;
  }

  /** Forgets, now and then, addresses that have no session. */
  #sweep(now: number): void {
    if (now - this.#sweptAt < WINDOW_MS) return;
    this.#sweptAt = now;
    for (const [address, { sessions, since }] of this.#entries) {
      if (sessions === 0 && now - since >= WINDOW_MS) this.#entries.delete(address);
    }
  }
}

/** What one customer of a network is given: an IPv4 address, or the /64 of an IPv6 address (RFC 6177). */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const all = [...groups, ...new Array<string>(zeros).fill('0'), ...rest];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/u, ''))
    .join(':')}::/64`;
}
