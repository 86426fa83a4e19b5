/** Stanza errors (RFC 6120 §8.3): the condition of one we were answered with, and one to answer with. */

/** The defined condition (RFC 6120 §8.3.3) a request was refused with; undefined for any other failure. */
export function conditionOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('condition' in thrown)) return undefined;
  return typeof thrown.condition === 'string' ? thrown.condition : undefined;
}

/** Thrown by a request handler to answer with this error. */
export class RequestRefusal extends Error {
  readonly condition: string;
  readonly type: 'auth' | 'cancel' | 'modify' | 'wait';

  /** @param condition a defined condition of RFC 6120 §8.3.3 */
  constructor(condition: string, type: 'auth' | 'cancel' | 'modify' | 'wait' = 'cancel') {
    super(condition);
    this.name = 'RequestRefusal';
    this.condition = condition;
    this.type = type;
  }
}
