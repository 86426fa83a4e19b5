/**
 * The Secrets port on the desktop: the system's keychain through Electron's safeStorage. Where there is no
 * keychain (on Linux the backend `basic_text`, which hides nothing) secrets go to a key file, and only
 * after the person agreed to that; the agreement is kept.
 */
import type { SafeStorage } from 'electron';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import type { Secrets } from '../../host/secrets.ts';

export interface SafeStorageSecretsOptions {
  readonly safeStorage: Pick<
    SafeStorage,
    | 'isAsyncEncryptionAvailable'
    | 'encryptStringAsync'
    | 'decryptStringAsync'
    | 'getSelectedStorageBackend'
  >;
  readonly platform: NodeJS.Platform;
  /** Whether secrets may lie in a key file; asks the person where that is not known yet. */
  readonly agreesToKeyFile: () => Promise<boolean>;
  readonly openKeyFile: () => Promise<Secrets>;
}

/** Begins what the keychain sealed; anything else came from the key file. */
const PREFIX = 'keychain:';

/** Call it once the application is ready: only then the system's keychain is known. */
export async function createSafeStorageSecrets(
  options: SafeStorageSecretsOptions,
): Promise<Secrets> {
  const { safeStorage } = options;
  const hasKeychain = await keychainIsThere(options);
  let opened: Promise<Secrets> | undefined;
  const keyFile = () => {
    opened ??= options.openKeyFile();
    return opened;
  };
  const sealInKeychain = async (secret: string) => {
    const sealed = await safeStorage.encryptStringAsync(secret).catch(fail(unavailable));
    return PREFIX + sealed.toString('base64');
  };
  return {
    protection: hasKeychain ? 'keychain' : 'key-file',
    async seal(secret) {
      if (hasKeychain) return sealInKeychain(secret);
      if (!(await options.agreesToKeyFile())) throw new ProblemError(unavailable);
      return (await keyFile()).seal(secret);
    },
    async unseal(sealed, renewed) {
      if (!sealed.startsWith(PREFIX)) return (await keyFile()).unseal(sealed);
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64');
      const answer = await safeStorage.decryptStringAsync(bytes).catch(fail(unreadable));
      if (answer.shouldReEncrypt && renewed) renewed(await sealInKeychain(answer.result));
      return answer.result;
    },
  };
}

async function keychainIsThere({ safeStorage, platform }: SafeStorageSecretsOptions) {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

const unavailable: Problem = {
  code: 'app.secrets-unavailable',
  source: 'app',
  message: 'There is no safe place on this computer to keep the password in.',
  advice: 'Unlock or set up the system keychain and start Holdfast again, or allow a key file.',
  retry: 'never',
};

const unreadable: Problem = {
  code: 'app.secrets-unreadable',
  source: 'app',
  message: 'The system keychain did not give back the password.',
  advice: 'Unlock the keychain and try again, or type the password again.',
  retry: 'never',
};

function fail(problem: Problem) {
  return (cause: unknown): never => {
    throw new ProblemError({ ...problem, detail: String(cause) }, { cause });
  };
}
