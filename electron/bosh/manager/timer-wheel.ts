/**
 * One timer for many deadlines: each entry has one, most of them are put off again and again, and few ever come.
 * The connection manager keeps its sessions in one. An entry carries its own links, so a deadline costs nothing.
 */

/** How exact the wheel is, in ms: no entry is called early, and none later than this after its time. */
const TICK_MS = 100;
/** Entries due after more ticks than this go round more than once. */
const SLOTS = 1_024;

/** What a wheel keeps of an entry; the wheel alone writes it. */
export interface WheelEntry {
  dueAt: number;
  /** The tick it is kept under, which may be before it is due; 0: in no wheel. */
  tick: number;
  next: WheelEntry | undefined;
  previous: WheelEntry | undefined;
}

export class TimerWheel<Entry extends WheelEntry> {
  readonly #slots: (WheelEntry | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #now: () => number;
  readonly #fire: (entry: Entry) => void;
  #timer: NodeJS.Timeout | undefined;
  /** The tick the timer is set for. */
  #armedFor = Number.POSITIVE_INFINITY;
  #lastTick: number;

  /** @param now ms of a clock that never goes back. @param fire is called once for each time that comes. */
  constructor(now: () => number, fire: (entry: Entry) => void) {
    this.#now = now;
    this.#fire = fire;
    this.#lastTick = Math.floor(now() / TICK_MS);
  }

  /** Calls `fire` for the entry at this time, in ms, instead of any before it. */
  set(entry: Entry, at: number): void {
    entry.dueAt = at;
    const tick = Math.max(Math.ceil(at / TICK_MS), this.#lastTick + 1);
    // What is put off is found again when its old time comes.
    if (entry.tick !== 0 && entry.tick <= tick) return;
    this.#unlink(entry);
    this.#link(entry, tick);
    if (tick < this.#armedFor) this.#arm(tick);
  }

  remove(entry: Entry): void {
    this.#unlink(entry);
  }

  /** Calls nothing any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#slots.fill(undefined);
    this.#armedFor = Number.NEGATIVE_INFINITY;
  }

  #link(entry: WheelEntry, tick: number): void {
    const slot = tick % SLOTS;
    const head = this.#slots[slot];
    entry.tick = tick;
    entry.next = head;
    entry.previous = undefined;
    if (head) head.previous = entry;
    this.#slots[slot] = entry;
  }

  #unlink(entry: WheelEntry): void {
    if (entry.tick === 0) return;
    if (entry.previous) entry.previous.next = entry.next;
    else this.#slots[entry.tick % SLOTS] = entry.next;
    if (entry.next) entry.next.previous = entry.previous;
    entry.next = undefined;
    entry.previous = undefined;
    entry.tick = 0;
  }

  #arm(tick: number): void {
    clearTimeout(this.#timer);
    this.#armedFor = tick;
    const ms = Math.max(0, Math.ceil(tick * TICK_MS - this.#now()));
    this.#timer = setTimeout(() => this.#turn(), ms).unref();
  }

  #turn(): void {
    const now = this.#now();
    const last = Math.floor(now / TICK_MS);
    const first = Math.max(this.#lastTick + 1, last - SLOTS + 1);
    this.#lastTick = last;
    this.#armedFor = Number.POSITIVE_INFINITY;
    for (let tick = first; tick <= last; tick += 1) this.#empty(tick % SLOTS, now);
    if (this.#armedFor === Number.NEGATIVE_INFINITY) return;
    for (let tick = last + 1; tick <= last + SLOTS; tick += 1) {
      if (this.#slots[tick % SLOTS] === undefined) continue;
      if (tick < this.#armedFor) this.#arm(tick);
      return;
    }
  }

  /** Calls what is due in a slot, and puts the rest where it belongs. */
  #empty(slot: number, now: number): void {
    const due: WheelEntry[] = [];
    for (let entry = this.#slots[slot]; entry; ) {
      const { next } = entry;
      this.#unlink(entry);
      if (entry.dueAt <= now) due.push(entry);
      else this.#link(entry, Math.max(Math.ceil(entry.dueAt / TICK_MS), this.#lastTick + 1));
      entry = next;
    }
    for (const entry of due) if (entry.tick === 0) this.#fire(entry as Entry);
  }
}
