/** Bytes as base64, as commands carry them. */

/** Whole files of some 100 kB at most. */
export function base64Of(bytes: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
}
