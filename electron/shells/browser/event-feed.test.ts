import { once } from 'node:events';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeHost, type FakeHost, notice } from '../host.fake.ts';
import { createEventFeed, type EventFeed, type EventSink } from './event-feed.ts';

let host: FakeHost;
let feed: EventFeed;

beforeEach(() => {
  host = createFakeHost();
});

afterEach(() => feed.close());

/** A reader that takes in one chunk each time it is told to. */
class SlowReader extends Writable {
  taken = '';
  #go: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 1_000, decodeStrings: false });
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void) {
    this.#go = () => {
      this.taken += chunk;
      done();
    };
  }

  /** Takes in all there is until nothing more comes. */
  async takeAll(): Promise<string> {
    while (this.#go) {
      const go = this.#go;
      this.#go = undefined;
      go();
      await new Promise(setImmediate);
    }
    return this.taken;
  }
}

function attach(reader: SlowReader): void {
  const sink = Object.assign(reader, { writeHead: () => sink }) as unknown as EventSink;
  feed.attach(sink, undefined);
}

const large = (code: string) => notice(`${code} ${'x'.repeat(1_000)}`);
const snapshotsIn = (text: string) => text.match(/"type":"snapshot"/gu)?.length;

describe('a reader that falls behind', () => {
  it('costs no more memory than what is remembered anyway, and gets a snapshot when it reads on', async () => {
    feed = createEventFeed(host, { remembered: 5 });
    const reader = new SlowReader();
    attach(reader);
    host.emit(large('filler'));
    const held = reader.writableLength;
    for (let count = 0; count < 20; count += 1) host.emit(large('missed'));
    expect(reader.writableLength).toBe(held);
    const taken = await reader.takeAll();
    expect(snapshotsIn(taken)).toBe(2);
    expect(taken).not.toContain('missed');
    host.emit(notice('after'));
    expect(await reader.takeAll()).toContain('"code":"after"');
  });

  it('gets what it missed where that is remembered', async () => {
    feed = createEventFeed(host, { remembered: 5 });
    const reader = new SlowReader();
    attach(reader);
    for (const code of ['filler', 'one', 'two', 'three']) host.emit(large(code));
    const taken = await reader.takeAll();
    expect(snapshotsIn(taken)).toBe(1);
    const codes = [...taken.matchAll(/"code":"(\w+)/gu)].map((match) => match[1]);
    expect(codes).toEqual(['filler', 'one', 'two', 'three']);
  });

  it('is dropped when it takes in nothing for two heartbeats', async () => {
    feed = createEventFeed(host, { heartbeatMs: 5 });
    const reader = new SlowReader();
    attach(reader);
    host.emit(large('filler'));
    await once(reader, 'close');
    expect(reader.destroyed).toBe(true);
  });
});

describe('what is remembered', () => {
  it('is bounded in characters too', async () => {
    feed = createEventFeed(host, { rememberedCharacters: 3_000 });
    const reader = new SlowReader();
    attach(reader);
    for (const code of ['filler', 'one', 'two', 'three', 'four']) host.emit(large(code));
    const taken = await reader.takeAll();
    expect(snapshotsIn(taken)).toBe(2);
  });
});

describe('a quiet connection', () => {
  it('carries a heartbeat, so that whatever is between keeps it', async () => {
    feed = createEventFeed(host, { heartbeatMs: 5 });
    const reader = new SlowReader();
    const heartbeat = new Promise((resolve) => {
      reader.write = (chunk: unknown) => {
        if (chunk === ':\n\n') resolve(chunk);
        return true;
      };
    });
    attach(reader);
    expect(await heartbeat).toBe(':\n\n');
  });
});

describe('a host whose snapshot takes a while', () => {
  it('is waited for before anything else is written', async () => {
    const { subscribe } = host;
    const deliver: (() => void)[] = [];
    host.subscribe = (listener) => {
      let live = false;
      deliver.push(() => {
        live = true;
        listener({ type: 'snapshot', snapshot: { accounts: [], notices: [] } });
      });
      return subscribe((event) => live && listener(event));
    };
    feed = createEventFeed(host);
    deliver.shift()?.();
    const reader = new SlowReader();
    attach(reader);
    host.emit(notice('before'));
    deliver.shift()?.();
    host.emit(notice('after'));
    const taken = await reader.takeAll();
    expect(taken).not.toContain('"code":"before"');
    expect(taken.indexOf('snapshot')).toBeLessThan(taken.indexOf('"code":"after"'));
    expect(snapshotsIn(taken)).toBe(1);
  });
});
