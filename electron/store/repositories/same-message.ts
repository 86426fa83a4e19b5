/**
 * Whether two copies with the same message id, in one chat and direction, are one message. The id alone
 * does not say so: clients that count their ids begin again with every start.
 */

/**
 * How far apart the times of two copies can lie, in ms: a session that expires makes ejabberd archive its
 * messages a second time minutes later, and the clock here may be hours off the server's.
 */
const LONGEST_REPEAT = 24 * 60 * 60 * 1000;

export interface Copy {
  readonly body: string;
  /** Epoch ms. */
  readonly at: number;
}

/**
 * @param writtenHere the known message was written in this Holdfast: its id is a UUID that nobody else
 *   uses, and its body may come back changed (characters that XML forbids are stripped in sending).
 */
export function isSameMessage(known: Copy, arrived: Copy, writtenHere: boolean): boolean {
  if (writtenHere) return true;
  return known.body === arrived.body && Math.abs(known.at - arrived.at) <= LONGEST_REPEAT;
}
