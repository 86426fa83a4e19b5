/**
 * The answers a session keeps, for clients whose connection broke before they had them (XEP-0124 §14.3).
 * Owned by the session.
 */

export interface KeptAnswer {
  readonly rid: number;
  /** Of the request it answers, so that only an exact copy gets it. */
  readonly digest: string;
  readonly status: number;
  readonly text: string;
  /** When it was given, in ms. */
  readonly at: number;
  readonly isPause: boolean;
}

/** So many answers to pauses are kept beside the others; a client sends one at a time. */
const PAUSES = 4;

export class KeptAnswers {
  /** In rid order; never pushed to, which would take room for many more. */
  #answers: readonly KeptAnswer[] = [];
  #length = 0;

  keep(answer: KeptAnswer): void {
    this.#answers = [...this.#answers, answer];
    this.#length += answer.text.length;
  }

  find(rid: number): KeptAnswer | undefined {
    return this.#answers.find((answer) => answer.rid === rid);
  }

  /**
   * Forgets what the client needs no more: all but the last `count` answers, those to pauses not counted, and of
   * the older ones those it acknowledged or that would make it more than `length` UTF-16 units.
   */
  trim(count: number, acknowledged: number, length: number): void {
    for (let oldest = this.#answers[0]; oldest; oldest = this.#answers[0]) {
      const ordinary = this.#answers.reduce((sum, { isPause }) => sum + (isPause ? 0 : 1), 0);
      const isSpare =
        ordinary > count ||
        (oldest.isPause && ordinary === count) ||
        this.#answers.length > count + PAUSES;
      if (!isSpare || (oldest.rid > acknowledged && this.#length <= length)) return;
      this.#answers = this.#answers.slice(1);
      this.#length -= oldest.text.length;
    }
  }
}
