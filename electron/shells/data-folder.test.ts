import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultDataFolder, makeDataFolder } from './data-folder.ts';

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

describe('making the data folder', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'data-folder-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps it for its owner alone, and may be done again', () => {
    const made = join(folder, 'a', 'b');
    makeDataFolder(made);
    makeDataFolder(made);
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('says so where the folder cannot be used', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => makeDataFolder(file)).toThrow(/app\.data-folder-unusable/u);
  });
});
