import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call, Repositories } from './calls.ts';
import { carryOut } from './carry-out.ts';
import { ACCOUNT, accountNamed, openScratchStore, type ScratchStore } from './scratch-store.ts';

let store: ScratchStore;
beforeEach(() => {
  store = openScratchStore();
});
afterEach(() => store.remove());

const insert = (id: string): Call => ['accounts', 'insert', [accountNamed(id)]];
const ids = () => store.accounts.list().map(({ id }) => id);
const run = (...calls: Call[]) => carryOut(store.database, store, calls).answers;

describe('the calls of one tick', () => {
  it('are carried out in order, each seeing those before it', () => {
    const answers = run(insert('b'), ['accounts', 'list', []], insert('c'), [
      'accounts',
      'list',
      [],
    ]);
    const listed = answers.flatMap((answer) =>
      'value' in answer && Array.isArray(answer.value) ? [answer.value.map(({ id }) => id)] : [],
    );
    expect(listed).toEqual([
      [ACCOUNT, 'b'],
      [ACCOUNT, 'b', 'c'],
    ]);
  });

  it('fail one by one: a call that fails leaves no trace and takes no other with it', () => {
    const twice: Call = [
      'contacts',
      'put',
      [ACCOUNT, [contact('kept@there'), { ...contact('bad@there'), subscription: 'maybe' }]],
    ];
    const answers = run(insert('b'), twice, insert('b'), insert('c'));
    expect(answers.map((answer) => 'problem' in answer)).toEqual([false, true, true, false]);
    expect(answers[1]).toEqual({ problem: expect.objectContaining({ code: 'app.store-failed' }) });
    expect(store.contacts.list(ACCOUNT)).toEqual([]);
    expect(ids()).toEqual([ACCOUNT, 'b', 'c']);
  });

  it('fail together where the transaction cannot be committed', () => {
    const orphan = () => {
      store.database.execute('PRAGMA defer_foreign_keys = ON');
      store.database.run('INSERT INTO chats (account, jid, opened_at) VALUES (4711, ?, 0)', 'a@b');
    };
    const repositories: Repositories = { ...store, avatars: { put: orphan, get: () => undefined } };
    const { answers } = carryOut(store.database, repositories, [
      insert('b'),
      ['avatars', 'put', []],
    ]);
    expect(answers).toHaveLength(2);
    for (const answer of answers) {
      expect(answer).toEqual({ problem: expect.objectContaining({ code: 'app.store-failed' }) });
    }
    expect(store.database.inTransaction).toBe(false);
    expect(ids()).toEqual([ACCOUNT]);
  });

  it('fail together where SQLite ends the transaction by itself', () => {
    const repositories: Repositories = {
      ...store,
      avatars: {
        put: () => {
          store.database.execute('ROLLBACK');
          throw new Error('disk I/O error');
        },
        get: () => undefined,
      },
    };
    const { answers } = carryOut(store.database, repositories, [
      insert('b'),
      ['avatars', 'put', []],
      insert('c'),
    ]);
    expect(answers.every((answer) => 'problem' in answer)).toBe(true);
    expect(ids()).toEqual([ACCOUNT]);
  });

  it('say so where there is no room left', () => {
    const pages =
      store.database.first<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
    store.database.execute(`PRAGMA max_page_count = ${pages + 4}`);
    const image = new Uint8Array(100_000);
    const answers = run(insert('b'), ['avatars', 'put', [ACCOUNT, 'hash', 'image/png', image]]);
    expect(answers[1]).toEqual({ problem: expect.objectContaining({ code: 'app.store-full' }) });
    expect(run(['avatars', 'get', [ACCOUNT, 'hash']])).toEqual([{ value: undefined }]);
  });
});

function contact(jid: string) {
  return { jid, subscription: 'both', asked: false, request: false, inRoster: true, groups: [] };
}
