import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Secrets } from '../../host/secrets.ts';
import { createSafeStorageDouble } from './electron.fake.ts';
import {
  createSafeStorageSecrets,
  type SafeStorageSecretsOptions,
} from './safe-storage-secrets.ts';

let safeStorage: ReturnType<typeof createSafeStorageDouble>;

const keyFile: Secrets = {
  protection: 'key-file',
  seal: async (secret) => `file(${secret})`,
  unseal: async (sealed) => sealed.slice(5, -1),
};

beforeEach(() => {
  safeStorage = createSafeStorageDouble();
});

const create = (options: Partial<SafeStorageSecretsOptions> = {}) =>
  createSafeStorageSecrets({
    safeStorage,
    platform: 'linux',
    agreesToKeyFile: async () => false,
    openKeyFile: async () => keyFile,
    ...options,
  });

describe('with a keychain', () => {
  it('a secret comes back as it was, and never lies open', async () => {
    const secrets = await create();
    expect(secrets.protection).toBe('keychain');
    const sealed = await secrets.seal('hunter2');
    expect(sealed).not.toContain('hunter2');
    expect(await secrets.unseal(sealed)).toBe('hunter2');
  });

  it('a text sealed with a key that was replaced is sealed anew', async () => {
    const secrets = await create();
    const sealed = await secrets.seal('hunter2');
    safeStorage.decryptStringAsync.mockResolvedValue({ result: 'hunter2', shouldReEncrypt: true });
    safeStorage.encryptStringAsync.mockResolvedValue(Buffer.from('new'));
    const renewed = vi.fn();
    expect(await secrets.unseal(sealed, renewed)).toBe('hunter2');
    expect(renewed).toHaveBeenCalledWith(`keychain:${Buffer.from('new').toString('base64')}`);
  });

  it('a text from the time before there was one is still read', async () => {
    expect(await (await create()).unseal(await keyFile.seal('hunter2'))).toBe('hunter2');
  });

  it('a keychain that gives nothing back is named', async () => {
    const secrets = await create();
    const sealed = await secrets.seal('hunter2');
    safeStorage.decryptStringAsync.mockRejectedValue(new Error('locked'));
    await expect(secrets.unseal(sealed)).rejects.toThrow(/app\.secrets-unreadable/u);
  });
});

describe.each([
  [
    'that Electron cannot use',
    () => safeStorage.isAsyncEncryptionAvailable.mockResolvedValue(false),
  ],
  ['but plain text', () => safeStorage.getSelectedStorageBackend.mockReturnValue('basic_text')],
])('with no keychain %s', (_words, arrange) => {
  beforeEach(() => void arrange());

  it('nothing is kept without consent', async () => {
    const secrets = await create();
    await expect(secrets.seal('hunter2')).rejects.toThrow(/app\.secrets-unavailable/u);
    expect(safeStorage.encryptStringAsync).not.toHaveBeenCalled();
  });

  it('a key file is used with consent', async () => {
    const openKeyFile = vi.fn(async () => keyFile);
    const secrets = await create({ agreesToKeyFile: async () => true, openKeyFile });
    expect(secrets.protection).toBe('key-file');
    const sealed = await secrets.seal('hunter2');
    expect(sealed).toBe('file(hunter2)');
    expect(await secrets.unseal(sealed)).toBe('hunter2');
    expect(openKeyFile).toHaveBeenCalledOnce();
    expect(safeStorage.encryptStringAsync).not.toHaveBeenCalled();
  });
});

describe('on macOS and Windows', () => {
  it.each(['darwin', 'win32'] as const)('%s has no backends to choose from', async (platform) => {
    safeStorage.getSelectedStorageBackend.mockImplementation(() => {
      throw new Error('There is no such function here.');
    });
    expect((await create({ platform })).protection).toBe('keychain');
  });
});
