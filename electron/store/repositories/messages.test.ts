import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageSchema } from '../../../shared/contract/records.ts';
import type { Problem } from '../../../shared/problem.ts';
import {
  ACCOUNT,
  accountNamed,
  openScratchStore,
  type ScratchStore,
  sessionFrom,
} from '../scratch-store.ts';
import type { ArrivedMessage } from '../store.ts';

const PEER = 'juliet@there';
const problem: Problem = {
  code: 'server.refused',
  source: 'server',
  message: 'It came back.',
  advice: '',
  retry: 'never',
};

let store: ScratchStore;
let rid: number;
beforeEach(() => {
  store = openScratchStore();
  rid = 0;
});
afterEach(() => store.remove());

function write(id: string, chat = PEER) {
  return store.messages.insertOutgoing(ACCOUNT, { id, chat, body: `body of ${id}`, at: 1000 });
}

/** Writes a request with these messages into a session, which begins with the first. */
function handOver(...messageIds: string[]) {
  if (rid === 0) store.sessions.begin(ACCOUNT, sessionFrom(1));
  rid += 1;
  return store.sessions.append(ACCOUNT, { rid, body: '<body/>', messageIds });
}

function arrival(id: string, more: Partial<ArrivedMessage> = {}): ArrivedMessage {
  return { chat: PEER, outgoing: false, body: `body of ${id}`, at: 1000, messageId: id, ...more };
}
const own = (id: string, more: Partial<ArrivedMessage> = {}) =>
  arrival(id, { outgoing: true, ...more });

const take = (place: 'end' | 'start', ...messages: ArrivedMessage[]) =>
  store.messages.take(ACCOUNT, messages, place);
const page = (before?: number, limit = 100) => store.messages.page(ACCOUNT, PEER, before, limit);
const bodies = () => page().map(({ body }) => body.replace('body of ', ''));
const stateOf = (id: string) => store.messages.get(ACCOUNT, id)?.state;

describe('a message written here', () => {
  it('waits behind all others, in the order of writing', () => {
    const first = write('w1');
    const second = write('w2');
    expect(first).toEqual({
      id: 'w1',
      chat: PEER,
      outgoing: true,
      body: 'body of w1',
      at: 1000,
      position: first.position,
      state: 'waiting',
    });
    take('end', arrival('in'));
    expect(bodies()).toEqual(['in', 'w1', 'w2']);
    expect(second.position).toBeGreaterThan(first.position);
    expect(page().map((message) => messageSchema.parse(message))).toEqual(page());
    expect(store.messages.get(ACCOUNT, 'w1')).toEqual(first);
  });

  it('is stored once, however often the command comes', () => {
    const first = write('w1');
    handOver('w1');
    const again = store.messages.insertOutgoing(ACCOUNT, {
      id: 'w1',
      chat: PEER,
      body: 'x',
      at: 2,
    });
    expect(again).toEqual({ ...first, state: 'sending', position: 1 });
    expect(page()).toHaveLength(1);
  });

  it('keeps its place in the order where an earlier one was discarded', () => {
    write('w1');
    write('w2');
    store.messages.discard(ACCOUNT, 'w2');
    const third = write('w3');
    expect(store.messages.get(ACCOUNT, 'w3')).toEqual(third);
    expect(bodies()).toEqual(['w1', 'w3']);
  });

  it('may have the id of a message of another account', () => {
    store.accounts.insert(accountNamed('other'));
    write('w1');
    const other = { id: 'w1', chat: PEER, body: 'other', at: 1 };
    expect(store.messages.insertOutgoing('other', other).body).toBe('other');
    expect(store.messages.get(ACCOUNT, 'w1')?.body).toBe('body of w1');
  });
});

describe('the ladder', () => {
  it('goes by the journal: handed over, then taken', () => {
    write('w1');
    write('w2');
    take('end', arrival('in'));
    const moved = handOver('w2', 'unknown');
    expect(moved).toEqual([expect.objectContaining({ id: 'w2', state: 'sending', position: 2 })]);
    expect(store.sessions.taken(ACCOUNT, rid)).toEqual([
      expect.objectContaining({ id: 'w2', state: 'sent', position: 2 }),
    ]);
    expect(bodies()).toEqual(['in', 'w2', 'w1']);
  });

  it('returns only what really moved', () => {
    write('w1');
    handOver('w1');
    const set = (state: 'sent' | 'delivered' | 'failed') =>
      store.messages
        .setState(ACCOUNT, ['w1', 'unknown', 'w1'], state)
        .map((message) => message.state);
    expect(set('sent')).toEqual(['sent']);
    expect(set('sent')).toEqual([]);
    expect(set('delivered')).toEqual(['delivered']);
    expect(set('delivered')).toEqual([]);
    expect(set('sent')).toEqual([]);
    expect(set('failed')).toEqual([]);
    expect(stateOf('w1')).toBe('delivered');
  });

  it('lets a receipt overtake, and gives a place to what had none', () => {
    write('w1');
    take('end', arrival('in'));
    expect(store.messages.setState(ACCOUNT, ['w1'], 'delivered')).toEqual([
      expect.objectContaining({ state: 'delivered', position: 2 }),
    ]);
  });

  it('keeps the reason of a failure until it is tried again', () => {
    write('w1');
    handOver('w1');
    const [failed] = store.messages.setState(ACCOUNT, ['w1'], 'failed', problem);
    expect(failed).toMatchObject({ state: 'failed', problem, position: 1 });
    expect(store.messages.get(ACCOUNT, 'w1')).toEqual(failed);
    const [again] = store.messages.requeue(ACCOUNT, ['w1']);
    expect(again?.state).toBe('waiting');
    expect(again).not.toHaveProperty('problem');
    expect(store.messages.get(ACCOUNT, 'w1')).toEqual(again);
  });

  it('keeps a message that failed before it was handed over behind all others', () => {
    write('w1');
    store.messages.setState(ACCOUNT, ['w1'], 'failed', problem);
    take('end', arrival('in'));
    expect(bodies()).toEqual(['in', 'w1']);
  });

  it('does not touch what came from others', () => {
    const [message] = take('end', arrival('in')).added;
    const id = message?.id ?? '';
    for (const state of ['sent', 'delivered', 'failed'] as const) {
      expect(store.messages.setState(ACCOUNT, [id], state)).toEqual([]);
    }
    expect(store.messages.requeue(ACCOUNT, [id])).toEqual([]);
    expect(handOver(id)).toEqual([]);
    expect(store.messages.discard(ACCOUNT, id)).toBeUndefined();
    expect(stateOf(id)).toBe('received');
  });
});

describe('trying again', () => {
  it('puts messages back in the order of writing', () => {
    for (const id of ['w1', 'w2', 'w3']) write(id);
    handOver('w1', 'w2');
    store.messages.setState(ACCOUNT, ['w1'], 'failed', problem);
    expect(store.messages.requeue(ACCOUNT, ['w2', 'w1', 'w3']).map(({ id }) => id)).toEqual([
      'w2',
      'w1',
    ]);
    expect(store.messages.inState(ACCOUNT, 'waiting').map(({ id }) => id)).toEqual([
      'w1',
      'w2',
      'w3',
    ]);
    expect(bodies()).toEqual(['w1', 'w2', 'w3']);
  });

  it('leaves alone what was sent', () => {
    write('w1');
    store.messages.setState(ACCOUNT, ['w1'], 'sent');
    expect(store.messages.requeue(ACCOUNT, ['w1'])).toEqual([]);
  });
});

describe('discarding', () => {
  it('deletes what waits or failed, and returns it', () => {
    const waiting = write('w1');
    expect(store.messages.discard(ACCOUNT, 'w1')).toEqual(waiting);
    expect(store.messages.get(ACCOUNT, 'w1')).toBeUndefined();
    write('w2');
    handOver('w2');
    expect(store.messages.discard(ACCOUNT, 'w2')).toBeUndefined();
    store.messages.setState(ACCOUNT, ['w2'], 'failed');
    expect(store.messages.discard(ACCOUNT, 'w2')?.state).toBe('failed');
    expect(store.messages.discard(ACCOUNT, 'unknown')).toBeUndefined();
    expect(page()).toEqual([]);
  });
});

describe('pages', () => {
  it('hold the newest before a position, ascending', () => {
    take('end', ...['1', '2', '3', '4', '5'].map((id) => arrival(id)));
    const newest = page(undefined, 2);
    expect(newest.map(({ body }) => body)).toEqual(['body of 4', 'body of 5']);
    const before = page(newest[0]?.position, 2);
    expect(before.map(({ body }) => body)).toEqual(['body of 2', 'body of 3']);
    expect(page(before[0]?.position, 2).map(({ body }) => body)).toEqual(['body of 1']);
    expect(store.messages.page(ACCOUNT, 'nobody@there', undefined, 9)).toEqual([]);
  });
});

describe('what is on its way', () => {
  it('remembers the archive cursor of the oldest hand-over, in whatever chat and session', () => {
    const cursor = () => store.messages.oldestUnconfirmedCursor(ACCOUNT);
    for (const [id, chat] of [
      ['w1', PEER],
      ['w2', 'other@there'],
      ['w3', PEER],
    ] as const)
      write(id, chat);
    expect(cursor()).toBeUndefined();
    handOver('w2');
    expect(cursor()).toEqual({ cursor: null });
    store.accounts.update(ACCOUNT, { archiveCursor: 'c1' });
    handOver('w1');
    store.sessions.begin(ACCOUNT, sessionFrom(50));
    store.accounts.update(ACCOUNT, { archiveCursor: 'c2' });
    store.sessions.append(ACCOUNT, { rid: 50, body: '<body/>', messageIds: ['w3'] });
    expect(cursor()).toEqual({ cursor: null });
    store.messages.setState(ACCOUNT, ['w2'], 'sent');
    expect(cursor()).toEqual({ cursor: 'c1' });
    expect(store.messages.inState(ACCOUNT, 'sending').map(({ id }) => id)).toEqual(['w1', 'w3']);
    store.messages.requeue(ACCOUNT, ['w1']);
    expect(cursor()).toEqual({ cursor: 'c2' });
    store.sessions.append(ACCOUNT, { rid: 51, body: '<body/>', messageIds: ['w1'] });
    store.messages.setState(ACCOUNT, ['w3'], 'sent');
    expect(cursor()).toEqual({ cursor: 'c2' });
    store.messages.setState(ACCOUNT, ['w1'], 'failed');
    expect(cursor()).toBeUndefined();
  });
});

describe('what arrives', () => {
  it('is added at the end with an id of our own', () => {
    const { added, changed } = take('end', arrival('1'), arrival('2', { stanzaId: 's2' }));
    expect(changed).toEqual([]);
    expect(added).toEqual(page());
    expect(added.map(({ position, state }) => [position, state])).toEqual([
      [1, 'received'],
      [2, 'received'],
    ]);
    for (const message of added) {
      expect(messageSchema.parse(message)).toEqual(message);
      expect(message.id).toMatch(/^[0-9a-f]{8}-/u);
    }
  });

  it('from another device of ours keeps the id it was sent with, where that is free', () => {
    const { added } = take('end', own('carbon-1'), own('carbon-1', { chat: 'other@there' }));
    expect(added.map(({ id, state }) => [id === 'carbon-1', state])).toEqual([
      [true, 'sent'],
      [false, 'sent'],
    ]);
    expect(store.messages.setState(ACCOUNT, ['carbon-1'], 'delivered')).toHaveLength(1);
    const [long] = take('end', own('x'.repeat(300))).added;
    expect(messageSchema.parse(long).id).toHaveLength(36);
  });

  it('is known by its archive id in all of the account', () => {
    take('end', arrival('1', { stanzaId: 's1' }));
    const copies = [
      arrival('1', { stanzaId: 's1' }),
      arrival('other', { stanzaId: 's1', chat: 'elsewhere@there' }),
      { chat: PEER, outgoing: false, body: 'b', at: 9, stanzaId: 's1' },
    ];
    expect(take('end', ...copies)).toEqual({ added: [], changed: [] });
    expect(bodies()).toEqual(['1']);
  });

  it('gains its archive id from a later copy', () => {
    take('end', arrival('1'));
    expect(store.messages.oldestStanzaId(ACCOUNT, PEER)).toBeUndefined();
    expect(take('start', arrival('1', { stanzaId: 's1' }))).toEqual({ added: [], changed: [] });
    expect(store.messages.oldestStanzaId(ACCOUNT, PEER)).toBe('s1');
    const bare = { chat: PEER, outgoing: false, body: 'b', at: 9, stanzaId: 's1' };
    expect(take('end', bare).added).toEqual([]);
  });

  it('is one message where the archive has it twice', () => {
    const twice = [arrival('1', { stanzaId: 's1' }), arrival('1', { stanzaId: 's2', at: 60_000 })];
    expect(take('end', ...twice).added).toHaveLength(1);
    expect(take('end', ...twice, arrival('1')).added).toEqual([]);
    expect(store.messages.oldestStanzaId(ACCOUNT, PEER)).toBe('s1');
  });

  it('is two messages where a client used an id again for other words', () => {
    const first = { ...arrival('1'), body: 'yes' };
    const second = { ...arrival('1'), body: 'no' };
    expect(take('end', first, second).added).toHaveLength(2);
    // The archive's copies find their own, in whatever order they come.
    const archived = [
      { ...second, stanzaId: 's2' },
      { ...first, stanzaId: 's1' },
    ];
    expect(take('end', ...archived)).toEqual({ added: [], changed: [] });
    expect(page().map(({ body }) => body)).toEqual(['yes', 'no']);
    const third = { ...arrival('1', { stanzaId: 's3' }), body: 'maybe' };
    expect(take('end', third, { ...third, body: 'sure', stanzaId: 's4' }).added).toHaveLength(2);
  });

  it('is, among its likes, first of all the one whose archive id is not known yet', () => {
    const hour = 60 * 60 * 1000;
    take('end', arrival('1', { stanzaId: 's1', at: 0 }), arrival('1', { at: 26 * hour }));
    expect(take('end', arrival('1', { stanzaId: 's2', at: 12 * hour })).added).toEqual([]);
    const bare = { chat: PEER, outgoing: false, body: 'b', at: 9, stanzaId: 's2' };
    expect(take('end', bare)).toEqual({ added: [], changed: [] });
    expect(page()).toHaveLength(2);
  });

  it('is two messages in two directions or two chats', () => {
    take('end', arrival('1'), own('1'), arrival('1', { chat: 'other@there' }));
    expect(page()).toHaveLength(2);
    expect(store.messages.page(ACCOUNT, 'other@there', undefined, 9)).toHaveLength(1);
  });

  it('is always added where nothing tells it apart', () => {
    const bare = { chat: PEER, outgoing: false, body: 'b', at: 9 };
    expect(take('end', bare, bare).added).toHaveLength(2);
  });
});

it('counts what it would add, by either id', () => {
  take('end', arrival('1', { stanzaId: 's1' }));
  const known = [arrival('1', { stanzaId: 's9' }), arrival('other', { stanzaId: 's1' })];
  expect(store.messages.countUnknown(ACCOUNT, [...known, arrival('2')])).toBe(1);
  expect(bodies()).toEqual(['1']);
});

describe('our own message seen in the archive', () => {
  it.each(['waiting', 'sending', 'failed'] as const)(
    'is sent where it was %s, and comes last',
    (state) => {
      write('w1');
      if (state !== 'waiting') handOver('w1');
      if (state === 'failed') store.messages.setState(ACCOUNT, ['w1'], 'failed', problem);
      take('end', arrival('in'));
      const { added, changed } = take(
        'end',
        own('w1', { stanzaId: 's1', body: 'stripped in sending', at: 5 }),
        arrival('later'),
      );
      expect(added).toHaveLength(1);
      expect(changed).toEqual([
        expect.objectContaining({ id: 'w1', state: 'sent', body: 'body of w1', at: 1000 }),
      ]);
      expect(changed[0]).not.toHaveProperty('problem');
      expect(bodies()).toEqual(['in', 'w1', 'later']);
      expect(take('end', own('w1', { stanzaId: 's1' }), own('w1', { stanzaId: 's2' }))).toEqual({
        added: [],
        changed: [],
      });
    },
  );

  it.each(['sent', 'delivered'] as const)('stays where it is when it was %s', (state) => {
    write('w1');
    handOver('w1');
    store.messages.setState(ACCOUNT, ['w1'], state);
    take('end', arrival('in'));
    expect(take('end', own('w1', { stanzaId: 's1' }))).toEqual({ added: [], changed: [] });
    expect(stateOf('w1')).toBe(state);
    expect(bodies()).toEqual(['w1', 'in']);
  });

  it('does not hide that it came back as an error, before or after its request was answered', () => {
    write('w1');
    write('w2');
    handOver('w1');
    store.sessions.answered(ACCOUNT, rid, undefined, 1);
    store.messages.setState(ACCOUNT, ['w1'], 'failed', problem);
    handOver('w2');
    store.messages.setState(ACCOUNT, ['w2'], 'failed', problem);
    expect(store.sessions.answered(ACCOUNT, rid, undefined, 2)).toEqual([]);
    const copies = [own('w1', { stanzaId: 's1' }), own('w2', { stanzaId: 's2' })];
    expect(take('end', ...copies)).toEqual({ added: [], changed: [] });
    expect([stateOf('w1'), stateOf('w2')]).toEqual(['failed', 'failed']);
  });

  it('does not pass for a later try of a message that came back', () => {
    write('w1');
    handOver('w1');
    store.sessions.answered(ACCOUNT, rid, undefined, 1);
    store.messages.setState(ACCOUNT, ['w1'], 'failed', problem);
    store.messages.requeue(ACCOUNT, ['w1']);
    expect(take('end', own('w1', { stanzaId: 's1' })).changed).toEqual([]);
    expect(stateOf('w1')).toBe('waiting');
    handOver('w1');
    expect(take('end', own('w1', { stanzaId: 's1' })).changed).toEqual([]);
    expect(stateOf('w1')).toBe('sending');
    expect(take('end', own('w1', { stanzaId: 's2' })).changed).toHaveLength(1);
    expect(stateOf('w1')).toBe('sent');
  });
});

describe('history', () => {
  it('lies before everything, page by page, each ascending', () => {
    take('end', arrival('5'), arrival('6'));
    write('w');
    const { added } = take('start', arrival('3'), arrival('4'));
    expect(added.map(({ body }) => body)).toEqual(['body of 3', 'body of 4']);
    take('start', arrival('1', { stanzaId: 's1' }), arrival('2'), arrival('3'));
    expect(bodies()).toEqual(['1', '2', '3', '4', '5', '6', 'w']);
    expect(store.messages.oldestStanzaId(ACCOUNT, PEER)).toBe('s1');
  });

  it('of several chats at once is ordered in each', () => {
    const there = (id: string) => arrival(id, { chat: 'other@there' });
    take('start', arrival('1'), there('1'), there('2'), arrival('2'), there('3'));
    expect(bodies()).toEqual(['1', '2']);
    const others = store.messages.page(ACCOUNT, 'other@there', undefined, 9);
    expect(others.map(({ body }) => body)).toEqual(['body of 1', 'body of 2', 'body of 3']);
    take('end', arrival('3'));
    expect(bodies()).toEqual(['1', '2', '3']);
  });
});
