/** The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) for one sign-in, for the scripted server. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const ITERATIONS = 4096;

export class ScramServer {
  readonly #password: string;
  #firstBare = '';
  #serverFirst = '';

  constructor(password: string) {
    this.#password = password;
  }

  /** Client-first in, server-first out. */
  challenge(clientFirst: string): string {
    this.#firstBare = clientFirst.replace(/^n,,/u, '');
    const nonce = /r=([^,]+)/u.exec(this.#firstBare)?.[1] ?? '';
    const salt = Buffer.from('salt of the earth').toString('base64');
    this.#serverFirst = `r=${nonce}${randomBytes(9).toString('base64')},s=${salt},i=${ITERATIONS}`;
    return this.#serverFirst;
  }

  /** Client-final in, server-final out; undefined where the proof is wrong. */
  final(clientFinal: string): string | undefined {
    const [, withoutProof = '', proof = ''] = /^(.*),p=(.*)$/u.exec(clientFinal) ?? [];
    const message = [this.#firstBare, this.#serverFirst, withoutProof].join(',');
    const salt = Buffer.from(/s=([^,]+)/u.exec(this.#serverFirst)?.[1] ?? '', 'base64');
    const salted = pbkdf2Sync(this.#password, salt, ITERATIONS, 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const stored = createHash('sha256').update(clientKey).digest();
    const signature = hmac(stored, message);
    const expected = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
    if (Buffer.from(expected).toString('base64') !== proof) return undefined;
    return `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`;
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
