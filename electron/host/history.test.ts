import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '../store/open-store.ts';
import { ACCOUNT, accountNamed } from '../store/scratch-store.ts';
import type { Store } from '../store/store.ts';
import { type HistorySource, loadHistory } from './history.ts';

const CHAT = 'juliet@capulet.lit';

describe('loadHistory', () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-history-'));
    store = await openStore(folder);
    await store.accounts.insert(accountNamed(ACCOUNT));
  });

  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const hear = (body: string) =>
    store.messages.take(ACCOUNT, [{ chat: CHAT, outgoing: false, body, at: 1 }], 'end');

  /** An archive that never answers, and whether it was asked. */
  function silentArchive() {
    const backward = vi.fn(() => new Promise<never>(() => {}));
    const source = { archive: { backward } } as unknown as HistorySource;
    return { source, backward };
  }

  const load = (source: HistorySource | undefined, before?: number) =>
    loadHistory({ store, accountId: ACCOUNT, chat: CHAT, before, limit: 50, source });

  it('shows what is here at once, without waiting for the archive', async () => {
    await hear('hello');
    const { source, backward } = silentArchive();
    const { messages, atStart } = await load(source);
    expect(messages.map((message) => message.body)).toEqual(['hello']);
    expect(atStart).toBe(false);
    expect(backward).not.toHaveBeenCalled();
  });

  it('asks the archive for what is older, and for a chat with nothing here, but not for ever', async () => {
    const { source, backward } = silentArchive();
    load(source);
    await vi.waitFor(() => expect(backward).toHaveBeenCalledOnce());
    expect(backward).toHaveBeenCalledWith(expect.objectContaining({ timeoutMs: 15_000 }));
    await hear('hello');
    load(source, 0);
    await vi.waitFor(() => expect(backward).toHaveBeenCalledTimes(2));
  });

  it('says that older messages need a connection', async () => {
    await hear('hello');
    const { messages, problem } = await load(undefined);
    expect(messages).toHaveLength(1);
    expect(problem?.code).toBe('network.offline');
  });

  it('is at the start once the archive has nothing older', async () => {
    await hear('hello');
    await store.chats.setArchiveExhausted(ACCOUNT, CHAT);
    expect(await load(undefined)).toMatchObject({ atStart: true });
  });
});
