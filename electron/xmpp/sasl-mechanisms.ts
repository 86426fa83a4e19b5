/**
 * The SASL mechanisms Holdfast offers: SCRAM with SHA-512, SHA-256 and SHA-1 (RFC 5802, RFC 7677), PLAIN
 * (RFC 4616), and for tokens HT-SHA-256-NONE (draft-schmaus-kitten-sasl-ht), in the shape @xmpp/sasl asks for.
 * No channel binding (`n`, `NONE`): it cannot survive an endpoint that ends TLS before the XMPP server.
 */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { saslprep } from '@mongodb-js/saslprep';

const derive = promisify(pbkdf2);

/** More would only burn this machine's time for a hostile server; servers use 4,096 to 100,000. */
const MOST_ITERATIONS = 5_000_000;

export interface SaslCredentials {
  readonly username: string;
  readonly password: string;
}

/** What @xmpp/sasl drives: strings are bytes as Latin-1, ready for Base64. */
export interface SaslMechanism {
  readonly name: string;
  readonly clientFirst: boolean;
  response(credentials: SaslCredentials): string | Promise<string>;
  challenge(text: string): void;
  /**
   * Whether the server has proven, with these bytes, that it knows the password or token too; PLAIN has no
   * such proof.
   */
  verify(additionalData: string): boolean;
}

/** Strongest first. */
export const MECHANISM_NAMES = ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'] as const;
export type MechanismName = (typeof MECHANISM_NAMES)[number];

/** The strongest of what the server offers; PLAIN only where the way to the endpoint is private. */
export function chooseMechanism(
  offered: readonly string[],
  secure: boolean,
): MechanismName | undefined {
  return MECHANISM_NAMES.find((name) => offered.includes(name) && (secure || name !== 'PLAIN'));
}

/** A mechanism for one sign-in. @param nonce printable ASCII without comma; fresh each time. */
export function createMechanism(
  name: MechanismName,
  nonce: string = randomBytes(24).toString('base64'),
): SaslMechanism {
  return name === 'PLAIN' ? createPlain() : createScram(name, nonce);
}

function createPlain(): SaslMechanism {
  return {
    name: 'PLAIN',
    clientFirst: true,
    response: ({ username, password }) => toBytes(`\0${username}\0${password}`),
    challenge: () => {},
    verify: () => true,
  };
}

/** The only mechanism for tokens without channel binding that is in use (XEP-0484). */
export const TOKEN_MECHANISM = 'HT-SHA-256-NONE';

/** Signs in with a token in one round trip; the token takes the place of the password. */
export function createTokenMechanism(): SaslMechanism {
  const sign = (token: string, who: string) =>
    createHmac('sha256', token).update(who, 'utf8').digest();
  let expected: Buffer | undefined;
  return {
    name: TOKEN_MECHANISM,
    clientFirst: true,
    response({ username, password: token }) {
      expected = sign(token, 'Responder');
      return toBytes(`${username}\0`) + sign(token, 'Initiator').toString('latin1');
    },
    challenge: () => {},
    verify(additionalData) {
      const given = Buffer.from(additionalData, 'latin1');
      return expected?.length === given.length && timingSafeEqual(given, expected);
    },
  };
}

const HASHES = {
  'SCRAM-SHA-512': { hash: 'sha512', length: 64 },
  'SCRAM-SHA-256': { hash: 'sha256', length: 32 },
  'SCRAM-SHA-1': { hash: 'sha1', length: 20 },
} as const;

function createScram(name: Exclude<MechanismName, 'PLAIN'>, nonce: string): SaslMechanism {
  const { hash, length } = HASHES[name];
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  let firstBare: string | undefined;
  let serverFirst: string | undefined;
  let serverSignature: Buffer | undefined;

  return {
    name,
    clientFirst: true,

    async response({ username, password }) {
      if (firstBare === undefined) {
        firstBare = `n=${saslName(username)},r=${nonce}`;
        return toBytes(`n,,${firstBare}`);
      }
      if (serverFirst === undefined) throw new ScramError('no challenge');
      const { salt, iterations, serverNonce } = parseServerFirst(serverFirst, nonce);
      const salted = await derive(prepare(password), salt, iterations, length, hash);
      const clientKey = hmac(salted, 'Client Key');
      const storedKey = createHash(hash).update(clientKey).digest();
      const withoutProof = `c=biws,r=${serverNonce}`;
      const authMessage = `${firstBare},${serverFirst},${withoutProof}`;
      const signature = hmac(storedKey, authMessage);
      const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
      serverSignature = hmac(hmac(salted, 'Server Key'), authMessage);
      return toBytes(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`);
    },

    challenge(text) {
      // Some servers put the final message into a challenge before an empty success.
      const message = fromBytes(text);
      if (serverSignature === undefined) serverFirst = message;
      else if (!this.verify(message)) throw new ScramError('wrong server signature');
    },

    verify(additionalData) {
      if (serverSignature === undefined) return false;
      const given = /^v=([A-Za-z0-9+/=]+)/u.exec(additionalData)?.[1];
      if (given === undefined) return false;
      const bytes = Buffer.from(given, 'base64');
      return bytes.length === serverSignature.length && timingSafeEqual(bytes, serverSignature);
    },
  };
}

/** The server's part of a SCRAM exchange breaks RFC 5802. */
export class ScramError extends Error {
  override readonly name = 'ScramError';
}

function parseServerFirst(message: string, clientNonce: string) {
  const fields = new Map(
    message.split(',').map((field): [string, string] => [field.slice(0, 1), field.slice(2)]),
  );
  const serverNonce = fields.get('r') ?? '';
  const salt = Buffer.from(fields.get('s') ?? '', 'base64');
  const iterations = Number(fields.get('i'));
  if (fields.has('m')) throw new ScramError('unknown mandatory extension');
  if (!serverNonce.startsWith(clientNonce) || serverNonce.length === clientNonce.length) {
    throw new ScramError('nonce is not ours');
  }
  if (salt.length === 0) throw new ScramError('no salt');
  if (!Number.isInteger(iterations) || iterations < 1 || iterations > MOST_ITERATIONS) {
    throw new ScramError('iteration count out of bounds');
  }
  return { serverNonce, salt, iterations };
}

/** RFC 5802 §5.1: SASLprep; a password it refuses goes as it is, as other clients do. */
function prepare(password: string): string {
  try {
    return saslprep(password, { allowUnassigned: true });
  } catch {
    return password;
  }
}

function saslName(username: string): string {
  return prepare(username).replaceAll('=', '=3D').replaceAll(',', '=2C');
}

function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function fromBytes(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}
