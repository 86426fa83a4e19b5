/** Key sequences (XEP-0124 §15). */
import { describe, expect, it } from 'vitest';
import { KeySequence } from '../protocol/key-sequence.ts';
import { FIRST_RID, openSession, type SessionBench } from './testing/session-bench.ts';

const keys = new KeySequence('secret', FIRST_RID);
const keyed = () => openSession({ attributes: { ...keys.attributesOf(FIRST_RID) } });

function post(bench: SessionBench, rid: number, changed = {}): number {
  return bench.post(rid, `<n>${rid}</n>`, { ...keys.attributesOf(FIRST_RID + rid), ...changed });
}

describe('a session with keys', () => {
  it('takes requests that show the next key, across changes of the sequence', () => {
    const bench = keyed();
    for (let rid = 1; rid <= 1_100; rid += 1) {
      bench.now += 100;
      post(bench, rid);
    }
    expect(bench.isOver).toBe(false);
    expect(bench.written).toHaveLength(1_100);
  });

  it('takes them in any case of letters', () => {
    const bench = openSession({
      attributes: { newkey: keys.attributesOf(FIRST_RID).newkey?.toUpperCase() },
    });
    post(bench, 1);
    expect(bench.written).toHaveLength(1);
  });

  it('checks keys in rid order', () => {
    const bench = keyed();
    post(bench, 2);
    post(bench, 1);
    expect(bench.written).toEqual(['<n>1</n>', '<n>2</n>']);
  });

  it.each([
    ['another key', { key: 'bfb06a6f113cd6fd3838ab9d300fdb4fe3da2f7d' }],
    ['no key', { key: undefined }],
    ['the key of the one after', keys.attributesOf(FIRST_RID + 2)],
    ['the announced key itself', { key: keys.attributesOf(FIRST_RID).newkey }],
  ])('ends at a request with %s, and sends nothing of it', (_what, changed) => {
    const bench = keyed();
    post(bench, 1, changed);
    expect(bench.answer.attributes).toMatchObject({
      type: 'terminate',
      condition: 'item-not-found',
    });
    expect(bench.ended).toBe('item-not-found');
    expect(bench.written).toEqual([]);
  });

  it('gives a copy its answer', () => {
    const bench = keyed();
    post(bench, 1);
    bench.serve('<a/>');
    const { text } = bench.answer;
    post(bench, 1);
    expect(bench.answer.text).toBe(text);
  });
});

it('a session without keys asks for none', () => {
  const bench = openSession();
  bench.post(1, '<a/>', { key: 'whatever' });
  expect(bench.written).toEqual(['<a/>']);
});
