/**
 * Key sequences (XEP-0124 §15): each request proves that it comes from whoever made the one before. All keys
 * follow from one secret and the rid, so that a process that goes on with a session needs to keep nothing else.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';

/** The shortest sequence; how much longer each one is cannot be guessed. */
const LEAST = 256;

/** The `key` and `newkey` attributes of one request. */
export interface KeyAttributes {
  readonly key?: string;
  readonly newkey?: string;
}

export class KeySequence {
  readonly #secret: string;
  readonly #firstRid: number;
  /** The chain in use: K(1) first. Others are computed when they are needed. */
  #chain: { readonly number: number; readonly keys: readonly string[] } | undefined;

  /** @param secret unguessable, see {@link newKeySecret}. @param firstRid the rid of the creation request. */
  constructor(secret: string, firstRid: number) {
    this.#secret = secret;
    this.#firstRid = firstRid;
  }

  /** @param rid the creation request's or a later one. */
  attributesOf(rid: number): KeyAttributes {
    if (rid === this.#firstRid) return { newkey: this.#last(0) };
    // Each sequence of n keys serves n - 1 requests: K(n) was announced by the request before.
    let left = rid - this.#firstRid - 1;
    let number = 0;
    while (left >= this.#length(number) - 1) {
      left -= this.#length(number) - 1;
      number += 1;
    }
    const index = this.#length(number) - 2 - left;
    const key = this.#keys(number)[index] ?? '';
    return index === 0 ? { key, newkey: this.#last(number + 1) } : { key };
  }

  #last(number: number): string {
    return this.#keys(number).at(-1) ?? '';
  }

  #length(number: number): number {
    const digest = createHmac('sha256', this.#secret).update(`length ${number}`).digest();
    return LEAST + digest.readUInt8(0);
  }

  #keys(number: number): readonly string[] {
    if (this.#chain?.number === number) return this.#chain.keys;
    const seed = createHmac('sha256', this.#secret).update(`seed ${number}`).digest('hex');
    const keys: string[] = [];
    let previous = seed;
    for (let index = this.#length(number); index > 0; index -= 1) {
      previous = createHash('sha1').update(previous).digest('hex');
      keys.push(previous);
    }
    this.#chain = { number, keys };
    return keys;
  }
}

/** A fresh secret for one session's keys. */
export function newKeySecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether this key is the one before the announced one (XEP-0124 §15.4): its hash is that, in any case of letters. */
export function isNextKey(key: string, announced: string): boolean {
  return createHash('sha1').update(key).digest('hex') === announced.toLowerCase();
}
