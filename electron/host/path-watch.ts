/**
 * Keeps one session to what its network is known to do, and finds that out anew once it has been kept to for long
 * enough, or when the computer is in another network. The account's runtime has one for each stream.
 */
import { isDeepStrictEqual } from 'node:util';
import { hasToPoll, type KnownLimits, type PathLimits } from '../../shared/path-limits.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import type { AccountStream } from '../xmpp/account-stream.ts';
import type { Log } from './log.ts';
import type { PathMemory } from './path-memory.ts';

export interface PathWatchOptions {
  readonly endpoint: string;
  readonly paths: Pick<PathMemory, 'recall'>;
  /** Remembers what was learned. @returns when it is to be found out anew, in epoch ms */
  readonly learn: (limits: PathLimits) => Promise<number | undefined>;
  readonly stream: Pick<AccountStream, 'keepTo'>;
  /** What the session began with. */
  readonly limits: PathLimits;
  /** It is a session that polls over one connection. */
  readonly polling: boolean;
  readonly log: Log;
  readonly now: () => number;
}

export class PathWatch {
  /** Resolves where a session with two connections is worth a try in place of this one. */
  readonly healed: Promise<'healed'>;
  readonly #options: PathWatchOptions;
  #limits: PathLimits;
  #heal: (how: 'healed') => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: PathWatchOptions) {
    this.#options = options;
    this.#limits = options.limits;
    this.healed = new Promise((resolve) => {
      this.#heal = resolve;
    });
  }

  /** The session has seen more of what its network does. */
  async learned(limits: PathLimits): Promise<void> {
    this.#limits = limits;
    this.#lookAgainAt(await this.#options.learn(limits));
  }

  /** Goes by what is known now: some may be forgotten, and another network has limits of its own. */
  async look(): Promise<void> {
    const { endpoint, paths, log } = this.#options;
    try {
      this.#goBy(await paths.recall(endpoint));
    } catch (thrown) {
      log(`what the network does is not known: ${problemOf(thrown).code}`);
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #goBy({ limits, until }: KnownLimits): void {
    const { stream, polling, log } = this.#options;
    if (this.#isClosed) return;
    if (polling && !hasToPoll(limits)) {
      this.#heal('healed');
      return;
    }
    if (!isDeepStrictEqual(limits, this.#limits)) {
      log(`the network here may do no more than ${JSON.stringify(limits)}`);
      this.#limits = limits;
      stream.keepTo(limits);
    }
    this.#lookAgainAt(until);
  }

  #lookAgainAt(at: number | undefined): void {
    clearTimeout(this.#timer);
    if (at === undefined || this.#isClosed) return;
    const ms = Math.max(0, at - this.#options.now());
    this.#timer = setTimeout(() => void this.look(), ms);
    this.#timer.unref();
  }
}

/** Why such a session ends. */
export const HEALED: Problem = {
  code: 'network.may-have-healed',
  source: 'network',
  message: 'This network may let more than one connection through again.',
  advice: 'Holdfast tries that by itself.',
  retry: 'now',
};
