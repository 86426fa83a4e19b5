/**
 * Answers that their clients do not read. What an address leaves unread is bounded: a client that asks on and on and
 * reads nothing would else fill the memory. Used by the HTTP edge.
 */
import type { ServerResponse } from 'node:http';
import { networkOf } from './address-book.ts';

export class UnsentAnswers {
  /** Bytes by network; those that have none are not in it. */
  readonly #bytes = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** What is to be called with each response to this address once its answer was written. */
  of(address: string): (response: ServerResponse) => void {
    return (response) => this.#written(response, address);
  }

  #written(response: ServerResponse, address: string): void {
    // The kernel took it, as a rule.
    const bytes = Math.max(response.writableLength, response.socket?.writableLength ?? 0);
    if (bytes === 0) return;
    const network = networkOf(address);
    const all = (this.#bytes.get(network) ?? 0) + bytes;
    this.#bytes.set(network, all);
    response.on('close', () => {
      const left = (this.#bytes.get(network) ?? 0) - bytes;
      if (left > 0) this.#bytes.set(network, left);
      else this.#bytes.delete(network);
    });
    // A response that waits for one before it has no socket of its own yet.
    if (all > this.#most) response.req.socket.destroy();
  }
}
