/** The last exchanges and what they add up to, kept by the session machine for the health reading. */
import type { ExchangeReading, Health } from '../../../shared/health.ts';

const KEPT = 40;
const SAMPLES = 100;

export class ExchangeLog {
  readonly #exchanges: ExchangeReading[] = [];
  readonly #roundTrips: number[] = [];
  /** Worked out once for all who ask until the next sample: the machine asks with every event. */
  #roundTrip: Health['roundTrip'];
  retries = 0;
  bytesSent = 0;
  bytesReceived = 0;

  get exchanges(): readonly ExchangeReading[] {
    return this.#exchanges;
  }

  begin(
    exchange: Pick<ExchangeReading, 'rid' | 'lane' | 'attempt' | 'startedAt' | 'stanzasSent'>,
  ): void {
    if (exchange.attempt > 1) this.retries += 1;
    this.#exchanges.push({
      ...exchange,
      outcome: 'in-flight',
      stanzasReceived: 0,
      bytesSent: 0,
      bytesReceived: 0,
    });
    if (this.#exchanges.length > KEPT) this.#exchanges.shift();
  }

  end(
    rid: number,
    attempt: number,
    result: Partial<ExchangeReading> & Pick<ExchangeReading, 'outcome' | 'endedAt'>,
  ): void {
    this.bytesSent += result.bytesSent ?? 0;
    this.bytesReceived += result.bytesReceived ?? 0;
    const exchange = this.#exchanges.findLast(
      (kept) => kept.rid === rid && kept.attempt === attempt,
    );
    if (exchange) Object.assign(exchange, result);
  }

  addRoundTrip(ms: number): void {
    this.#roundTrips.push(ms);
    if (this.#roundTrips.length > SAMPLES) this.#roundTrips.shift();
    this.#roundTrip = undefined;
  }

  get roundTrip(): Health['roundTrip'] {
    this.#roundTrip ??= summed(this.#roundTrips);
    return this.#roundTrip;
  }
}

function summed(roundTrips: readonly number[]): Health['roundTrip'] {
  const sorted = roundTrips.toSorted((a, b) => a - b);
  const worst = sorted.at(-1);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (worst === undefined || median === undefined) return undefined;
  return { median, worst, samples: sorted.length };
}
