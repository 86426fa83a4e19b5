import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../shared/contract/records.ts';
import type { Problem } from '../../shared/problem.ts';
import {
  ACCOUNT,
  openScratchStore,
  type ScratchStore,
  sessionFrom,
} from '../store/scratch-store.ts';
import type { ChatsRepository, MessagesRepository } from '../store/store.ts';
import { ChatFeed } from './chat-feed.ts';
import { Outbox } from './outbox.ts';

const ROMEO = 'romeo@example.org';
const refused: Problem = {
  code: 'server.message-item-not-found',
  source: 'server',
  message: 'There is nobody at this address.',
  advice: '',
  retry: 'never',
};

let store: ScratchStore;
let told: Message[];
let outbox: Outbox;
let handed: string[];

/** The same repository with every call answered later, as the worker does. */
function remote<T extends object>(repository: T): { [K in keyof T]: never } {
  return new Proxy(repository, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...parameters: unknown[]) => unknown;
      return async (...parameters: unknown[]) => {
        const result = method.apply(target, parameters);
        await new Promise((resolve) => setImmediate(resolve));
        return result;
      };
    },
  }) as { [K in keyof T]: never };
}

beforeEach(() => {
  store = openScratchStore();
  told = [];
  handed = [];
  const feed = new ChatFeed({
    accountId: ACCOUNT,
    chats: remote(store.chats) as unknown as ChatsRepository,
    publish: (event) => event.type === 'message' && told.push(event.message),
    onFailure: (thrown) => {
      throw thrown;
    },
  });
  let clock = 0;
  outbox = new Outbox({
    accountId: ACCOUNT,
    messages: remote(store.messages) as unknown as MessagesRepository,
    feed,
    now: () => ++clock,
  });
});
afterEach(() => store.remove());

const write = (id: string) => outbox.write({ id, chat: ROMEO, body: `text of ${id}` });
const hand = ({ id }: Message) => handed.push(id);
/** What the session does with messages handed to it. */
function send(...ids: string[]): void {
  store.sessions.begin(ACCOUNT, sessionFrom(1));
  store.sessions.append(ACCOUNT, { rid: 1, body: '', messageIds: ids });
}

describe('the outbox', () => {
  it('stores and tells a message while there is no connection, and hands it over later', async () => {
    await write('one');
    await write('two');
    expect(told.map(({ id, state }) => [id, state])).toEqual([
      ['one', 'waiting'],
      ['two', 'waiting'],
    ]);
    await outbox.attach(hand);
    expect(handed).toEqual(['one', 'two']);
  });

  it('hands each message to a stream once, and again to the next stream if it still waits', async () => {
    await outbox.attach(hand);
    await write('one');
    await write('one');
    expect(handed).toEqual(['one']);
    outbox.detach();
    await outbox.attach(hand);
    expect(handed).toEqual(['one', 'one']);
  });

  it('does not hand over again what is on its way', async () => {
    await outbox.attach(hand);
    await write('one');
    send('one');
    outbox.detach();
    await outbox.attach(hand);
    expect(handed).toEqual(['one']);
  });

  it('hands over in the order of writing, whatever happens meanwhile', async () => {
    const step = fc.constantFrom('write', 'attach', 'detach', 'pass' as const);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const run = fc.sample(fc.uuid(), 1)[0];
        const written: string[] = [];
        const streams: string[][] = [];
        const under: Promise<unknown>[] = [];
        outbox.detach();
        store.database.run('DELETE FROM messages');
        for (const what of steps) {
          if (what === 'write') {
            const id = `${run} ${written.length}`;
            written.push(id);
            under.push(write(id));
          } else if (what === 'attach') {
            const stream: string[] = [];
            streams.push(stream);
            under.push(outbox.attach(({ id }) => stream.push(id)));
          } else if (what === 'detach') outbox.detach();
          else await new Promise((resolve) => setImmediate(resolve));
        }
        const last: string[] = [];
        under.push(outbox.attach(({ id }) => last.push(id)));
        await Promise.all(under);
        expect(last).toEqual(written);
        for (const stream of streams) {
          expect(stream).toEqual(written.filter((id) => stream.includes(id)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('sends a failed message again under its id', async () => {
    await outbox.attach(hand);
    await write('one');
    send('one');
    await outbox.failed(['one'], refused);
    expect(told.at(-1)).toMatchObject({ id: 'one', state: 'failed', problem: refused });
    await outbox.retry('one');
    expect(handed).toEqual(['one', 'one']);
  });

  it('has nothing to retry where nothing failed', async () => {
    await write('one');
    await expect(outbox.retry('one')).rejects.toMatchObject({
      problem: { code: 'input.not-failed' },
    });
    await expect(outbox.retry('unknown')).rejects.toThrow();
  });

  it('deletes what waits, and never hands it over', async () => {
    await write('one');
    const [deleted] = await Promise.all([outbox.discard('one'), outbox.attach(hand)]).then(
      () => ['deleted'],
      () => ['handed over'],
    );
    // Whichever came first: it is never both deleted and sent.
    expect(handed).toEqual(deleted === 'deleted' ? [] : ['one']);
  });

  it('does not delete what a stream has already', async () => {
    await outbox.attach(hand);
    await write('one');
    await expect(outbox.discard('one')).rejects.toMatchObject({
      problem: { code: 'input.already-handed' },
    });
    expect(store.messages.get(ACCOUNT, 'one')).toBeDefined();
  });
});
