/** Broken connections (XEP-0124 §14.3, §17.3): copies of requests, and what they get. */
import { describe, expect, it } from 'vitest';
import { openSession } from './testing/session-bench.ts';

describe('a copy of a request that was answered', () => {
  it('gets the same answer, and goes to the server no second time', () => {
    const bench = openSession();
    bench.post(1, '<q/>');
    bench.serve('<a/>');
    const { text } = bench.answer;
    bench.post(2);
    bench.post(1, '<q/>');
    expect(bench.answer.text).toBe(text);
    expect(bench.written).toEqual(['<q/>']);
  });

  it('gets it for as many requests as the client may have under way', () => {
    const bench = openSession();
    for (const rid of [1, 2, 3]) {
      bench.post(rid, '<q/>');
      bench.serve(`<a n='${rid}'/>`);
    }
    bench.look();
    bench.post(3, '<q/>');
    expect(bench.answer.payload).toBe(`<a n='3'/>`);
    bench.post(2, '<q/>');
    expect(bench.answer.payload).toBe(`<a n='2'/>`);
  });

  it('is refused when its answer is no longer kept, in the words for a rid that is too large', () => {
    const bench = openSession();
    for (const rid of [1, 2, 3]) {
      bench.post(rid, '<q/>');
      bench.serve('<a/>');
    }
    bench.look();
    bench.post(1, '<q/>');
    const tooOld = bench.answer.text;
    bench.post(99);
    expect(tooOld).toBe(bench.answer.text);
    expect(tooOld).toContain(`condition='item-not-found'`);
  });

  it('made late by an intermediary does the session no harm', () => {
    const bench = openSession();
    for (const rid of [1, 2, 3]) {
      bench.post(rid, '<q/>');
      bench.serve('<a/>');
    }
    bench.post(1, '<q/>');
    bench.look();
    bench.post(4, '<q/>');
    bench.serve('<b/>');
    expect(bench.answer.payload).toBe('<b/>');
  });

  it('gets the end of the session again too, for a while', () => {
    const bench = openSession();
    bench.post(1);
    bench.tell({ type: 'stream-ended', stream: 0, end: { kind: 'closed', error: '<e/>' } });
    const { text } = bench.answer;
    bench.post(1);
    expect(bench.answer.text).toBe(text);
    bench.post(2);
    expect(bench.answer.attributes.condition).toBe('item-not-found');
    bench.pass(31);
    expect(bench.ended).toBe('remote-stream-error');
  });
});

describe('a copy of a request that is held', () => {
  it('takes its place; the exchange before it ends with a recoverable error', () => {
    const bench = openSession();
    const before = bench.post(1, '<q/>');
    const copy = bench.post(1, '<q/>');
    expect(bench.answer).toMatchObject({ exchange: before, attributes: { type: 'error' } });
    bench.serve('<a/>');
    expect(bench.answer).toMatchObject({ exchange: copy, payload: '<a/>' });
    expect(bench.written).toEqual(['<q/>']);
  });

  it('is held as long as its first would have been', () => {
    const bench = openSession({ attributes: { wait: 20 } });
    bench.post(1);
    bench.pass(15);
    const copy = bench.post(1);
    bench.look();
    bench.pass(15);
    expect(bench.look()).toEqual([]);
    bench.pass(5);
    expect(bench.answer.exchange).toBe(copy);
  });

  it('may be sent often, but not without end', () => {
    const bench = openSession({ requestsPerSecond: 2 });
    for (let count = 0; count < 19; count += 1) bench.post(1);
    expect(bench.isOver).toBe(false);
    bench.post(1);
    expect(bench.ended).toBe('policy-violation');
  });
});

describe('a request with the rid of another and other bytes', () => {
  it('gets no answer that was meant for the other, and the session lives', () => {
    const bench = openSession();
    bench.post(1, '<q/>');
    bench.serve('<secret/>');
    bench.look();
    bench.post(1, '<other/>');
    const { attributes, payload } = bench.answer;
    expect(attributes.condition).toBe('bad-request');
    expect(payload).toBe('');
    bench.post(1, '<q/>');
    expect(bench.answer.payload).toBe('<secret/>');
    expect(bench.written).toEqual(['<q/>']);
  });

  it('does not push a held one from its place', () => {
    const bench = openSession();
    const held = bench.post(1, '<q/>');
    bench.post(1, '<other/>');
    expect(bench.answer.attributes.condition).toBe('bad-request');
    bench.serve('<secret/>');
    expect(bench.answer).toMatchObject({ exchange: held, payload: '<secret/>' });
  });
});

describe('a held request whose connection breaks', () => {
  it('takes no payload with it', () => {
    const bench = openSession();
    bench.drop(bench.post(1));
    bench.serve('<a/>');
    expect(bench.look()).toEqual([]);
    bench.post(1);
    expect(bench.answer.payload).toBe('<a/>');
  });

  it('leaves the payload to the next one, where the client does not ask again', () => {
    const bench = openSession();
    bench.drop(bench.post(1));
    bench.serve('<a/>');
    bench.post(2);
    expect(bench.answer.payload).toBe('<a/>');
    bench.post(1);
    expect(bench.answer.payload).toBe('');
  });
});
