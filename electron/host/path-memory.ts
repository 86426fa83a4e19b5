/**
 * What the networks this computer is in do to sessions, for each network and endpoint. Kept to for a while and
 * then forgotten, since networks heal; what shows again and again is kept to for longer.
 */
import type { KnownLimits, PathLimits } from '../../shared/path-limits.ts';
import type { PathsRepository } from '../store/store.ts';

/** How long limits are kept to at first, and at most, in ms; it doubles each time they are learned again. */
const FIRST_MS = 30 * 60_000;
const MOST_MS = 8 * 60 * 60_000;
/** Limits that did not show for this long were another network's, or are no more, in ms. */
const FORGOTTEN_MS = 7 * 24 * 60 * 60_000;

export interface PathMemoryOptions {
  readonly paths: PathsRepository;
  /** See `network-identity.ts`. */
  readonly network: () => string;
  readonly now: () => number;
}

export class PathMemory {
  readonly #options: PathMemoryOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PathMemoryOptions) {
    this.#options = options;
  }

  /** Knows all that was learned before this call. */
  recall(endpoint: string): Promise<KnownLimits> {
    const { paths, network, now } = this.#options;
    return this.#inTurn(async () => {
      const stored = await paths.get(network(), endpoint);
      if (!stored) return { limits: {} };
      const until = stored.at + keptFor(stored.times);
      return until > now() ? { limits: stored.limits, at: stored.at, until } : { limits: {} };
    });
  }

  /** Replaces what was known. @returns when it is to be found out anew, in epoch ms. */
  learn(endpoint: string, limits: PathLimits): Promise<number> {
    const { paths, network, now } = this.#options;
    const [here, at] = [network(), now()];
    return this.#inTurn(async () => {
      const before = await paths.get(here, endpoint);
      const times = before ? timesAfter(before, at) : 1;
      await paths.put(here, endpoint, { limits, at, times });
      return at + keptFor(times);
    });
  }

  /** Nothing is known of the way to this endpoint from here any more, nor that it ever was. */
  forget(endpoint: string): Promise<void> {
    const { paths, network } = this.#options;
    const here = network();
    return this.#inTurn(() => paths.remove(here, endpoint));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

function keptFor(times: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** (times - 1));
}

/** Learned anew while it was still kept to, it is more of the same; after that, it showed once more. */
function timesAfter({ at, times }: { at: number; times: number }, now: number): number {
  const sinceForgotten = now - (at + keptFor(times));
  if (sinceForgotten < 0) return times;
  return sinceForgotten > FORGOTTEN_MS ? 1 : times + 1;
}
