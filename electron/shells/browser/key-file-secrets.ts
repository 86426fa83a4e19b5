/**
 * The Secrets port where there is no keychain: AES-256-GCM (NIST SP 800-38D) with a random key in a file
 * that only this person can read. It keeps the store useless to who has the store alone. Made by the browser shell.
 */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import type { Secrets } from '../../host/secrets.ts';

const KEY_FILE = 'secrets.key';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Sealed text is this version, a dot, and base64url of nonce, tag and ciphertext. */
const VERSION = '1';
const SEALED = /^1\.([A-Za-z0-9_-]+)$/u;

/** Bound into every seal, so that nothing else made with this key passes for a secret. */
const PURPOSE = Buffer.from(`holdfast/secrets/${VERSION}`);

/**
 * Secrets kept by the key in `<folder>/secrets.key`, which is made where missing; a folder made for it is
 * this person's only. A key file that others may read is closed to them; a broken one is set aside.
 * @throws ProblemError `app.secrets-unavailable` where the key can neither be read nor made, or is not ours.
 */
export async function createKeyFileSecrets(folder: string): Promise<Secrets> {
  const key = await loadKey(folder);
  return {
    protection: 'key-file',
    async seal(secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(PURPOSE);
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      const sealed = Buffer.concat([nonce, cipher.getAuthTag(), text]);
      return `${VERSION}.${sealed.toString('base64url')}`;
    },
    async unseal(sealed) {
      try {
        return unseal(key, sealed);
      } catch (thrown) {
        throw new ProblemError(unreadable, { cause: thrown });
      }
    },
  };
}

function unseal(key: Buffer, sealed: string): string {
  const bytes = Buffer.from(SEALED.exec(sealed)?.[1] ?? '', 'base64url');
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const text = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(PURPOSE);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
}

async function loadKey(folder: string): Promise<Buffer> {
  const path = join(folder, KEY_FILE);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await readKey(path);
    if (found?.length === KEY_BYTES) return found;
    // What it sealed is lost to us, but not to someone who can mend the file.
    if (found) await rename(path, `${path}.damaged-${randomUUID()}`);
    await writeKey(folder, path);
    const written = await readKey(path);
    if (written?.length === KEY_BYTES) return written;
    throw new Error(`${path} is not what was written to it.`);
  } catch (thrown) {
    if (thrown instanceof ProblemError) throw thrown;
    throw new ProblemError(unavailable(thrown), { cause: thrown });
  }
}

/** The file's bytes, undefined where there is none. A link is not followed: it may lead anywhere. */
async function readKey(path: string): Promise<Buffer | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (thrown) {
    if (isCode(thrown, 'ENOENT')) return undefined;
    throw thrown;
  }
  try {
    await keepPrivate(file);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Windows has no owner and mode to look at; there the person's own folder protects the file. */
async function keepPrivate(file: FileHandle): Promise<void> {
  if (!process.getuid) return;
  const { uid, mode } = await file.stat();
  if (uid !== process.getuid()) throw new ProblemError(foreign);
  if ((mode & 0o077) !== 0) await file.chmod(0o600);
}

/** Whole or not at all, and never over a key that another process has just made. */
async function writeKey(folder: string, path: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(randomBytes(KEY_BYTES));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
  } catch (thrown) {
    if (!isCode(thrown, 'EEXIST')) throw thrown;
  } finally {
    await unlink(temporary);
  }
  await syncFolder(folder);
}

/** Brings the file's name to the disk; Windows offers no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}

const unreadable: Problem = {
  code: 'app.secrets-unreadable',
  source: 'app',
  message: 'The saved password cannot be read any more.',
  advice: 'Type the password again.',
  retry: 'never',
};

const foreign: Problem = {
  code: 'app.secrets-unavailable',
  source: 'app',
  message: `The file ${KEY_FILE} that protects the saved passwords belongs to another user of this computer.`,
  advice: 'Open Holdfast as that user, or choose another data folder.',
  retry: 'never',
};

function unavailable(thrown: unknown): Problem {
  return {
    code: 'app.secrets-unavailable',
    source: 'app',
    message: 'Holdfast could not read or make the file that protects the saved passwords.',
    advice: 'Check that the data folder belongs to you and can be written.',
    retry: 'never',
    detail: thrown instanceof Error ? thrown.message : String(thrown),
  };
}
