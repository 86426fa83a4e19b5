import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createElectronDouble } from './electron.fake.ts';

let double: ReturnType<typeof createElectronDouble>;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-file-consent-'));
  double = createElectronDouble();
  vi.resetModules();
  vi.doMock('electron', () => double.electron);
});

afterEach(() => {
  vi.doUnmock('electron');
  rmSync(folder, { recursive: true });
});

async function create() {
  const { createKeyFileConsent } = await import('./key-file-consent.ts');
  return createKeyFileConsent(folder);
}

describe('consent to a key file', () => {
  it('is asked for once and kept over restarts', async () => {
    const { showMessageBox } = double.electron.dialog;
    showMessageBox.mockResolvedValue({ response: 0, checkboxChecked: false });
    const agrees = await create();
    expect(await Promise.all([agrees(), agrees()])).toEqual([true, true]);
    expect(await (await create())()).toBe(true);
    expect(showMessageBox).toHaveBeenCalledOnce();
  });

  it('is asked for again after a refusal', async () => {
    const agrees = await create();
    expect(await agrees()).toBe(false);
    expect(await agrees()).toBe(false);
    expect(double.electron.dialog.showMessageBox).toHaveBeenCalledTimes(2);
  });
});
