import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from './open-store.ts';
import { ACCOUNT, accountNamed, scratchFolder } from './scratch-store.ts';
import type { Store } from './store.ts';

let folder: string;
let opened: Store[];
const coded = (code: string) => ({ problem: { code, source: 'app' } });

async function open(): Promise<Store> {
  const store = await openStore(folder);
  opened.push(store);
  return store;
}

beforeEach(() => {
  folder = scratchFolder();
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
  rmSync(folder, { recursive: true, force: true });
});

describe('the store', { timeout: 30_000 }, () => {
  it('answers from its worker, and keeps what it was told', async () => {
    const store = await open();
    expect(store.notices).toEqual([]);
    await store.accounts.insert(accountNamed(ACCOUNT));
    const bytes = new Uint8Array([1, 2, 3]);
    await store.avatars.put(ACCOUNT, 'hash', 'image/png', bytes);
    await store.close();

    const next = await open();
    expect(await next.accounts.list()).toEqual([accountNamed(ACCOUNT)]);
    expect(await next.avatars.get(ACCOUNT, 'hash')).toEqual({ type: 'image/png', bytes });
    expect(await next.messages.get(ACCOUNT, 'unknown')).toBeUndefined();
  });

  it('sends the calls of one tick as one message, and has them carried out in order', async () => {
    const store = await open();
    await store.accounts.insert(accountNamed(ACCOUNT));
    const post = vi.spyOn(Worker.prototype, 'postMessage');
    const ids = Array.from({ length: 50 }, (_, index) => `id-${index}`);
    const messages = await Promise.all(
      ids.map((id) => store.messages.insertOutgoing(ACCOUNT, { id, chat: 'a@b', body: id, at: 1 })),
    );
    expect(post).toHaveBeenCalledTimes(1);
    post.mockRestore();
    expect(messages.map(({ id }) => id)).toEqual(ids);
    expect(await store.messages.inState(ACCOUNT, 'waiting')).toEqual(messages);
  });

  it('rejects a call that fails, alone, with a Problem', async () => {
    const store = await open();
    const [one, again, other] = await Promise.allSettled([
      store.accounts.insert(accountNamed('one')),
      store.accounts.insert(accountNamed('one')),
      store.accounts.insert(accountNamed('other')),
    ]);
    expect([one?.status, other?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(again).toMatchObject({ status: 'rejected', reason: coded('app.store-failed') });
    expect((await store.accounts.list()).map(({ id }) => id)).toEqual(['one', 'other']);
  });

  it('finishes what was called before closing, and takes nothing after', async () => {
    const store = await open();
    const before = store.accounts.insert(accountNamed('before'));
    const closing = store.close();
    const after = store.accounts.insert(accountNamed('after'));
    await expect(after).rejects.toMatchObject(coded('app.store-closed'));
    await before;
    await closing;
    await store.close();
    expect((await (await open()).accounts.list()).map(({ id }) => id)).toEqual(['before']);
  });

  it('tells of a damaged database', async () => {
    writeFileSync(join(folder, 'holdfast.db'), 'noise '.repeat(1000));
    expect((await open()).notices).toEqual([
      expect.objectContaining({ code: 'app.store-damaged' }),
    ]);
  });

  it('is refused where the folder cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openStore(join(folder, 'file'))).rejects.toMatchObject(coded('app.store-failed'));
  });

  it('is refused while it is open, and can be had after', async () => {
    const store = await open();
    await expect(openStore(folder)).rejects.toMatchObject(coded('app.store-in-use'));
    await store.close();
    await open();
  });
});

describe('a process that is killed while it writes', { timeout: 60_000 }, () => {
  it('keeps the folder to itself, and leaves no lock behind', async () => {
    const child = startWriter();
    try {
      await read(child, 1, () => {});
      child.kill('SIGSTOP');
      await expect(openStore(folder)).rejects.toMatchObject(coded('app.store-in-use'));
    } finally {
      await kill(child);
    }
    await open();
  });

  it('loses nothing that was acknowledged, and leaves nothing half done', async () => {
    const acknowledged: { id: string; state: string; rid: number }[] = [];
    let kills = 0;
    for (const lines of [1, 40, 150]) {
      const child = startWriter();
      try {
        await read(child, lines, (line) => {
          const [id = '', state = '', rid = ''] = line.split(' ');
          acknowledged.push({ id, state, rid: Number(rid) });
        });
      } finally {
        await kill(child);
      }

      const store = await openStore(folder);
      opened.push(store);
      expect(store.notices).toEqual([]);
      const messages = await store.messages.page(ACCOUNT, 'a@b', undefined, 100_000);
      const states = new Map(messages.map(({ id, state }) => [id, state]));
      expect(acknowledged.map(({ id }) => states.get(id))).toEqual(
        acknowledged.map(({ state }) => state),
      );
      const payloads = new Set((await store.sessions.unprocessed(ACCOUNT)).map(({ rid }) => rid));
      expect(acknowledged.map(({ rid }) => payloads.has(rid))).toEqual(
        acknowledged.map(({ state }) => state === 'sent'),
      );
      const inState = (wanted: string) =>
        messages.filter(({ state }) => state === wanted).map(({ id }) => id);
      const session = await store.sessions.load(ACCOUNT);
      const carried = session?.unanswered.flatMap(({ messageIds }) => messageIds);
      expect(carried?.sort()).toEqual(inState('sending').sort());
      // Each kill may come after a message was written and before it was handed over.
      kills += 1;
      const waiting = inState('waiting').length;
      expect(waiting).toBeLessThanOrEqual(kills);
      expect(session?.nextRid).toBe(messages.length - waiting + 1);
      await store.close();
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(191);
  });
});

function startWriter(): ChildProcess {
  const script = fileURLToPath(new URL('./write-until-killed.ts', import.meta.url));
  return spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Resolves with the given number of lines read; what comes after is read too, until the process ends. */
async function read(
  child: ChildProcess,
  lines: number,
  take: (line: string) => void,
): Promise<void> {
  if (!child.stdout) throw new Error('The writer has no output.');
  let count = 0;
  const reader = createInterface(child.stdout);
  await new Promise<void>((resolve, reject) => {
    reader.on('line', (line) => {
      take(line);
      count += 1;
      if (count === lines) resolve();
    });
    reader.on('close', () => reject(new Error(`The writer ended after ${count} lines.`)));
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
