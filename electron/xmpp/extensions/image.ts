/** Images that strangers send: bounded, known by their first bytes and by their hash. Used by the avatar extensions. */
import { createHash } from 'node:crypto';

/** Most bytes of an avatar we take. */
export const LARGEST_IMAGE = 1_048_576;

/** An image whose hash has been worked out from its bytes. */
export interface AvatarImage {
  /** SHA-1 of the bytes, 40 hexadecimal digits in lower case (XEP-0084 §4.2). */
  readonly hash: string;
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  readonly bytes: Uint8Array;
}

/**
 * Reads an image from Base64; its type is what its first bytes say, whatever its sender says.
 * @returns undefined where it is empty, larger than {@link LARGEST_IMAGE}, no Base64, or none of the four types
 */
export function imageFromBase64(text: string): AvatarImage | undefined {
  // Bounded before anything is copied; line breaks may add a little to the four thirds.
  if (text.length > LARGEST_IMAGE * 1.5) return undefined;
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const bytes = new Uint8Array(Buffer.from(compact, 'base64'));
  const type = typeOf(bytes);
  if (bytes.length > LARGEST_IMAGE || type === undefined) return undefined;
  return { hash: createHash('sha1').update(bytes).digest('hex'), type, bytes };
}

/** A SHA-1 as others write it, in lower case; undefined where it is not one. */
export function imageHash(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 100) return undefined;
  const hash = text.trim().toLowerCase();
  return /^[0-9a-f]{40}$/.test(hash) ? hash : undefined;
}

function typeOf(bytes: Uint8Array): AvatarImage['type'] | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return 'image/gif';
  if (start.startsWith('RIFF') && start.slice(8) === 'WEBP') return 'image/webp';
  return undefined;
}
