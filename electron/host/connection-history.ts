/**
 * Records what happens to one account's connection: tells the page each event and keeps it for a day. A beat says
 * that Holdfast is running, so that the time it was not (killed, or the computer asleep) can be told later.
 */
import type { ConnectionEvent, ConnectionState, EventOf } from '../../shared/connection-history.ts';
import { HISTORY_MS } from '../../shared/connection-history.ts';
import type { Connection } from '../../shared/contract/records.ts';
import { newId } from '../../shared/ids.ts';
import type { PathLimits } from '../../shared/path-limits.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import type { ConnectionEventsRepository } from '../store/store.ts';
import type { Publish } from './host-state.ts';
import type { Rung } from './ladder.ts';
import type { Log } from './log.ts';

const BEAT_MS = 30_000;
/** A beat this late, in ms, means that the process stood still. */
const ASLEEP_MS = 3 * BEAT_MS;
/** The same problem within this long, in ms, with nothing else in between, is one that lasts. */
const SAME_MS = 10 * 60_000;
/** Told twice within this long, in ms, by the session and by its end, it happened once. */
const ECHO_MS = 1000;

export interface ConnectionHistoryOptions {
  readonly accountId: string;
  readonly kept: ConnectionEventsRepository;
  readonly publish: Publish;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The state after this. @param before absent: nothing was recorded yet. */
export function stateAfter(
  before: ConnectionState | undefined,
  { phase }: Pick<Connection, 'phase'>,
  { enabled, hasSession }: { readonly enabled: boolean; readonly hasSession: boolean },
): ConnectionState {
  if (!enabled) return 'signed-out';
  if (phase === 'online' || phase === 'catching-up') return 'up';
  if (phase === 'failed') return 'down';
  if (phase === 'reconnecting' && !hasSession) return 'down';
  // The tries to get out of it do not end it.
  return before === 'down' ? 'down' : 'recovering';
}

export class ConnectionHistory {
  readonly #options: ConnectionHistoryOptions;
  #state: EventOf<'state'> | undefined;
  #problem: EventOf<'problem'> | undefined;
  /** Of the problem that was told last. */
  #problemAt: number | undefined;
  #beat: NodeJS.Timeout | undefined;
  /** When this process was last known to run. */
  #seenAt = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(options: ConnectionHistoryOptions) {
    this.#options = options;
  }

  /** Holdfast has started. */
  begin(enabled: boolean): void {
    this.#seenAt = this.#options.now();
    this.#enter(enabled ? 'recovering' : 'signed-out');
    this.#beat = setInterval(() => this.#goOn(), BEAT_MS);
    this.#beat.unref();
  }

  /** The connection stands like this now. */
  connection(
    connection: Connection,
    account: { readonly enabled: boolean; readonly hasSession: boolean },
  ): void {
    const state = stateAfter(this.#state?.state, connection, account);
    const { problem } = connection;
    if (state !== this.#state?.state) this.#enter(state, problem);
    else if (problem && problem.code !== this.#state.problem?.code) {
      // What is in the way says more than the cut it began with.
      this.#record({ ...this.#state, problem });
    }
  }

  rung(name: Rung, reason: string): void {
    this.#record({ ...this.#next(), kind: 'rung', name, reason });
  }

  /** @param limits empty: they were forgotten by hand. */
  limits(limits: PathLimits): void {
    this.#record({ ...this.#next(), kind: 'limits', limits });
  }

  /** @param problem told again with the same `at`, it is the same. */
  problem({ at, ...problem }: Problem & { readonly at: number }): void {
    if (at === this.#problemAt) return;
    this.#problemAt = at;
    const last = this.#problem;
    const isSame = last?.problem.code === problem.code;
    if (isSame && at - last.until < ECHO_MS) return;
    if (isSame && at - last.until < SAME_MS) {
      this.#problem = { ...last, until: at, times: last.times + 1 };
    } else {
      this.#problem = { id: newId(), kind: 'problem', at, until: at, times: 1, problem };
    }
    this.#record(this.#problem);
  }

  /** The last day, oldest first. */
  async list(): Promise<ConnectionEvent[]> {
    const { kept, accountId, now } = this.#options;
    const since = now() - HISTORY_MS;
    const events = await kept.list(accountId);
    const last = events.findLast((event) => event.kind === 'state');
    return events.filter(
      (event) => event === last || ('until' in event ? event.until : event.at) >= since,
    );
  }

  /** Nothing more is recorded: Holdfast goes, or the account does. */
  async close(): Promise<void> {
    clearInterval(this.#beat);
    this.#goOn();
    this.#state = undefined;
    await this.#written;
  }

  #enter(state: ConnectionState, problem?: Problem): void {
    this.#goOn();
    const next = this.#next();
    if (state === 'up') this.#problem = undefined;
    this.#record({ ...next, until: next.at, kind: 'state', state, ...(problem && { problem }) });
  }

  /** The state has lasted until now; or until the process stood still, and again since. */
  #goOn(): void {
    const before = this.#state;
    if (!before) return;
    const now = this.#options.now();
    const wasAsleep = now - this.#seenAt > ASLEEP_MS;
    this.#record({ ...before, until: wasAsleep ? this.#seenAt : now });
    if (wasAsleep) this.#record({ ...before, id: newId(), at: now, until: now });
    this.#seenAt = now;
  }

  #next(): { id: string; at: number } {
    return { id: newId(), at: this.#options.now() };
  }

  #record(event: ConnectionEvent): void {
    const { publish, kept, accountId, log } = this.#options;
    if (event.kind === 'state') this.#state = event;
    publish({ type: 'connection-event', accountId, event });
    // A history that cannot be kept is no reason to stop.
    this.#written = kept
      .put(accountId, event)
      .catch((thrown: unknown) => log(`history: ${problemOf(thrown).code}`));
  }
}
