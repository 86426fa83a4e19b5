/**
 * The requests of a session that have no answer yet, in rid order: first those that were taken and are held, then
 * those that wait for one before them. Owned by the session.
 */
import type { BoshRequest } from './bosh-request.ts';

export interface Waiting<Exchange> {
  readonly request: BoshRequest;
  /** Absent while its connection is broken. */
  exchange: Exchange | undefined;
  /** Of its last copy, in ms. */
  arrivedAt: number;
}

export class WaitingRequests<Exchange> {
  readonly #all: Waiting<Exchange>[] = [];
  /** The highest rid taken; all before it have been. */
  taken: number;

  constructor(firstRid: number) {
    this.taken = firstRid - 1;
  }

  [Symbol.iterator](): IterableIterator<Waiting<Exchange>> {
    return this.#all[Symbol.iterator]();
  }

  add(request: BoshRequest, exchange: Exchange, now: number): void {
    const next = this.#all.findIndex(({ request: { rid } }) => rid > request.rid);
    const place = next === -1 ? this.#all.length : next;
    this.#all.splice(place, 0, { request, exchange, arrivedAt: now });
  }

  remove(waiting: Waiting<Exchange>): void {
    this.#all.splice(this.#all.indexOf(waiting), 1);
  }

  removeAll(): readonly Waiting<Exchange>[] {
    return this.#all.splice(0);
  }

  find(rid: number): Waiting<Exchange> | undefined {
    return this.#all.find(({ request }) => request.rid === rid);
  }

  of(exchange: Exchange): Waiting<Exchange> | undefined {
    return this.#all.find((waiting) => waiting.exchange === exchange);
  }

  /** Those taken, oldest first. */
  get held(): readonly Waiting<Exchange>[] {
    return this.#all.filter(({ request: { rid } }) => rid <= this.taken);
  }

  /** Those that wait for one before them. */
  get parked(): readonly Waiting<Exchange>[] {
    return this.#all.filter(({ request: { rid } }) => rid > this.taken);
  }

  /** The one whose turn it is to be taken, once it is there. */
  get next(): Waiting<Exchange> | undefined {
    return this.find(this.taken + 1);
  }

  /** How many the client waits for. */
  get live(): number {
    let count = 0;
    for (const { exchange } of this.#all) if (exchange !== undefined) count += 1;
    return count;
  }

  /** The highest rid that came, without a gap before it. */
  get highest(): number {
    let highest = this.taken;
    for (const { request } of this.#all) if (request.rid === highest + 1) highest += 1;
    return highest;
  }

  /** Whether no request with a higher rid has come. */
  isLast(rid: number): boolean {
    return this.#all.every(({ request }) => request.rid < rid);
  }
}
