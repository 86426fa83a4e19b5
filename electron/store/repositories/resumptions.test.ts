import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, openScratchStore, type ScratchStore, sessionFrom } from '../scratch-store.ts';
import type { SessionStart } from '../store.ts';

let store: ScratchStore;
beforeEach(() => {
  store = openScratchStore();
});
afterEach(() => store.remove());

const enabled: SessionStart = {
  stream: { isResumed: false, id: '1.sealed-id', maxMs: 300_000, sent: 0 },
};
const resumed = (sent: number, start: SessionStart = {}): SessionStart => ({
  ...start,
  stream: { isResumed: true, id: '1.sealed-id', maxMs: 300_000, sent },
});
const begin = (rid: number, start?: SessionStart) =>
  store.sessions.begin(ACCOUNT, sessionFrom(rid), start);
const append = (rid: number, stanzas: number, ...messageIds: string[]) =>
  store.sessions.append(ACCOUNT, { rid, body: `<body rid='${rid}'/>`, messageIds, stanzas });
const receive = (rid: number, payload: string, stanzas: number) => {
  store.sessions.answered(ACCOUNT, rid, payload, 2000);
  store.sessions.processed(ACCOUNT, rid, stanzas);
};
const write = (id: string) =>
  store.messages.insertOutgoing(ACCOUNT, { id, chat: 'a@b', body: id, at: 1 });
const stateOf = (id: string) => store.messages.get(ACCOUNT, id)?.state;
const load = () => store.resumptions.load(ACCOUNT);

describe('a stream that can be resumed', () => {
  it('is there from the beginning of its session', () => {
    begin(7, enabled);
    expect(load()).toEqual({
      ...{ endpoint: 'https://here/bosh', id: '1.sealed-id', jid: 'me@here/holdfast' },
      ...{ maxMs: 300_000, received: 0, sent: 0, lastAnswerAt: 1000, lastRequests: [] },
    });
  });

  it('counts what is sent with each request and what is received once it is processed', () => {
    begin(7, enabled);
    append(7, 2);
    append(8, 0);
    append(9, 1);
    receive(7, '<message/><presence/>', 2);
    store.sessions.answered(ACCOUNT, 8, '<message/>', 3000);
    expect(load()).toMatchObject({ sent: 3, received: 2 });
    store.sessions.processed(ACCOUNT, 8, 1);
    expect(load()).toMatchObject({ sent: 3, received: 3 });
  });

  it('counts a payload once, however often it is told processed', () => {
    begin(7, enabled);
    receive(7, '<message/>', 1);
    store.sessions.processed(ACCOUNT, 7, 1);
    expect(load()?.received).toBe(1);
  });

  it('outlives its session with the requests that were not acknowledged, answered or not', () => {
    begin(7, enabled);
    append(7, 1, 'a');
    append(8, 1, 'b');
    store.sessions.answered(ACCOUNT, 7, undefined, 5000);
    store.sessions.end(ACCOUNT);
    store.sessions.end(ACCOUNT);
    expect(load()).toMatchObject({
      sent: 2,
      lastAnswerAt: 5000,
      lastRequests: [
        { body: "<body rid='7'/>", messageIds: ['a'], through: 1 },
        { body: "<body rid='8'/>", messageIds: ['b'], through: 2 },
      ],
    });
  });

  it('keeps what was answered until the server acknowledges it, but not without end', () => {
    begin(1, enabled);
    for (let rid = 1; rid <= 1_010; rid += 1) {
      append(rid, rid % 2, `m${rid}`);
      store.sessions.answered(ACCOUNT, rid, undefined, 5000);
    }
    expect(store.sessions.load(ACCOUNT)?.unanswered).toEqual([]);
    const kept = () => load()?.lastRequests.map(({ messageIds }) => messageIds[0]);
    store.sessions.acknowledged(ACCOUNT, 10);
    append(1_011, 2, 'last');
    store.sessions.acknowledged(ACCOUNT, 504);
    store.sessions.end(ACCOUNT);
    expect(kept()).toEqual(['m1009', 'last']);
    begin(1, enabled);
    for (let rid = 1; rid <= 1_010; rid += 1) {
      append(rid, 1, `m${rid}`);
      store.sessions.answered(ACCOUNT, rid, undefined, 5000);
    }
    store.sessions.end(ACCOUNT);
    expect([kept()?.length, kept()?.[0]]).toEqual([1_000, 'm11']);
  });

  it('has in doubt what was answered and not acknowledged, unless it was closed in order', () => {
    for (const id of ['a', 'b', 'c']) write(id);
    const sendAll = () => {
      for (const [index, id] of ['a', 'b', 'c'].entries()) {
        append(7 + index, 1, id);
        store.sessions.answered(ACCOUNT, 7 + index, undefined, 5000);
      }
    };
    begin(7, enabled);
    sendAll();
    store.sessions.acknowledged(ACCOUNT, 1);
    store.messages.setState(ACCOUNT, ['c'], 'delivered');
    const moved = store.sessions.end(ACCOUNT);
    expect(moved.map(({ id, state }) => `${id} ${state}`)).toEqual(['b sending']);
    begin(100, resumed(1, { missing: ['b', 'c'] }));
    expect(['a', 'b', 'c'].map(stateOf)).toEqual(['sent', 'waiting', 'delivered']);
    append(100, 1, 'b');
    store.sessions.answered(ACCOUNT, 100, undefined, 5000);
    store.sessions.end(ACCOUNT, true);
    expect(stateOf('b')).toBe('sent');
  });

  it('has nothing in doubt where nobody counts', () => {
    write('a');
    begin(7);
    append(7, 0, 'a');
    store.sessions.answered(ACCOUNT, 7, undefined, 5000);
    expect(store.sessions.end(ACCOUNT)).toEqual([]);
    expect(stateOf('a')).toBe('sent');
  });

  it('goes on in the session that resumed it, which settles what was in doubt', () => {
    for (const id of ['a', 'b', 'c']) write(id);
    begin(7, enabled);
    append(7, 3, 'a', 'b', 'c');
    receive(6, '<message/>', 1);
    store.sessions.end(ACCOUNT);
    const moved = begin(100, resumed(2, { arrived: ['a', 'b'], missing: ['c'] }));
    expect(moved.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a sent',
      'b sent',
      'c waiting',
    ]);
    expect(load()).toMatchObject({ sent: 2, received: 1, lastRequests: [] });
    append(100, 1, 'c');
    expect(stateOf('c')).toBe('sending');
    expect(load()?.sent).toBe(3);
  });

  it('does without what came behind a missing answer: the server sends it again', () => {
    for (const id of ['a', 'b']) write(id);
    begin(7, enabled);
    append(7, 1, 'a');
    append(8, 1, 'b');
    store.sessions.kept(ACCOUNT, 8, '<message/>', 1);
    store.sessions.end(ACCOUNT);
    expect(store.sessions.unprocessed(ACCOUNT)).toEqual([]);
    expect(['a', 'b'].map(stateOf)).toEqual(['sending', 'sending']);
    expect(load()?.lastRequests.map(({ messageIds }) => messageIds)).toEqual([['a'], ['b']]);
  });

  it('leaves what was answered in its place to be processed, acknowledged or not', () => {
    write('a');
    begin(7, enabled);
    append(7, 1, 'a');
    store.sessions.answered(ACCOUNT, 7, '<message/>', 1);
    expect(store.sessions.load(ACCOUNT)?.unanswered).toEqual([]);
    const payloads = [{ rid: 7, payload: '<message/>', at: 1 }];
    expect(store.sessions.unprocessed(ACCOUNT)).toEqual(payloads);
    store.sessions.end(ACCOUNT);
    expect(store.sessions.unprocessed(ACCOUNT)).toEqual(payloads);
  });

  it('counts a payload of its earlier session that is processed late', () => {
    begin(7, enabled);
    store.sessions.answered(ACCOUNT, 7, '<message/>', 1);
    store.sessions.end(ACCOUNT);
    begin(100, resumed(0));
    store.sessions.processed(ACCOUNT, 7, 1);
    expect(load()?.received).toBe(1);
  });

  it('does not count a payload of a session before it', () => {
    begin(7);
    store.sessions.answered(ACCOUNT, 7, '<message/>', 1);
    begin(100, enabled);
    store.sessions.processed(ACCOUNT, 7, 1);
    expect(load()?.received).toBe(0);
  });

  it('begins with what came in the same answer, not yet processed', () => {
    begin(7, { ...enabled, payload: { rid: -7, payload: '<message/>', at: 4000 } });
    expect(store.sessions.unprocessed(ACCOUNT)).toEqual([
      { rid: -7, payload: '<message/>', at: 4000 },
    ]);
    store.sessions.processed(ACCOUNT, -7, 1);
    expect(load()?.received).toBe(1);
  });

  it('is forgotten when another session begins without it, or when it is asked to be', () => {
    begin(7, enabled);
    begin(8);
    expect(load()).toBeUndefined();
    begin(9, enabled);
    store.resumptions.forget(ACCOUNT);
    expect(load()).toBeUndefined();
  });

  it('does not take back what the archive has shown or was discarded meanwhile', () => {
    write('a');
    begin(7, enabled);
    append(7, 1, 'a');
    const copy = { chat: 'a@b', outgoing: true, body: 'a', at: 1, messageId: 'a', stanzaId: 's' };
    store.messages.take(ACCOUNT, [copy], 'end');
    begin(8, resumed(0, { missing: ['a', 'unknown'] }));
    expect(stateOf('a')).toBe('sent');
  });
});
