/**
 * Notices by itself what shells are not told everywhere: that the computer has slept, and that it is in another
 * network now. Looks every few seconds; a system that sleeps stops the looking, and the clock shows for how long.
 */

export interface WeatherWatchOptions {
  /** See `network-identity.ts`. */
  readonly network: () => string;
  /** The clock on the wall, epoch ms: it goes on while the computer sleeps. */
  readonly now: () => number;
  /** The computer woke up, or its clock was set. */
  readonly onWake: () => void;
  readonly onOtherNetwork: () => void;
}

const LOOK_EVERY_MS = 5_000;
/** A look that is later than this had no chance to be in time, in ms. */
const LATE_MS = 10_000;

/** Looks until it is told to stop. @returns how. */
export function watchWeather(options: WeatherWatchOptions): () => void {
  const { now, onWake, onOtherNetwork } = options;
  let lookedAt = now();
  let network = options.network();
  const look = () => {
    const since = now() - lookedAt;
    lookedAt = now();
    const before = network;
    network = options.network();
    if (network !== before) onOtherNetwork();
    else if (since > LOOK_EVERY_MS + LATE_MS) onWake();
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
