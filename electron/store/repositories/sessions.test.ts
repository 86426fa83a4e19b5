import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  accountNamed,
  openScratchStore,
  type ScratchStore,
  sessionFrom,
} from '../scratch-store.ts';

let store: ScratchStore;
beforeEach(() => {
  store = openScratchStore();
});
afterEach(() => store.remove());

const request = { body: "<body sid=''/>" };
const append = (rid: number, ...messageIds: string[]) =>
  store.sessions.append(ACCOUNT, { rid, ...request, messageIds });
const write = (id: string) =>
  store.messages.insertOutgoing(ACCOUNT, { id, chat: 'a@b', body: 'b', at: 1 });
const stateOf = (id: string) => store.messages.get(ACCOUNT, id)?.state;
const load = () => store.sessions.load(ACCOUNT);
const unprocessed = () => store.sessions.unprocessed(ACCOUNT).map(({ rid }) => rid);

describe('a session', () => {
  it('comes back as it began, with the requests that have no answer, in rid order', () => {
    expect(load()).toBeUndefined();
    store.sessions.begin(ACCOUNT, sessionFrom(7));
    expect(load()).toEqual(sessionFrom(7));
    append(7, 'a', 'b');
    append(8);
    append(9);
    store.sessions.answered(ACCOUNT, 8, undefined, 5000);
    expect(load()).toEqual({
      ...sessionFrom(10),
      lastAnswerAt: 5000,
      unanswered: [
        { rid: 7, ...request, messageIds: ['a', 'b'] },
        { rid: 9, ...request, messageIds: [] },
      ],
    });
  });

  it('may begin with requests on their way', () => {
    write('w1');
    const session = {
      ...sessionFrom(9),
      unanswered: [{ rid: 8, ...request, messageIds: ['w1'] }],
    };
    store.sessions.begin(ACCOUNT, session);
    expect(load()).toEqual(session);
    expect(stateOf('w1')).toBe('sending');
  });

  it('takes the place of the one before, whose messages stay on their way', () => {
    write('w1');
    store.sessions.begin(ACCOUNT, sessionFrom(7));
    append(7, 'w1');
    store.sessions.begin(ACCOUNT, sessionFrom(100));
    expect(load()).toEqual(sessionFrom(100));
    expect(stateOf('w1')).toBe('sending');
    expect(store.sessions.answered(ACCOUNT, 7, undefined, 1)).toEqual([]);
  });

  it('is one for each account', () => {
    store.accounts.insert(accountNamed('other'));
    store.sessions.begin(ACCOUNT, sessionFrom(7));
    store.sessions.begin('other', sessionFrom(7));
    append(7);
    store.sessions.end('other');
    expect(load()?.unanswered).toHaveLength(1);
    expect(store.sessions.load('other')).toBeUndefined();
  });

  it('takes a rid up to the largest there is', () => {
    store.sessions.begin(ACCOUNT, sessionFrom(Number.MAX_SAFE_INTEGER - 1));
    append(Number.MAX_SAFE_INTEGER - 1);
    expect(load()?.nextRid).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('takes no request after its end, nor the same rid twice', () => {
    write('w1');
    expect(() => append(7, 'w1')).toThrow();
    store.sessions.begin(ACCOUNT, sessionFrom(7));
    append(7);
    expect(() => append(7)).toThrow();
    store.sessions.end(ACCOUNT);
    expect(() => append(8, 'w1')).toThrow();
    expect(load()).toBeUndefined();
    expect(stateOf('w1')).toBe('waiting');
  });
});

describe('the messages of a request', () => {
  it('are sending from the append, and sent with the answer', () => {
    write('w1');
    write('w2');
    store.sessions.begin(ACCOUNT, sessionFrom(1));
    expect(append(1, 'w1', 'w2').map(({ id, state }) => [id, state])).toEqual([
      ['w1', 'sending'],
      ['w2', 'sending'],
    ]);
    expect(
      store.sessions.answered(ACCOUNT, 1, undefined, 2).map(({ id, state }) => [id, state]),
    ).toEqual([
      ['w1', 'sent'],
      ['w2', 'sent'],
    ]);
  });

  it('are sent once it is taken, while it stays until it is answered', () => {
    write('w1');
    store.sessions.begin(ACCOUNT, sessionFrom(1));
    append(1, 'w1');
    expect(store.sessions.taken(ACCOUNT, 1).map(({ state }) => state)).toEqual(['sent']);
    expect(store.sessions.taken(ACCOUNT, 1)).toEqual([]);
    expect(load()?.unanswered).toHaveLength(1);
    expect(store.sessions.answered(ACCOUNT, 1, undefined, 2)).toEqual([]);
    expect(load()?.unanswered).toEqual([]);
  });

  it('stay on their way when the session ends, until the archive tells', () => {
    write('w1');
    store.sessions.begin(ACCOUNT, sessionFrom(1));
    append(1, 'w1');
    store.sessions.end(ACCOUNT);
    expect(store.messages.inState(ACCOUNT, 'sending').map(({ id }) => id)).toEqual(['w1']);
  });

  it('are sent once an answer came that has to wait', () => {
    write('w1');
    write('w2');
    store.sessions.begin(ACCOUNT, sessionFrom(1));
    append(1, 'w1');
    append(2, 'w2');
    const moved = store.sessions.kept(ACCOUNT, 2, '<message/>', 7);
    expect(moved.map(({ id, state }) => [id, state])).toEqual([['w2', 'sent']]);
    expect(store.messages.inState(ACCOUNT, 'sending').map(({ id }) => id)).toEqual(['w1']);
  });

  it('do not fall back from delivered', () => {
    write('w1');
    store.sessions.begin(ACCOUNT, sessionFrom(1));
    append(1, 'w1');
    store.messages.setState(ACCOUNT, ['w1'], 'delivered');
    expect(store.sessions.answered(ACCOUNT, 1, undefined, 2)).toEqual([]);
    expect(stateOf('w1')).toBe('delivered');
  });
});

describe('payloads', () => {
  it('are kept with the time they came until they are processed', () => {
    store.sessions.begin(ACCOUNT, sessionFrom(1));
    append(1);
    append(2);
    store.sessions.answered(ACCOUNT, 1, '<message id="ä"/>', 1234);
    store.sessions.answered(ACCOUNT, 2, undefined, 1235);
    expect(store.sessions.unprocessed(ACCOUNT)).toEqual([
      { rid: 1, payload: '<message id="ä"/>', at: 1234 },
    ]);
    store.sessions.processed(ACCOUNT, 1);
    expect(store.sessions.unprocessed(ACCOUNT)).toEqual([]);
  });

  it('that have to wait stay with their request until it is answered', () => {
    store.sessions.begin(ACCOUNT, sessionFrom(1));
    append(1);
    append(2);
    store.sessions.kept(ACCOUNT, 2, '<message/>', 7);
    expect(load()?.unanswered).toMatchObject([{ rid: 1 }, { rid: 2, answer: '<message/>' }]);
    expect(load()?.unanswered[0]).not.toHaveProperty('answer');
    expect(unprocessed()).toEqual([]);
    store.sessions.answered(ACCOUNT, 1, undefined, 8);
    store.sessions.answered(ACCOUNT, 2, '<message/>', 8);
    expect(load()?.unanswered).toEqual([]);
    expect(store.sessions.unprocessed(ACCOUNT)).toEqual([{ rid: 2, payload: '<message/>', at: 7 }]);
  });

  it('that have to wait are left when the session ends', () => {
    store.sessions.begin(ACCOUNT, sessionFrom(1));
    append(1);
    append(2);
    store.sessions.kept(ACCOUNT, 2, '<message/>', 7);
    store.sessions.end(ACCOUNT);
    expect(store.sessions.unprocessed(ACCOUNT)).toEqual([{ rid: 2, payload: '<message/>', at: 7 }]);
  });

  it('come back in rid order, those of an earlier session first', () => {
    store.sessions.begin(ACCOUNT, sessionFrom(500));
    store.sessions.answered(ACCOUNT, 502, 'c', 1);
    store.sessions.answered(ACCOUNT, 501, 'b', 2);
    store.sessions.begin(ACCOUNT, sessionFrom(100));
    store.sessions.answered(ACCOUNT, 101, 'd', 3);
    store.sessions.end(ACCOUNT);
    store.sessions.answered(ACCOUNT, 102, 'e', 4);
    expect(unprocessed()).toEqual([501, 502, 101, 102]);
    store.sessions.processed(ACCOUNT, 502);
    expect(unprocessed()).toEqual([501, 101, 102]);
  });

  it('are kept once', () => {
    store.sessions.begin(ACCOUNT, sessionFrom(1));
    store.sessions.answered(ACCOUNT, 1, 'first', 1);
    store.sessions.answered(ACCOUNT, 1, 'first', 1);
    expect(unprocessed()).toEqual([1]);
  });
});
