import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE_FILE, openDatabase, requireFts5 } from './open-database.ts';
import { createRepositories } from './repositories/repositories.ts';
import { accountNamed, scratchFolder } from './scratch-store.ts';

let folder: string;
const file = () => join(folder, DATABASE_FILE);
const setAside = () => readdirSync(folder).filter((name) => name.includes('.damaged-'));
const coded = (code: string) =>
  expect.objectContaining({ problem: expect.objectContaining({ code, source: 'app' }) });

beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A database with enough in it that its tables have pages of their own. */
function fill(): void {
  const opened = openDatabase(folder);
  const { accounts, messages } = createRepositories(opened.database);
  accounts.insert(accountNamed('one'));
  for (let index = 0; index < 300; index += 1) {
    messages.insertOutgoing('one', {
      id: `id-${index}`,
      chat: 'a@b',
      body: 'x'.repeat(200),
      at: 1,
    });
  }
  opened.close();
}

describe('a new folder', () => {
  it('is made, with all in it for this person only', () => {
    const inside = join(folder, 'deep', 'inside');
    const opened = openDatabase(inside);
    expect(opened.notices).toEqual([]);
    expect(statSync(inside).mode & 0o777).toBe(0o700);
    expect(statSync(join(inside, DATABASE_FILE)).mode & 0o777).toBe(0o600);
    opened.close();
  });

  it('has a database with a write-ahead log, foreign keys and the sync mode that goes with it', () => {
    const opened = openDatabase(folder);
    const pragma = (name: string) =>
      Object.values(opened.database.first(`PRAGMA ${name}`) ?? {})[0];
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(1);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('busy_timeout')).toBeGreaterThan(0);
    opened.close();
  });

  it('keeps what was written', () => {
    fill();
    const opened = openDatabase(folder);
    expect(createRepositories(opened.database).accounts.list()).toEqual([accountNamed('one')]);
    expect(opened.notices).toEqual([]);
    opened.close();
  });
});

describe('a folder in use', () => {
  it('is refused until it is given back, and nothing in it changes', () => {
    const opened = openDatabase(folder);
    expect(() => openDatabase(folder)).toThrow(coded('app.store-in-use'));
    createRepositories(opened.database).accounts.insert(accountNamed('one'));
    opened.close();
    const next = openDatabase(folder);
    expect(createRepositories(next.database).accounts.list()).toHaveLength(1);
    next.close();
  });
});

describe('a database of a newer version', () => {
  it('is refused and left as it is', () => {
    fill();
    const newer = new DatabaseSync(file());
    newer.exec('PRAGMA user_version = 4711');
    newer.close();
    const before = readFileSync(file());
    expect(() => openDatabase(folder)).toThrow(coded('app.store-newer'));
    expect(readFileSync(file()).equals(before)).toBe(true);
    expect(setAside()).toEqual([]);
    // The lock is free again: it is refused for the same reason.
    expect(() => openDatabase(folder)).toThrow(coded('app.store-newer'));
  });
});

describe('a damaged database', () => {
  const damages: Record<string, () => void> = {
    'is not a database': () =>
      writeFileSync(file(), 'Once upon a time there was a file. '.repeat(99)),
    'has a header of zeros': () => scribble(0, Buffer.alloc(100)),
    'is cut in the middle': () => truncateSync(file(), Math.floor(statSync(file()).size / 2)),
    'has noise in its first table': () => scribble(100, Buffer.alloc(400, 0xa5)),
    'has noise in a page of messages': () =>
      scribble(Math.floor(statSync(file()).size / 8192) * 4096, Buffer.alloc(4096, 0x5a)),
    'is empty beside a log that is not': () => {
      writeFileSync(`${file()}-wal`, readFileSync(file()));
      truncateSync(file(), 0);
    },
    'has tables of something else': () => {
      rmSync(file());
      const other = new DatabaseSync(file());
      other.exec('CREATE TABLE accounts (a)');
      other.close();
    },
  };

  function scribble(offset: number, bytes: Buffer): void {
    const handle = openSync(file(), 'r+');
    writeSync(handle, bytes, 0, bytes.length, offset);
    closeSync(handle);
  }

  it.each(Object.entries(damages))('that %s is set aside, and a new one is made', (_, damage) => {
    fill();
    damage();
    const damaged = readFileSync(file());
    const opened = openDatabase(folder);
    expect(opened.notices).toEqual([
      expect.objectContaining({ code: 'app.store-damaged', source: 'app', retry: 'never' }),
    ]);
    const aside = setAside().find((name) => !/-(wal|shm)$/u.test(name)) ?? '';
    expect(opened.notices[0]?.message).toContain(join(folder, aside));
    expect(readFileSync(join(folder, aside)).equals(damaged)).toBe(true);
    const { accounts } = createRepositories(opened.database);
    expect(accounts.list()).toEqual([]);
    accounts.insert(accountNamed('two'));
    opened.close();

    const next = openDatabase(folder);
    expect(next.notices).toEqual([]);
    expect(createRepositories(next.database).accounts.list()).toHaveLength(1);
    next.close();
  });

  it('takes its log with it', () => {
    fill();
    writeFileSync(`${file()}-wal`, 'the log');
    truncateSync(file(), 0);
    openDatabase(folder).close();
    const log = setAside().find((name) => name.endsWith('-wal')) ?? '';
    expect(readFileSync(join(folder, log), 'utf8')).toBe('the log');
  });

  it('does not take the place of one set aside before', () => {
    for (const text of ['first', 'second', 'third']) {
      writeFileSync(file(), `${text} `.repeat(200));
      openDatabase(folder).close();
      rmSync(file());
    }
    const starts = setAside().map((name) => readFileSync(join(folder, name), 'utf8').split(' ')[0]);
    expect(starts.sort()).toEqual(['first', 'second', 'third']);
  });
});

describe('a folder that cannot be used', () => {
  it('is not taken for a damaged database', () => {
    mkdirSync(file());
    expect(() => openDatabase(folder)).toThrow();
    expect(existsSync(file())).toBe(true);
    expect(setAside()).toEqual([]);
  });
});

describe('requireFts5', () => {
  it('is content with the SQLite that comes with Node', () => {
    expect(() => requireFts5(new DatabaseSync(':memory:'))).not.toThrow();
  });

  it('says so loudly where full-text search is missing', () => {
    const without = {
      exec() {
        throw new Error('no such module: fts5');
      },
      close() {},
    };
    expect(() => requireFts5(without)).toThrow(coded('app.store-fts5'));
  });
});
