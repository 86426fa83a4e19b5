/**
 * Watches the exchanges of a session for what the network does to them again and again: cuts those that are
 * held, refuses a second one meanwhile, refuses large ones. Pure; the session driver tells it what happens.
 */
import type { PathLimits } from '../../../shared/path-limits.ts';

interface ExchangeKey {
  readonly rid: number;
  readonly attempt: number;
}

interface UnderWay extends ExchangeKey {
  readonly bytes: number;
  readonly since: number;
  /** When the first later one was posted: the manager answers this one then. */
  laterAt?: number;
}

/** One that fails sooner than this was not held, in ms. */
const HELD_MS = 1_500;
/** What a gateway answers when it is tired of waiting: one such answer is enough. */
const TIRED = new Set(['network.gateway-timeout', 'network.request-timeout']);
/** Other ways in which a gateway ends what it holds, and in which connections end by chance. */
const CUT = new Set(['network.reset', 'network.bad-gateway', 'network.unavailable']);
/** So many cuts in a row after the same time are no chance. */
const CUTS = 3;
/** Two times are the same where they differ by no more than this share, and these ms. */
const SAME_SHARE = 0.03;
const SAME_MS = 150;
/** How much earlier than a cut a request has to come back, as a share. */
const MARGIN = 0.2;
/** Refused this often in a row, against all that is known: while another is held, or as too large. */
const REFUSALS = 4;
const REFUSED = new Set([
  'network.unavailable',
  'network.too-many-requests',
  'network.bad-gateway',
  'network.forbidden',
  'network.request-timeout',
]);
/** A held request is answered within this time after a later one, and a repeated one after its repeat, in ms. */
const PROMPT_MS = 2_000;
/** One that was not, this long after a later one, may have had its answer kept back, in ms. */
const OVERDUE_MS = 4_000;
/** So many answers in a row that came only to the repeat are no chance. */
const KEPT_BACK = 3;
/** Smaller requests are not refused for their size, in bytes. */
const LARGE_BYTES = 1_024;

export class PathObserver {
  readonly #onLearned: (limits: PathLimits) => void;
  #limits: PathLimits;
  readonly #underWay = new Map<string, UnderWay>();
  /** The last cuts in a row that came after the same time, in ms. */
  #cuts: number[] = [];
  /** The longest that was held and answered, in ms. */
  #longestAnswered = 0;
  /** The largest that got through, in bytes. */
  #largestAnswered = 0;
  /** How often in a row this rid was refused while another was held. */
  #refused = { rid: 0, times: 0 };
  /** How often in a row this rid was refused as too large though larger ones got through. */
  #tooLarge = { rid: 0, times: 0 };
  /** Requests called off since their answers were overdue. */
  readonly #overdue = new Set<number>();
  /** How many of those in a row were answered as soon as they were repeated. */
  #keptBack = 0;
  /** The rid that was forbidden last. */
  #forbidden: number | undefined;

  /** @param onLearned is called with all that is known whenever it changes. */
  constructor(known: PathLimits, onLearned: (limits: PathLimits) => void) {
    this.#limits = known;
    this.#onLearned = onLearned;
  }

  /** Begins to watch anew, with this as all that is known. */
  keepTo(limits: PathLimits): void {
    this.#limits = limits;
    this.#cuts = [];
    this.#longestAnswered = 0;
    this.#largestAnswered = 0;
    this.#keptBack = 0;
  }

  posted(key: ExchangeKey, bytes: number, now: number): void {
    for (const other of this.#underWay.values()) {
      if (other.rid < key.rid) other.laterAt ??= now;
    }
    this.#underWay.set(name(key), { ...key, bytes, since: now });
  }

  /** The connection manager answered. */
  answered(key: ExchangeKey, now: number): void {
    const exchange = this.#over(key);
    if (!exchange) return;
    this.#considerSizeAnswered(exchange);
    const ms = now - exchange.since;
    this.#considerKeptBack(exchange, ms, now);
    this.#longestAnswered = Math.max(this.#longestAnswered, ms);
    if (this.#cuts.some((cut) => ms > cut && !isSame(ms, cut))) this.#cuts = [];
    if (this.#refused.rid === key.rid) this.#refused = { rid: 0, times: 0 };
  }

  /** The network ended it, by an answer of its own or by none. `code` as in network problems. */
  failed(key: ExchangeKey, code: string, now: number): void {
    const exchange = this.#over(key);
    if (!exchange) return;
    this.#overdue.delete(key.rid);
    this.#considerCut(now - exchange.since, code);
    this.#considerRefusal(exchange, code);
    this.#considerSize(exchange, code);
  }

  /** We called it off, which tells nothing before it is repeated. */
  aborted(key: ExchangeKey, now: number): void {
    const exchange = this.#over(key);
    if (!exchange) return;
    if (now - (exchange.laterAt ?? now) >= OVERDUE_MS) this.#overdue.add(key.rid);
  }

  /** The manager answers a held request when a later one comes; a repeat gets what it answered before. */
  #considerKeptBack(exchange: UnderWay, ms: number, now: number): void {
    const { laterAt = Number.NEGATIVE_INFINITY } = exchange;
    const isOverdue = this.#overdue.delete(exchange.rid);
    if (isOverdue && ms < PROMPT_MS) this.#keptBack += 1;
    else if (ms >= HELD_MS && now - laterAt < PROMPT_MS) this.#keptBack = 0;
    if (this.#keptBack >= KEPT_BACK && !this.#limits.answersKeptBack) {
      this.#learn({ answersKeptBack: true });
    }
  }

  #considerCut(ms: number, code: string): void {
    if (ms < HELD_MS) return;
    if (TIRED.has(code)) this.#learnWait(ms * (1 - MARGIN));
    else if (code === 'network.timeout') {
      // When exactly it was lost shows nowhere; what came back after a shorter time is known to be safe.
      const safe = this.#longestAnswered < ms ? this.#longestAnswered : 0;
      this.#learnWait(Math.max(safe, ms / 2));
    } else if (CUT.has(code)) {
      if (!this.#cuts.every((cut) => isSame(cut, ms))) this.#cuts = [];
      this.#cuts.push(ms);
      if (this.#cuts.length >= CUTS) this.#learnWait(Math.min(...this.#cuts) * (1 - MARGIN));
    }
  }

  #learnWait(ms: number): void {
    const wait = Math.max(1, Math.floor(ms / 1_000 + 0.1));
    if (wait < (this.#limits.wait ?? Number.POSITIVE_INFINITY)) this.#learn({ wait });
  }

  #considerRefusal({ rid, since }: UnderWay, code: string): void {
    const isOtherHeld = [...this.#underWay.values()].some(
      (other) => other.rid !== rid && other.since <= since,
    );
    if (!REFUSED.has(code) || !isOtherHeld) {
      this.#refused = { rid: 0, times: 0 };
      return;
    }
    const times = this.#refused.rid === rid ? this.#refused.times + 1 : 1;
    this.#refused = { rid, times };
    if (times >= REFUSALS && !this.#limits.oneConnection) this.#learn({ oneConnection: true });
  }

  #considerSizeAnswered({ rid, bytes }: UnderWay): void {
    if (this.#tooLarge.rid === rid) this.#tooLarge = { rid: 0, times: 0 };
    this.#largestAnswered = Math.max(this.#largestAnswered, bytes);
    const { largestRequest = bytes, refusedRequest, ...others } = this.#limits;
    if (refusedRequest !== undefined && bytes >= refusedRequest) this.#tell(others);
    else if (bytes > largestRequest) this.#learn({ largestRequest: bytes });
  }

  #considerSize(exchange: UnderWay, code: string): void {
    const { bytes } = exchange;
    if (!this.#isRefusedForSize(exchange, code)) return;
    if (bytes >= (this.#limits.refusedRequest ?? Number.POSITIVE_INFINITY)) return;
    const passed = this.#largestAnswered < bytes ? this.#largestAnswered : 0;
    const { largestRequest = bytes } = this.#limits;
    const fits = Math.max(passed, Math.floor(bytes / 2));
    this.#learn({ largestRequest: Math.min(largestRequest, fits), refusedRequest: bytes });
  }

  /** What says so of a request no larger than others that got through is an accident, unless it goes on. */
  #isRefusedForSize({ rid, bytes }: UnderWay, code: string): boolean {
    const isSaid = code === 'network.request-too-large';
    const isAgain = code === 'network.forbidden' && this.#forbidden === rid;
    this.#forbidden = code === 'network.forbidden' ? rid : undefined;
    if (bytes <= LARGE_BYTES) return false;
    if (bytes > this.#largestAnswered) return isSaid || isAgain;
    if (!isSaid) return false;
    const times = this.#tooLarge.rid === rid ? this.#tooLarge.times + 1 : 1;
    this.#tooLarge = { rid, times };
    return times >= REFUSALS;
  }

  #learn(learned: PathLimits): void {
    this.#tell({ ...this.#limits, ...learned });
  }

  #tell(limits: PathLimits): void {
    this.#limits = limits;
    this.#onLearned(limits);
  }

  #over(key: ExchangeKey): UnderWay | undefined {
    const exchange = this.#underWay.get(name(key));
    this.#underWay.delete(name(key));
    return exchange;
  }
}

function name({ rid, attempt }: ExchangeKey): string {
  return `${rid}/${attempt}`;
}

function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(SAME_MS, SAME_SHARE * Math.max(one, other));
}
