/** What a manager, or whoever passes for one, cannot do to a session. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Bench, EJABBERD, PROSODY } from './testing/bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe('a grant that makes no sense', () => {
  it('of no requests at all still lets one through', () => {
    bench.open({ ...PROSODY, requests: '0' });
    bench.answer(101);
    bench.write('1');
    expect(bench.posts).toMatchObject([{ rid: 102 }]);
  });

  it('of very many requests makes no more than two', () => {
    bench.open({ ...PROSODY, requests: '999999999' }).write('1');
    bench.sent(102);
    bench.answer(102);
    bench.write('2');
    expect(bench.posts).toEqual([]);
    expect(bench.machine.requests.filter((request) => !request.answer)).toHaveLength(1);
    expect(bench.machine.reading(bench.now).window.length).toBeLessThan(300);
  });

  it('of a longer wait than was asked for does not make a lost answer take longer to notice', () => {
    bench.open({ ...PROSODY, wait: '999999999' }).write('1');
    expect(bench.posts[0]?.timeoutMs).toBe(75_000);
  });

  it.each(['', 'x'.repeat(100_000)])('of no usable sid gives no session', (sid) => {
    bench.tell({ type: 'start' });
    bench.answer(100, '', { sid, ...PROSODY });
    expect(bench.ended?.code).toBe('endpoint.no-session');
  });
});

describe('an acknowledgement that makes no sense', () => {
  it.each([
    { ack: 'x' },
    { ack: '-1' },
    { ack: '1e400' },
    { ack: '' },
    { report: 'x', time: 'y' },
    { report: '999999999999999999999', time: '-1' },
    { report: '101', time: '0' },
  ])('%j harms nothing', (attributes) => {
    bench.open({ ...PROSODY, ack: '100' }).write('1');
    bench.sent(102);
    bench.now += 10;
    bench.answer(101, '<s>news</s>', attributes as Record<string, string>);
    expect(bench.delivered).toEqual(['news']);
    bench.answer(102, '<s>more</s>');
    expect(bench.delivered).toEqual(['more']);
  });
});

describe('a manager that answers in any way it likes', { timeout: 60_000 }, () => {
  const number = fc.oneof(
    fc.nat(200).map(String),
    fc.constantFrom('', '-1', 'x', '0', '1', '99', '100', '101', '102', '999999999', '1e9'),
  );
  const attributes = fc.record(
    {
      ...{ sid: fc.constantFrom('secret', 'x', ''), ver: fc.constantFrom('1.6', '1.11', 'x') },
      ...{ wait: number, hold: number, requests: number, polling: number, inactivity: number },
      ...{ maxpause: number, ack: number, report: number, time: number, stream: number },
      type: fc.constantFrom('error', 'error', 'x', 'terminate'),
      condition: fc.constantFrom('item-not-found', 'constructor', 'policy-violation', 'x'),
    },
    { requiredKeys: [] },
  );
  type Step = { readonly index: number } & (
    | {
        readonly does: 'answer';
        readonly attributes: Record<string, string>;
        readonly news: number;
      }
    | { readonly does: 'write' | 'wake' | 'sent' | 'fail' | 'pause' | 'retry-now' }
  );
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      does: fc.constant('answer' as const),
      index: fc.nat(1),
      attributes,
      news: fc.nat(2),
    }),
    fc.record({
      does: fc.constantFrom(...(['write', 'wake', 'sent', 'fail', 'pause', 'retry-now'] as const)),
      index: fc.nat(1),
    }),
  );

  it('neither breaks, floods nor fills the session, which ends once at most and with a reason', () => {
    fc.assert(
      fc.property(
        fc.record({ grant: attributes, isBound: fc.boolean(), polling: fc.boolean() }),
        fc.array(step, { maxLength: 60 }),
        ({ grant, isBound, polling }, steps) => {
          bench = new Bench({ polling });
          const { type: _, ...granted } = grant;
          if (isBound) bench.open({ ...EJABBERD, ...granted, sid: 'secret' });
          else bench.tell({ type: 'start' });
          let ends = 0;
          for (const one of steps) {
            run(one);
            if (bench.ended) ends += 1;
            bench.tell({ type: 'flush' });
            if (bench.ended) ends += 1;
            expect(bench.posts.length).toBeLessThanOrEqual(2);
            const { machine, wakeAt, now } = bench;
            expect(machine.requests.length).toBeLessThanOrEqual(4);
            expect(machine.requests.filter(({ lane }) => lane !== undefined).length).toBeLessThan(
              3,
            );
            if (wakeAt !== undefined) expect(wakeAt - now).toBeLessThan(2 ** 31);
            machine.reading(now);
          }
          expect(ends).toBeLessThanOrEqual(1);
          expect(bench.machine.state === 'closed').toBe(ends === 1);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  function run(one: Step): void {
    const flying = bench.machine.requests.filter(({ lane }) => lane !== undefined);
    const request = flying[one.index] ?? flying[0];
    bench.now += 1;
    switch (one.does) {
      case 'answer':
        if (request) {
          const news = '<s>news</s>'.repeat(one.news);
          bench.answer(request.rid, news, one.attributes, request.attempt);
        }
        return;
      case 'write':
        bench.tell({ type: 'write', payload: '<s/>', messageIds: ['m'] });
        return;
      case 'wake':
        bench.wake();
        return;
      case 'sent':
        if (request) bench.sent(request.rid, request.attempt);
        return;
      case 'fail':
        if (request) bench.fail(request.rid, request.attempt);
        return;
      case 'pause':
        bench.tell({ type: 'pause', seconds: 10 });
        return;
      case 'retry-now':
        bench.tell({ type: 'retry-now' });
    }
  }
});
