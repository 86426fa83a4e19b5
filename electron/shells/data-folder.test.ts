import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultDataFolder, lockDataFolder } from './data-folder.ts';

describe('the data folder used where none is named', () => {
  it('follows the XDG specification on Linux', () => {
    expect(defaultDataFolder({ XDG_DATA_HOME: '/data' }, 'linux', '/home/j')).toBe(
      '/data/holdfast',
    );
    expect(defaultDataFolder({ XDG_DATA_HOME: 'relative' }, 'linux', '/home/j')).toBe(
      '/home/j/.local/share/holdfast',
    );
    expect(defaultDataFolder({}, 'linux', '/home/j')).toBe('/home/j/.local/share/holdfast');
  });

  it('follows the habits of macOS and Windows', () => {
    expect(defaultDataFolder({}, 'darwin', '/Users/j')).toBe(
      '/Users/j/Library/Application Support/Holdfast',
    );
    expect(defaultDataFolder({ LOCALAPPDATA: '/local' }, 'win32', '/Users/j')).toBe(
      '/local/Holdfast',
    );
  });
});

describe('the lock of a data folder', () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'data-folder-'));
  });

  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('makes the folder for its owner alone', () => {
    const made = join(folder, 'a', 'b');
    lockDataFolder(made).release();
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('is refused to a second holder, and free again after the first', () => {
    const first = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(/app\.data-folder-in-use/u);
    first.release();
    lockDataFolder(folder).release();
  });

  it('is refused while another process holds it, and free once that one is killed', async () => {
    const module = new URL('data-folder.ts', import.meta.url).href;
    const script = `const { lockDataFolder } = await import(${JSON.stringify(module)});
      globalThis.lock = lockDataFolder(${JSON.stringify(folder)});
      setInterval(() => {}, 1e6); console.log('locked');`;
    child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.stdout) await once(child.stdout, 'data');
    expect(() => lockDataFolder(folder)).toThrow(/app\.data-folder-in-use/u);
    child.kill('SIGKILL');
    await once(child, 'exit');
    lockDataFolder(folder).release();
  });

  it('says so where the folder cannot be used', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => lockDataFolder(file)).toThrow(/app\.data-folder-unusable/u);
  });
});
