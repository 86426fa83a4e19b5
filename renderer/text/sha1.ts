/**
 * SHA-1 (FIPS 180-4 §6.1) without waiting: the browser's own is asynchronous, and a name's colour must be
 * there at the first paint. For colours only, never for security.
 */

/** The 20 bytes of SHA-1. */
export function sha1(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, message.length * 8);

  const hash = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const schedule = new Uint32Array(80);
  for (let block = 0; block < padded.length; block += 64) {
    for (let t = 0; t < 80; t += 1) {
      schedule[t] =
        t < 16
          ? view.getUint32(block + t * 4)
          : rotate(
              at(schedule, t - 3) ^
                at(schedule, t - 8) ^
                at(schedule, t - 14) ^
                at(schedule, t - 16),
              1,
            );
    }
    mix(hash, schedule);
  }

  const digest = new DataView(new ArrayBuffer(20));
  for (const [index, word] of hash.entries()) digest.setUint32(index * 4, word);
  return new Uint8Array(digest.buffer);
}

function mix(hash: Uint32Array, schedule: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = hash;
  for (let t = 0; t < 80; t += 1) {
    const next = (rotate(a, 5) + roundFunction(t, b, c, d) + e + at(schedule, t)) >>> 0;
    [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
  }
  for (const [index, word] of [a, b, c, d, e].entries()) hash[index] = at(hash, index) + word;
}

/** f(t; b, c, d) + K(t) */
function roundFunction(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function rotate(word: number, bits: number): number {
  return ((word << bits) | (word >>> (32 - bits))) >>> 0;
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}
