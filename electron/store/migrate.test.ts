import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from './database.ts';
import { migrate, refuseNewer, versionOf } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';

let database: Database;
const schema = (of: Database) =>
  of.all<{ sql: string }>('SELECT name, sql FROM sqlite_schema ORDER BY name');

beforeEach(() => {
  database = new Database(new DatabaseSync(':memory:'));
});
afterEach(() => database.close());

describe('the migrations', () => {
  it('are numbered files, all of them in the list', () => {
    const folder = new URL('./migrations/', import.meta.url);
    const files = readdirSync(folder).filter((name) => /^\d{4}-/u.test(name));
    const list = readFileSync(new URL('migrations.ts', folder), 'utf8');
    expect(files.map((name) => Number(name.slice(0, 4)))).toEqual(
      migrations.map((_, index) => index + 1),
    );
    for (const name of files) expect(list).toContain(`'./${name}'`);
  });

  it('lead from every earlier version to the schema of a new database', () => {
    migrate(database, migrations);
    expect(versionOf(database)).toBe(migrations.length);
    for (let version = 0; version <= migrations.length; version += 1) {
      const older = new Database(new DatabaseSync(':memory:'));
      migrate(older, migrations.slice(0, version));
      expect(versionOf(older)).toBe(version);
      migrate(older, migrations);
      expect(versionOf(older)).toBe(migrations.length);
      expect(schema(older)).toEqual(schema(database));
      older.close();
    }
  });

  it('make strict tables only', () => {
    migrate(database, migrations);
    const loose = database.all(
      `SELECT name FROM pragma_table_list
       WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'`,
    );
    expect(loose).toEqual([]);
  });
});

describe('migrate', () => {
  const steps = [
    'CREATE TABLE one (a)',
    'INSERT INTO one VALUES (1)',
    'INSERT INTO one VALUES (2)',
  ];

  it('runs what is missing, in order, once', () => {
    migrate(database, steps.slice(0, 2));
    migrate(database, steps);
    migrate(database, steps);
    expect(database.all<{ a: number }>('SELECT a FROM one').map(({ a }) => a)).toEqual([1, 2]);
  });

  it('leaves the version before a step that fails, and none of its traces', () => {
    const failing = [...steps, 'INSERT INTO one VALUES (3); INSERT INTO missing VALUES (4)'];
    expect(() => migrate(database, failing)).toThrow(/missing/u);
    expect(versionOf(database)).toBe(3);
    expect(database.inTransaction).toBe(false);
    expect(database.all('SELECT a FROM one')).toHaveLength(2);
  });
});

describe('refuseNewer', () => {
  it('refuses a version it does not know, and no other', () => {
    database.execute('PRAGMA user_version = 3');
    expect(() => refuseNewer(database, ['', '', ''])).not.toThrow();
    expect(() => refuseNewer(database, ['', ''])).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({
          code: 'app.store-newer',
          source: 'app',
          retry: 'never',
        }),
      }),
    );
  });
});
