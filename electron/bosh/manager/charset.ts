/**
 * Character encodings besides UTF-8 (XEP-0124 §7.2): read in requests, and written in answers to a client that
 * wants another by its `content`. Used by the HTTP edge and for the grant.
 */

/** What requests may be written in, as `charsets` names them to the client. */
export const CHARSETS = ['ISO-8859-1', 'ISO-8859-15', 'KOI8-R', 'Shift_JIS'] as const;

const UTF_8 = 'utf-8';

/** The encoding that a media type names, in lower case; UTF-8 where it names none. */
export function charsetOf(contentType: string | undefined): string {
  const named = /;\s*charset\s*=\s*"?([\w.:+-]+)"?/iu.exec(contentType ?? '')?.[1];
  return named?.toLowerCase() ?? UTF_8;
}

/**
 * The text of a request. An encoding that cannot be converted is taken for UTF-8, since a Content-Type tells
 * nothing for certain (XEP-0124 §5).
 * @throws {TypeError} where the bytes are no text.
 */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const named = charsetOf(contentType);
  const charset = CHARSETS.some((known) => known.toLowerCase() === named) ? named : UTF_8;
  return decoderOf(charset).decode(bytes);
}

/**
 * The bytes of an answer. In any encoding but UTF-8 all that is not ASCII is written as a character reference,
 * which means the same in each of them.
 */
export function encodeText(text: string, contentType: string): Buffer {
  if (charsetOf(contentType) === UTF_8) return Buffer.from(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  return Buffer.from(text.replaceAll(/[^\u0000-\u007F]/gu, (one) => `&#${one.codePointAt(0)};`));
}

/** Whether answers in this encoding can be written: any in which ASCII is ASCII. */
export function isWritable(contentType: string): boolean {
  return !/^(?:utf-?(?:7|16|32)|ucs|iso-10646|ebcdic|cp037|ibm)/u.test(charsetOf(contentType));
}

const utf8 = new TextDecoder(UTF_8, { fatal: true });

function decoderOf(charset: string): TextDecoder {
  // What the Encoding standard calls by this name is windows-1252; they differ in control characters only.
  return charset === UTF_8 ? utf8 : new TextDecoder(charset, { fatal: true });
}
