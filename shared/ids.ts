/** Identifiers minted by Holdfast: message ids (XEP-0359 origin-id) and account ids. */

/** A fresh unguessable identifier (UUID, version 4). */
export function newId(): string {
  return globalThis.crypto.randomUUID();
}
