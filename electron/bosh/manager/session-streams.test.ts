/** Several streams in one session (XEP-0124 §16). */
import { describe, expect, it } from 'vitest';
import { openSession, type SessionBench } from './testing/session-bench.ts';

/** A session with two streams and nothing held; the next rid is 2. */
function withTwo(): SessionBench {
  const bench = openSession();
  bench.post(1, '', { to: 'example.net', 'xml:lang': 'de' });
  bench.look();
  bench.tell({ type: 'opened', stream: 1, header: { id: 'second-id', from: 'example.net' } });
  return bench;
}

const XMLNS = 'http://jabber.org/protocol/httpbind';

describe('a request for another stream', () => {
  it('opens it and is answered at once with its name alone', () => {
    const bench = openSession();
    const asked = bench.post(1, '', {
      to: 'example.net',
      from: 'b@example.net',
      route: 'xmpp:x:1',
    });
    expect(bench.answer).toMatchObject({ exchange: asked, payload: '' });
    expect(bench.actions.at(-1)).toMatchObject({
      ...{ type: 'open', stream: 1 },
      request: { to: 'example.net', from: 'b@example.net', route: 'xmpp:x:1' },
    });
    const name = openSession();
    name.post(1, '', { to: 'example.net' });
    expect(name.answer.attributes).toEqual({ stream: 'stream1', xmlns: XMLNS });
  });

  it('lets what is held go first', () => {
    const bench = openSession();
    const held = bench.post(1);
    const asked = bench.post(2, '', { to: 'example.net' });
    expect(bench.look()).toMatchObject([
      { exchange: held, payload: '' },
      { exchange: asked, attributes: { stream: 'stream1' } },
    ]);
  });

  it('is an ordinary empty request where no streams are offered', () => {
    const bench = openSession({ terms: { streams: 1 } });
    bench.post(1, '', { to: 'example.net' });
    expect(bench.look()).toEqual([]);
    expect(bench.actions.filter(({ type }) => type === 'open')).toHaveLength(1);
  });

  it('may not be made without end', () => {
    const bench = openSession({ terms: { streams: 2 } });
    bench.post(1, '', { to: 'example.net' });
    bench.post(2, '', { to: 'example.net' });
    expect(bench.ended).toBe('policy-violation');
  });
});

describe('an answer in a session of several streams', () => {
  it('names the stream of its payload, and says once who its server is', () => {
    const bench = withTwo();
    bench.post(2);
    bench.serveOn(1, '<a/>');
    expect(bench.answer).toMatchObject({
      attributes: { stream: 'stream1', from: 'example.net', authid: 'second-id' },
      payload: '<a/>',
    });
    bench.post(3);
    bench.serveOn(1, '<b/>');
    const { attributes } = bench.answer;
    expect(attributes).toEqual({ stream: 'stream1', xmlns: XMLNS });
  });

  it('holds payload of one stream only', () => {
    const bench = withTwo();
    bench.serveOn(0, '<a/>');
    bench.serveOn(1, '<b/>');
    bench.serveOn(0, '<c/>');
    for (const rid of [2, 3, 4]) bench.post(rid, '<q/>');
    expect(bench.look()).toMatchObject([
      { attributes: { stream: 'stream0' }, payload: '<a/>' },
      { attributes: { stream: 'stream1' }, payload: '<b/>' },
      { attributes: { stream: 'stream0' }, payload: '<c/>' },
    ]);
  });

  it('names no stream where it is empty', () => {
    const bench = withTwo();
    bench.serveOn(1, '<f/>');
    bench.post(2);
    bench.look();
    bench.post(3);
    bench.pass(60);
    expect(bench.answer.attributes).toEqual({ xmlns: XMLNS });
  });
});

describe('a payload in a session of several streams', () => {
  it('goes to the stream it names', () => {
    const bench = withTwo();
    bench.post(2, '<a/>', { stream: 'stream1' });
    expect(bench.actions).toContainEqual({ type: 'write', stream: 1, xml: '<a/>' });
    expect(bench.written).toEqual(['<a/>']);
  });

  it('goes to all where it names none', () => {
    const bench = withTwo();
    bench.post(2, '<a/>');
    expect(bench.actions).toContainEqual({ type: 'write', stream: 0, xml: '<a/>' });
    expect(bench.actions).toContainEqual({ type: 'write', stream: 1, xml: '<a/>' });
  });

  it('for a stream that never was ends the session', () => {
    const bench = withTwo();
    bench.post(2, '<a/>', { stream: 'unheard-of' });
    expect(bench.answer.attributes.condition).toBe('item-not-found');
    expect(bench.ended).toBe('item-not-found');
  });

  it('for a stream that has just closed is overlooked', () => {
    const bench = withTwo();
    bench.tell({ type: 'stream-ended', stream: 1, end: { kind: 'closed' } });
    bench.post(2, '<a/>', { stream: 'stream1' });
    expect(bench.isOver).toBe(false);
    expect(bench.written).toEqual([]);
  });

  it('may be missing: then the stream that is named is overlooked', () => {
    const bench = withTwo();
    bench.post(2, '', { stream: 'unheard-of' });
    expect(bench.isOver).toBe(false);
  });
});

describe('a goodbye in a session of several streams', () => {
  it('closes the stream it names, after its payload, and the session goes on', () => {
    const bench = withTwo();
    const held = bench.post(2);
    const goodbye = bench.post(3, '<bye/>', { type: 'terminate', stream: 'stream1' });
    expect(bench.look()).toMatchObject([
      { exchange: held, attributes: { type: 'terminate', stream: 'stream1' } },
      { exchange: goodbye, attributes: { xmlns: XMLNS } },
    ]);
    expect(bench.actions.slice(-2)).toEqual([
      { type: 'write', stream: 1, xml: '<bye/>' },
      { type: 'close', stream: 1 },
    ]);
    bench.post(4);
    bench.serveOn(0, '<a/>');
    expect(bench.answer.payload).toBe('<a/>');
  });

  it('ends the session with the last stream', () => {
    const bench = withTwo();
    bench.post(2, '', { type: 'terminate', stream: 'stream1' });
    expect(bench.isOver).toBe(false);
    bench.post(3, '', { type: 'terminate', stream: 'stream0' });
    expect(bench.ended).toBe('terminated');
  });

  it('that names none goes to all, closes all and ends the session', () => {
    const bench = withTwo();
    bench.post(2, '<bye/>', { type: 'terminate' });
    expect(bench.written).toEqual(['<bye/>', '<bye/>']);
    expect(bench.actions.filter(({ type }) => type === 'close')).toHaveLength(2);
    expect(bench.answer.attributes.type).toBe('terminate');
    expect(bench.ended).toBe('terminated');
  });
});

describe('the end of one stream of several', () => {
  it('names it, after its last payload, and the session goes on', () => {
    const bench = withTwo();
    bench.post(2);
    bench.serveOn(0, '<x/>');
    bench.look();
    bench.serveOn(1, '<a/>');
    bench.tell({ type: 'stream-ended', stream: 1, end: { kind: 'unreachable', detail: 'gone' } });
    bench.post(3);
    expect(bench.answer).toMatchObject({
      attributes: {
        ...{ type: 'terminate', condition: 'remote-connection-failed', stream: 'stream1' },
      },
      payload: '<a/>',
    });
    bench.post(4, '<b/>');
    expect(bench.actions).toContainEqual({ type: 'write', stream: 0, xml: '<b/>' });
    expect(bench.isOver).toBe(false);
  });

  it('is the end of the session where it was the last', () => {
    const bench = withTwo();
    for (const stream of [1, 0]) {
      bench.tell({ type: 'stream-ended', stream, end: { kind: 'closed' } });
    }
    bench.post(2);
    expect(bench.answer.attributes.stream).toBe('stream1');
    bench.post(3);
    const { type, stream } = bench.answer.attributes;
    expect([type, stream]).toEqual(['terminate', undefined]);
  });
});
