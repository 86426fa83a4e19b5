/**
 * The server's side of SCRAM (RFC 5802, RFC 7677) for one sign-in: SHA-256 and SHA-1, without channel
 * binding. The client streams of the playground use it; it never holds a password, only what proves one.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { saslprep } from '@mongodb-js/saslprep';

const ITERATIONS = 4096;

const HASHES = {
  'SCRAM-SHA-256': { hash: 'sha256', length: 32 },
  'SCRAM-SHA-1': { hash: 'sha1', length: 20 },
} as const;

/** Strongest first, as they are offered. */
export const SCRAM_MECHANISMS = Object.keys(HASHES) as readonly ScramMechanism[];
export type ScramMechanism = keyof typeof HASHES;

/** What a server keeps of a password for one mechanism (RFC 5802 §3). */
export interface ScramKeys {
  readonly salt: string;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

export type ScramCredentials = Readonly<Record<ScramMechanism, ScramKeys>>;

export function scramCredentials(password: string): ScramCredentials {
  return {
    'SCRAM-SHA-256': keysOf(password, 'SCRAM-SHA-256'),
    'SCRAM-SHA-1': keysOf(password, 'SCRAM-SHA-1'),
  };
}

/** `gs2-header`, then `client-first-message-bare` with the name and the nonce (RFC 5802 §7). */
const FIRST = /^([ny],,)(n=([^,]+),r=([^,]+)(?:,.*)?)$/su;
const FINAL = /^(.*),p=([^,]*)$/su;

export class ScramServer {
  readonly #mechanism: ScramMechanism;
  #header = '';
  #firstBare = '';
  #serverFirst = '';
  #nonce = '';
  #keys: ScramKeys | undefined;

  constructor(mechanism: ScramMechanism) {
    this.#mechanism = mechanism;
  }

  /**
   * Takes the client's first message and answers with the server's.
   * @param credentials of a username; for one that is not there anything but real ones (RFC 5802 §9).
   * @returns undefined where the message breaks the rules, or asks for channel binding.
   */
  challenge(
    clientFirst: string,
    credentials: (username: string) => ScramCredentials,
  ): { readonly username: string; readonly text: string } | undefined {
    const [, header, bare = '', name = '', nonce = ''] = FIRST.exec(clientFirst) ?? [];
    if (header === undefined) return undefined;
    this.#header = header;
    this.#firstBare = bare;
    const username = name.replaceAll('=2C', ',').replaceAll('=3D', '=');
    this.#keys = credentials(username)[this.#mechanism];
    this.#nonce = nonce + randomBytes(18).toString('base64');
    this.#serverFirst = `r=${this.#nonce},s=${this.#keys.salt},i=${ITERATIONS}`;
    return { username, text: this.#serverFirst };
  }

  /** Takes the client's proof; answers with the server's, or undefined where it is wrong. */
  final(clientFinal: string): string | undefined {
    const { hash } = HASHES[this.#mechanism];
    const [, withoutProof = '', proof = ''] = FINAL.exec(clientFinal) ?? [];
    const binding = Buffer.from(this.#header).toString('base64');
    if (!this.#keys || withoutProof !== `c=${binding},r=${this.#nonce}`) return undefined;
    const { storedKey, serverKey } = this.#keys;
    const message = [this.#firstBare, this.#serverFirst, withoutProof].join(',');
    const signature = hmac(hash, storedKey, message);
    const given = Buffer.from(proof, 'base64');
    if (given.length !== signature.length) return undefined;
    const clientKey = given.map((byte, index) => byte ^ (signature[index] ?? 0));
    if (!timingSafeEqual(createHash(hash).update(clientKey).digest(), storedKey)) return undefined;
    return `v=${hmac(hash, serverKey, message).toString('base64')}`;
  }
}

function keysOf(password: string, mechanism: ScramMechanism): ScramKeys {
  const { hash, length } = HASHES[mechanism];
  const salt = randomBytes(16);
  const prepared = saslprep(password, { allowUnassigned: true });
  const salted = pbkdf2Sync(prepared, salt, ITERATIONS, length, hash);
  return {
    salt: salt.toString('base64'),
    storedKey: createHash(hash)
      .update(hmac(hash, salted, 'Client Key'))
      .digest(),
    serverKey: hmac(hash, salted, 'Server Key'),
  };
}

function hmac(hash: string, key: Buffer, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}
