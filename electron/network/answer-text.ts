/**
 * From the bytes of an HTTP answer to its text: content codings (RFC 9110 §8.4.1) and charset.
 * The HTTP adapters call it. XEP-0124 §5 wants UTF-8, so nothing else may pass for a `<body/>`.
 */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { networkProblem } from './network-problem.ts';

const codings = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  // "deflate" means zlib's format, but some servers send it bare; the first byte of zlib's says method 8.
  deflate: (bytes: Uint8Array, options: { maxOutputLength: number }) =>
    promisify((bytes[0] ?? 0) % 16 === 8 ? inflate : inflateRaw)(bytes, options),
};

/**
 * Undoes the `Content-Encoding` of an answer, if any.
 * @throws ProblemError `network.too-large` where more than `maxBytes` would come out, `network.failed`
 *   where the coding is unknown or the bytes are not in it.
 */
export async function decoded(
  bytes: Buffer,
  contentEncoding: string,
  maxBytes: number,
): Promise<Buffer> {
  let current = bytes;
  const names = contentEncoding.toLowerCase().split(',');
  for (const name of names.map((part) => part.trim()).reverse()) {
    if (name === '' || name === 'identity' || current.length === 0) continue;
    const undo = Object.hasOwn(codings, name) ? codings[name as keyof typeof codings] : undefined;
    if (undo === undefined || names.length > 2) {
      throw networkProblem('network.failed', { detail: `Content-Encoding ${name.slice(0, 40)}` });
    }
    try {
      current = await undo(current, { maxOutputLength: maxBytes });
    } catch (cause) {
      const tooLarge = (cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
      throw networkProblem(tooLarge ? 'network.too-large' : 'network.failed', {
        detail: tooLarge ? `more than ${maxBytes} bytes once decoded` : `the answer is not ${name}`,
        cause,
      });
    }
  }
  return current;
}

/**
 * The text of an answer. UTF-8 is decoded strictly: a BOSH `<body/>` with a byte out of place fails and
 * is never repaired. Anything else that is not UTF-8 is a stranger's page in an old charset; it is read
 * as its `Content-Type` says, with replacements, so that it can be named.
 * @throws ProblemError `network.failed` for a `<body/>` that is not UTF-8.
 */
export function textOf(bytes: Buffer, contentType: string | undefined): string {
  if (isUtf8(bytes)) {
    const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return bytes.toString('utf8', bom ? 3 : 0);
  }
  const label = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? 'windows-1252';
  const text = charsetDecoder(label).decode(bytes);
  if (/^\s*(<\?xml[^>]*>\s*)?<([\w.-]+:)?body[\s/>]/.test(text)) {
    throw networkProblem('network.failed', { detail: 'the <body/> is not valid UTF-8' });
  }
  return text;
}

function charsetDecoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder('windows-1252');
  }
}
