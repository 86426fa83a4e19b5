/** From measurements to the benchmark's figures and ratios; pure. */

/** What one kind of client was measured at. */
export interface Figures {
  /** One-way latency of spaced messages, in ms. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Messages per second in a burst: the median of the rounds. */
  readonly burst: number;
  /** Bytes per message that travels alone, as at the pace at which people write. */
  readonly senderSent: number;
  readonly senderReceived: number;
  readonly receiverSent: number;
  readonly receiverReceived: number;
  /** The sum of the four. */
  readonly bytes: number;
}

/** The value that this share (0 to 1) of the values does not exceed; nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The figures worth comparing; the four directions of the bytes only make sense summed. */
const COMPARED = ['p50', 'p95', 'p99', 'burst', 'bytes'] as const;
export type Ratios = Readonly<Record<(typeof COMPARED)[number], number>>;

/** How these figures stand to others: below 1 is faster or smaller, but for `burst` above 1 is faster. */
export function ratios(mine: Figures, theirs: Figures): Ratios {
  return Object.fromEntries(
    COMPARED.map((name) => [name, round(mine[name] / theirs[name])]),
  ) as Ratios;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
