import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findElectronRuntime, type RuntimeSearch } from './electron-runtime.ts';

let folder: string;
let ran: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'electron-runtime-'));
  ran = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

const program = () => join(folder, 'dist', 'electron');

function install() {
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'path.txt'), 'electron');
  writeFileSync(program(), '');
}

type Outcome = ReturnType<RuntimeSearch['run']>;

function find(
  differences: Partial<RuntimeSearch> = {},
  downloading: () => Outcome = () => ({ status: 1, errors: 'TypeError: fetch failed\n  at …' }),
) {
  return findElectronRuntime({
    packageFolder: folder,
    failureFile: join(folder, 'out', 'failed.json'),
    platform: 'linux',
    environment: { DISPLAY: ':0' },
    isRoot: false,
    now: 1_000,
    say: () => {},
    run(_program, parameters) {
      const isVersion = parameters[0] === '--version';
      ran.push(isVersion ? 'version' : 'download');
      return isVersion ? { status: 0, errors: '' } : downloading();
    },
    ...differences,
  });
}

describe("Electron's runtime", () => {
  it('is used where it is installed', () => {
    install();
    expect(find()).toEqual({ program: program() });
    expect(ran).toEqual(['version']);
  });

  it('is downloaded where it is not', () => {
    const downloading = () => {
      install();
      return { status: 0, errors: '' };
    };
    expect(find({}, downloading)).toEqual({ program: program() });
    expect(ran).toEqual(['download', 'version']);
  });

  it('is not looked for without a display', () => {
    install();
    expect(find({ environment: {} })).toEqual({ reason: 'there is no display' });
    expect(find({ environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toEqual({ program: program() });
    expect(find({ environment: {}, platform: 'darwin' })).toEqual({ program: program() });
  });

  it('is not used by root', () => {
    install();
    expect(find({ isRoot: true })).toEqual({ reason: 'its sandbox does not run as root' });
  });

  it('is not used where it does not run', () => {
    install();
    const run = () => ({ status: 127, errors: 'error while loading libgtk-3.so.0\nmore' });
    expect(find({ run })).toEqual({
      reason: 'it does not run on this system (error while loading libgtk-3.so.0)',
    });
  });

  it('is not downloaded again for an hour after that failed', () => {
    const reason = 'its runtime could not be downloaded (TypeError: fetch failed)';
    expect(find()).toEqual({ reason });
    expect(find({ now: 60_000 })).toEqual({
      reason: `${reason}; to try again now: npx install-electron`,
    });
    expect(ran).toEqual(['download']);
    expect(find({ now: 3_700_000 })).toEqual({ reason });
    expect(ran).toEqual(['download', 'download']);
  });

  it('is used at once where it was installed by hand after a failure', () => {
    find();
    install();
    expect(find({ now: 60_000 })).toEqual({ program: program() });
  });

  it('does not keep anyone waiting', () => {
    expect(find({}, () => ({ status: undefined, errors: '' }))).toEqual({
      reason: 'its runtime could not be downloaded (it took longer than three minutes)',
    });
  });
});
