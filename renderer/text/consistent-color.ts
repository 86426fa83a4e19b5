/** The colour a name has in every client (XEP-0392 §5), and the letters that stand on it. */
import { sha1 } from './sha1.ts';

/** The hue angle of a text, in degrees from 0 to 360 (XEP-0392 §5.1). */
export function consistentHue(text: string): number {
  const [low = 0, high = 0] = sha1(new TextEncoder().encode(text));
  return ((low + high * 256) / 65_536) * 360;
}

/** One or two letters for a name or an address; whole characters, whatever they are made of. */
export function initialsOf(name: string): string {
  const words = name
    .replace(/@.*$/u, '')
    .split(/[\s._-]+/u)
    .filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined) return firstCharacter(name);
  return words.length === 1 ? firstCharacter(first) : firstCharacter(first) + firstCharacter(last);
}

function firstCharacter(text: string): string {
  const [segment] = new Intl.Segmenter().segment(text);
  return (segment?.segment ?? '').toLocaleUpperCase();
}
