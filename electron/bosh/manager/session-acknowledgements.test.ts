/** Acknowledgements (XEP-0124 §9). */
import { describe, expect, it } from 'vitest';
import { FIRST_RID, openSession } from './testing/session-bench.ts';

const acknowledging = (attributes = {}) => openSession({ attributes: { ack: 1, ...attributes } });

describe('the ack of an answer', () => {
  it('is the highest rid that came without a gap', () => {
    const bench = acknowledging();
    bench.post(1);
    bench.pass(3);
    bench.post(2, '<a/>');
    expect(bench.answer.attributes.ack).toBe(String(FIRST_RID + 2));
  });

  it('does not reach past a gap', () => {
    const bench = acknowledging({ hold: 2 });
    bench.post(1, '<a/>');
    bench.post(3, '<c/>');
    bench.serve('<x/>');
    expect(bench.answer.attributes.ack).toBeUndefined();
  });

  it('is left out where it would be the rid that is answered', () => {
    const bench = acknowledging();
    bench.post(1);
    bench.serve('<a/>');
    expect(bench.answer.attributes.ack).toBeUndefined();
  });

  it('is left out where the client does not acknowledge', () => {
    const bench = openSession();
    bench.post(1);
    bench.pass(3);
    bench.post(2, '<a/>');
    expect(bench.answer.attributes.ack).toBeUndefined();
  });
});

describe('the ack of a request', () => {
  it('keeps answers until they are acknowledged, more of them than the window', () => {
    const bench = acknowledging();
    for (const rid of [1, 2, 3, 4]) {
      bench.post(rid, '<q/>', { ack: FIRST_RID });
      bench.serve(`<a n='${rid}'/>`);
    }
    bench.look();
    bench.post(1, '<q/>', { ack: FIRST_RID });
    expect(bench.answer.payload).toBe(`<a n='1'/>`);
  });

  it('lets go of what was acknowledged, but for the last ones', () => {
    const bench = acknowledging();
    for (const rid of [1, 2, 3, 4]) {
      bench.post(rid, '<q/>', { ack: FIRST_RID + rid - 1 });
      bench.serve('<a/>');
    }
    bench.look();
    bench.post(1, '<q/>', { ack: FIRST_RID });
    expect(bench.answer.attributes.condition).toBe('item-not-found');
  });

  it('without a word acknowledges all that was answered', () => {
    const bench = acknowledging();
    for (const rid of [1, 2, 3, 4]) {
      bench.post(rid, '<q/>');
      bench.serve('<a/>');
    }
    bench.look();
    bench.post(1, '<q/>');
    expect(bench.answer.attributes.condition).toBe('item-not-found');
  });

  it('that lacks an answer given some time ago is answered at once, with a report of it', () => {
    const bench = acknowledging();
    bench.post(1, '<q/>');
    bench.serve('<a/>');
    bench.look();
    bench.pass(2.5);
    bench.post(2, '', { ack: FIRST_RID });
    expect(bench.answer.attributes).toMatchObject({ report: String(FIRST_RID + 1), time: '2500' });
  });

  it('that lacks an answer which is still on its way is not', () => {
    const bench = acknowledging();
    bench.post(1, '<q/>');
    bench.serve('<a/>');
    bench.look();
    bench.pass(0.1);
    bench.post(2, '', { ack: FIRST_RID });
    expect(bench.look()).toEqual([]);
  });

  it('of nonsense changes nothing', () => {
    const bench = acknowledging();
    for (const [index, ack] of ['', 'x', '-5', String(FIRST_RID + 99)].entries()) {
      bench.post(index + 1, '<q/>', { ack });
    }
    expect(bench.isOver).toBe(false);
  });
});
