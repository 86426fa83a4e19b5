import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyFileSecrets } from './key-file-secrets.ts';

let folder: string;
const keyFile = () => join(folder, 'secrets.key');
const modeOf = (path: string) => statSync(path).mode & 0o777;
const unreadable = { problem: { code: 'app.secrets-unreadable' } };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('sealing', () => {
  it('gives back any secret, in this process and the next', async () => {
    const secrets = await createKeyFileSecrets(folder);
    const later = await createKeyFileSecrets(folder);
    expect(secrets.protection).toBe('key-file');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (secret) => {
        expect(await later.unseal(await secrets.seal(secret))).toBe(secret);
      }),
      { numRuns: 50 },
    );
  });

  it('shows neither the secret nor that two secrets are the same', async () => {
    const secrets = await createKeyFileSecrets(folder);
    const [one, other] = await Promise.all([secrets.seal('pw-alice'), secrets.seal('pw-alice')]);
    expect(one).toMatch(/^1\.[A-Za-z0-9_-]+$/u);
    expect(one).not.toBe(other);
    expect(Buffer.from(one.slice(2), 'base64url').includes('pw-alice')).toBe(false);
  });
});

describe('unsealing', () => {
  it('refuses a text with any one bit changed', async () => {
    const secrets = await createKeyFileSecrets(folder);
    const bytes = Buffer.from((await secrets.seal('pw')).slice(2), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(secrets.unseal(`1.${changed.toString('base64url')}`)).rejects.toMatchObject(
        unreadable,
      );
    }
  });

  it('refuses what is cut short, of another version, or was never sealed', async () => {
    const secrets = await createKeyFileSecrets(folder);
    const sealed = await secrets.seal('pw');
    for (const text of [
      '',
      '1.',
      'pw',
      sealed.slice(0, -4),
      sealed.slice(0, 20),
      `2${sealed.slice(1)}`,
      `${sealed}!`,
      `${sealed}\n`,
    ]) {
      await expect(secrets.unseal(text), text).rejects.toMatchObject(unreadable);
    }
  });

  it('says so where the key is gone, and seals anew', async () => {
    const sealed = await (await createKeyFileSecrets(folder)).seal('pw');
    rmSync(keyFile());
    const secrets = await createKeyFileSecrets(folder);
    await expect(secrets.unseal(sealed)).rejects.toMatchObject(unreadable);
    expect(await secrets.unseal(await secrets.seal('pw'))).toBe('pw');
  });
});

describe('the key file', () => {
  it('is 32 bytes that only this person can read, in a folder for this person', async () => {
    const inside = join(folder, 'made');
    await createKeyFileSecrets(inside);
    expect(readFileSync(join(inside, 'secrets.key'))).toHaveLength(32);
    expect(modeOf(join(inside, 'secrets.key'))).toBe(0o600);
    expect(modeOf(inside)).toBe(0o700);
    expect(readdirSync(inside)).toEqual(['secrets.key']);
  });

  it('is one key where several starts make it at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => createKeyFileSecrets(folder)));
    const sealed = await all[0]?.seal('pw');
    for (const secrets of all) expect(await secrets.unseal(sealed ?? '')).toBe('pw');
    expect(readdirSync(folder)).toEqual(['secrets.key']);
  });

  it('is closed to others where it was left open', async () => {
    const sealed = await (await createKeyFileSecrets(folder)).seal('pw');
    chmodSync(keyFile(), 0o644);
    const secrets = await createKeyFileSecrets(folder);
    expect(modeOf(keyFile())).toBe(0o600);
    expect(await secrets.unseal(sealed)).toBe('pw');
  });

  it('is set aside where it is broken', async () => {
    writeFileSync(keyFile(), 'short', { mode: 0o600 });
    const secrets = await createKeyFileSecrets(folder);
    expect(await secrets.unseal(await secrets.seal('pw'))).toBe('pw');
    const aside = readdirSync(folder).filter((name) => name.includes('.damaged-'));
    expect(aside).toHaveLength(1);
    expect(readFileSync(join(folder, aside[0] ?? ''), 'utf8')).toBe('short');
  });

  it('is not followed where it is a link', async () => {
    writeFileSync(join(folder, 'elsewhere'), Buffer.alloc(32));
    symlinkSync(join(folder, 'elsewhere'), keyFile());
    await expect(createKeyFileSecrets(folder)).rejects.toMatchObject({
      problem: { code: 'app.secrets-unavailable', source: 'app' },
    });
  });

  it('cannot be had where the folder is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(createKeyFileSecrets(join(folder, 'file'))).rejects.toMatchObject({
      problem: { code: 'app.secrets-unavailable', source: 'app' },
    });
  });
});
