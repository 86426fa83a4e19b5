/** Requests and answers (XEP-0124 §8 and §14.2, XEP-0206 §5). */
import { describe, expect, it } from 'vitest';
import { openSession } from './testing/session-bench.ts';

const EMPTY = `<body xmlns='http://jabber.org/protocol/httpbind'/>`;

describe('requests', () => {
  it('go to the server at once', () => {
    const bench = openSession();
    bench.post(1, '<a/>');
    expect(bench.written).toEqual(['<a/>']);
  });

  it('go to the server in rid order, whatever order they come in', () => {
    const bench = openSession();
    bench.post(2, '<b/>');
    expect(bench.written).toEqual([]);
    bench.post(1, '<a/>');
    expect(bench.written).toEqual(['<a/>', '<b/>']);
  });

  it('are answered in rid order, whatever order they come in', () => {
    const bench = openSession({ attributes: { hold: 2 } });
    const second = bench.post(2);
    const first = bench.post(1);
    bench.serve('<a/>');
    bench.serve('<b/>');
    expect(bench.look()).toMatchObject([
      { exchange: first, payload: '<a/>' },
      { exchange: second, payload: '<b/>' },
    ]);
  });

  it('let the older one go at once, where no more may be held', () => {
    const bench = openSession();
    const first = bench.post(1);
    bench.pass(3);
    const second = bench.post(2, '<a/>');
    expect(bench.answer).toMatchObject({ exchange: first, text: EMPTY });
    bench.serve('<b/>');
    expect(bench.answer).toMatchObject({ exchange: second, payload: '<b/>' });
  });

  it('are held, two of them, where that was granted', () => {
    const bench = openSession({ attributes: { hold: 2 } });
    const first = bench.post(1);
    bench.post(2, '<a/>');
    expect(bench.look()).toEqual([]);
    bench.post(3, '<a/>');
    expect(bench.answer).toMatchObject({ exchange: first });
  });

  it('get a payload at once, all that came together in one answer', () => {
    const bench = openSession();
    const held = bench.post(1);
    bench.serve('<a/>', '<b/>');
    expect(bench.answer).toMatchObject({ exchange: held, payload: '<a/><b/>' });
  });

  it('get what came while none was there, each payload once', () => {
    const bench = openSession();
    bench.serve('<a/>');
    bench.post(1);
    expect(bench.answer.payload).toBe('<a/>');
    bench.post(2);
    expect(bench.look()).toEqual([]);
  });

  it('are held for as long as granted and not longer', () => {
    const bench = openSession({ attributes: { wait: 20 } });
    bench.post(1);
    bench.pass(19.9);
    expect(bench.look()).toEqual([]);
    bench.pass(0.1);
    expect(bench.answer.text).toBe(EMPTY);
  });

  it('are not held where the client does not wait', () => {
    for (const attributes of [{ wait: 0 }, { hold: 0 }]) {
      const bench = openSession({ attributes });
      const asked = bench.post(1);
      expect(bench.answer).toMatchObject({ exchange: asked, payload: '' });
    }
  });

  it('say nothing of a namespace nobody needs, and declare the one of streams where it is used', () => {
    const bench = openSession();
    bench.post(1);
    bench.serve('<stream:features/>');
    expect(bench.answer.attributes['xmlns:stream']).toBe('http://etherx.jabber.org/streams');
    bench.post(2);
    bench.serve('<a/>');
    expect(bench.answer.attributes['xmlns:stream']).toBeUndefined();
  });

  it('may come as far ahead as the window is wide', () => {
    const bench = openSession();
    bench.post(2, '<b/>');
    expect(bench.isOver).toBe(false);
  });

  it('beyond the window end the session', () => {
    const bench = openSession();
    const held = bench.post(1);
    const beyond = bench.post(4, '<b/>');
    expect(bench.look()).toMatchObject([
      { exchange: beyond, attributes: { type: 'terminate', condition: 'item-not-found' } },
      { exchange: held, attributes: { type: 'terminate', condition: 'other-request' } },
    ]);
    expect(bench.ended).toBe('item-not-found');
    expect(bench.written).toEqual([]);
  });

  it('are given back for another try where the one before never comes', () => {
    const bench = openSession({ attributes: { wait: 20 } });
    const early = bench.post(2, '<b/>');
    bench.pass(20);
    expect(bench.answer).toMatchObject({ exchange: early, attributes: { type: 'error' } });
    bench.post(1, '<a/>');
    bench.post(2, '<b/>');
    expect(bench.written).toEqual(['<a/>', '<b/>']);
  });
});

describe('a restart', () => {
  const RESTART = { 'xmpp:restart': 'true', 'xmlns:xmpp': 'urn:xmpp:xbosh', to: 'example.org' };

  it('restarts the stream and sends nothing of what the request holds', () => {
    const bench = openSession();
    bench.post(1, '<x/>', RESTART);
    expect(bench.actions).toContainEqual({ type: 'restart', stream: 0 });
    expect(bench.written).toEqual([]);
  });

  it('gets the new features', () => {
    const bench = openSession();
    bench.post(1, '', RESTART);
    bench.tell({ type: 'opened', stream: 0, header: { id: 'another' } });
    bench.serve('<stream:features/>');
    expect(bench.answer.payload).toBe('<stream:features/>');
  });

  it('may have 1 for true, and another prefix', () => {
    const bench = openSession();
    bench.post(1, '', { 'x:restart': '1', 'xmlns:x': 'urn:xmpp:xbosh' });
    expect(bench.actions).toContainEqual({ type: 'restart', stream: 0 });
  });
});

describe('the way to a server that takes no more', () => {
  it('keeps further payloads, and their answers, until there is room', () => {
    const bench = openSession();
    const first = bench.post(1, '<a/>');
    bench.tell({ type: 'blocked', stream: 0 });
    bench.post(2, '<b/>');
    expect(bench.written).toEqual(['<a/>']);
    expect(bench.look()).toEqual([]);
    bench.tell({ type: 'drained', stream: 0 });
    expect(bench.written).toEqual(['<a/>', '<b/>']);
    expect(bench.answer.exchange).toBe(first);
  });

  it('still lets the client fetch', () => {
    const bench = openSession();
    bench.post(1, '<a/>');
    bench.tell({ type: 'blocked', stream: 0 });
    bench.serve('<b/>');
    expect(bench.answer.payload).toBe('<b/>');
    bench.post(2);
    bench.serve('<c/>');
    expect(bench.answer.payload).toBe('<c/>');
  });
});

describe('the way to a client that does not fetch', () => {
  const reading = (reads: boolean) => ({ type: 'read', stream: 0, reading: reads });

  it('stops the server when enough waits, and lets it go on when most is fetched', () => {
    const bench = openSession({ bufferedLength: 100 });
    bench.serve(`<a>${'x'.repeat(60)}</a>`);
    expect(bench.actions).not.toContainEqual(reading(false));
    bench.serve(`<b>${'x'.repeat(60)}</b>`);
    expect(bench.actions).toContainEqual(reading(false));
    expect(bench.actions).not.toContainEqual(reading(true));
    bench.post(1);
    expect(bench.actions).toContainEqual(reading(true));
  });

  it('ends the session where the server goes on all the same', () => {
    const bench = openSession({ bufferedLength: 100 });
    for (let count = 0; count < 4; count += 1) bench.serve(`<a>${'x'.repeat(60)}</a>`);
    expect(bench.ended).toBe('internal-server-error');
    expect(bench.actions).toContainEqual({ type: 'close', stream: 0 });
  });

  it('cuts what waits into answers of a bounded size', () => {
    const bench = openSession({ bufferedLength: 1_000_000 });
    for (let count = 0; count < 3; count += 1) bench.serve(`<a>${'x'.repeat(150_000)}</a>`);
    bench.post(1);
    expect(bench.answer.payload.match(/<a>/gu)).toHaveLength(1);
    bench.post(2);
    expect(bench.answer.payload.match(/<a>/gu)).toHaveLength(1);
  });
});
