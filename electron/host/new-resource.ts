/** The name of this device among an account's others; made once for each account and kept. */
import { randomInt } from 'node:crypto';

/** Told apart from another Holdfast's. */
export function newResource(): string {
  const letters = Array.from({ length: 6 }, () => randomInt(36).toString(36));
  return `Holdfast.${letters.join('')}`;
}
