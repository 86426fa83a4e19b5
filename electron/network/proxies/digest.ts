/**
 * Digest authentication (RFC 7616, and RFC 2617 for proxies that know nothing newer): answers one challenge
 * again and again, counting. No library that does it is both kept and free of a request of its own.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Challenge } from './challenge.ts';
import type { ProxyCredentials } from './route.ts';

const hashes: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

/** Whether a challenge can be answered: a known algorithm, and a quality of protection without the body's hash. */
export function isDigestAnswerable({ scheme, parameters }: Challenge): boolean {
  const { nonce, qop } = parameters;
  return (
    scheme === 'digest' &&
    nonce !== undefined &&
    algorithmOf(parameters).hash !== undefined &&
    (qop === undefined || offersAuth(qop))
  );
}

/** The answers to one challenge. */
export class DigestAnswers {
  readonly #parameters: Challenge['parameters'];
  readonly #clientNonce: () => string;
  #count = 0;

  /** @param clientNonce is fixed by tests alone. */
  constructor(challenge: Challenge, clientNonce = () => randomBytes(16).toString('hex')) {
    this.#parameters = challenge.parameters;
    this.#clientNonce = clientNonce;
  }

  /** The value of `Proxy-Authorization` for the next request. */
  answer(method: string, uri: string, { username, password }: ProxyCredentials): string {
    const { realm = '', nonce = '', opaque, qop, userhash } = this.#parameters;
    const { name, hash, perSession } = algorithmOf(this.#parameters);
    if (hash === undefined) throw new Error(`no algorithm ${name}`);
    const digest = (...parts: readonly string[]): string =>
      createHash(hash).update(parts.join(':')).digest('hex');
    this.#count += 1;
    const count = this.#count.toString(16).padStart(8, '0');
    const cnonce = this.#clientNonce();
    const secret = digest(username, realm, password);
    const first = perSession ? digest(secret, nonce, cnonce) : secret;
    const second = digest(method, uri);
    const protectedBy = qop === undefined ? [] : [count, cnonce, 'auth'];
    const hidesName = userhash?.toLowerCase() === 'true';
    return `Digest ${[
      nameField(hidesName ? digest(username, realm) : username),
      `realm=${quote(realm)}`,
      `nonce=${quote(nonce)}`,
      `uri=${quote(uri)}`,
      `response="${digest(first, nonce, ...protectedBy, second)}"`,
      ...(this.#parameters.algorithm === undefined ? [] : [`algorithm=${name}`]),
      ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
      ...(qop === undefined ? [] : ['qop=auth', `nc=${count}`]),
      ...(qop === undefined && !perSession ? [] : [`cnonce="${cnonce}"`]),
      ...(hidesName ? ['userhash=true'] : []),
    ].join(', ')}`;
  }
}

function algorithmOf({ algorithm = 'MD5' }: Challenge['parameters']): {
  name: string;
  hash: string | undefined;
  perSession: boolean;
} {
  const base = algorithm.toUpperCase().replace(/-SESS$/, '');
  return { name: algorithm, hash: hashes[base], perSession: /-sess$/i.test(algorithm) };
}

function offersAuth(qop: string): boolean {
  return qop.split(',').some((option) => option.trim().toLowerCase() === 'auth');
}

/** A name beyond ASCII goes as RFC 8187 has it (RFC 7616 §3.4). */
function nameField(username: string): string {
  return /^[\x20-\x7e]*$/.test(username)
    ? `username=${quote(username)}`
    : `username*=UTF-8''${encodeURIComponent(username).replace(/['()*]/g, percent)}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
