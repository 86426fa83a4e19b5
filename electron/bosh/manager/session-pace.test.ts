/** Overactivity and polling (XEP-0124 §11 and §12). */
import { describe, expect, it } from 'vitest';
import { openSession, type SessionBench } from './testing/session-bench.ts';

const isViolation = (bench: SessionBench) => bench.ended === 'policy-violation';

describe('a client with requests under way', () => {
  it('may fill the window with an empty request when the polling interval is over', () => {
    const bench = openSession({ terms: { polling: 5 } });
    bench.post(1);
    bench.pass(5);
    bench.post(2);
    expect(bench.isOver).toBe(false);
  });

  it('may not fill the window with an empty request sooner', () => {
    const bench = openSession({ terms: { polling: 5 } });
    const held = bench.post(1);
    bench.pass(3);
    const tooSoon = bench.post(2);
    expect(bench.look()).toMatchObject([
      { exchange: tooSoon, attributes: { type: 'terminate', condition: 'policy-violation' } },
      { exchange: held, attributes: { type: 'terminate', condition: 'other-request' } },
    ]);
    expect(isViolation(bench)).toBe(true);
  });

  it('may come somewhat sooner than it was sent: the way varies', () => {
    const bench = openSession({ terms: { polling: 5 } });
    bench.post(1);
    bench.pass(4.6);
    bench.post(2);
    expect(bench.isOver).toBe(false);
  });

  it('may send payloads as often as it likes', () => {
    const bench = openSession({ terms: { polling: 5 } });
    for (let rid = 1; rid < 50; rid += 1) bench.post(rid, '<a/>');
    expect(bench.isOver).toBe(false);
  });

  it('may ask for a restart, a pause or the end at once', () => {
    const restart = { 'xmpp:restart': 'true', 'xmlns:xmpp': 'urn:xmpp:xbosh' };
    for (const attributes of [restart, { pause: 10 }, { type: 'terminate' }]) {
      const bench = openSession();
      bench.post(1);
      bench.post(2, '', attributes);
      expect(isViolation(bench)).toBe(false);
    }
  });

  it('may have no more of them than granted', () => {
    const bench = openSession({ attributes: { hold: 2 } });
    bench.post(1, '<a/>');
    bench.post(2, '<a/>');
    bench.post(4, '<a/>');
    expect(bench.isOver).toBe(false);
    bench.post(5, '<a/>');
    expect(isViolation(bench)).toBe(true);
  });

  it('may have one more to pause or to end', () => {
    for (const attributes of [{ pause: 10 }, { type: 'terminate' }]) {
      const bench = openSession({ attributes: { hold: 2 } });
      bench.post(1, '<a/>');
      bench.post(2, '<a/>');
      bench.post(4, '<a/>');
      bench.post(5, '', attributes);
      expect(bench.isOver).toBe(false);
    }
  });

  it('is not blamed where a payload overtakes the empty request before it', () => {
    const bench = openSession({ terms: { polling: 5 } });
    bench.post(2, '<a/>');
    bench.post(1);
    expect(bench.isOver).toBe(false);
    expect(bench.written).toEqual(['<a/>']);
  });

  it('is not blamed for copies', () => {
    const bench = openSession({ terms: { polling: 5 } });
    for (let count = 0; count < 10; count += 1) bench.post(1);
    expect(bench.isOver).toBe(false);
  });
});

describe.each([{ wait: 0 }, { hold: 0 }])('a client that polls, with %o,', (attributes) => {
  const polling = () => openSession({ attributes, terms: { polling: 5 } });

  it('may ask again when the interval is over', () => {
    const bench = polling();
    bench.post(1);
    bench.pass(5);
    bench.post(2);
    expect(bench.isOver).toBe(false);
  });

  it('may not ask again sooner after an answer without payload', () => {
    const bench = polling();
    bench.post(1);
    bench.look();
    bench.pass(3);
    bench.post(2);
    expect(bench.answer.attributes).toMatchObject({
      type: 'terminate',
      condition: 'policy-violation',
    });
    expect(isViolation(bench)).toBe(true);
  });

  it('may ask again at once after a payload, either way', () => {
    const bench = polling();
    bench.serve('<a/>');
    bench.post(1);
    bench.post(2);
    bench.post(3, '<b/>');
    bench.post(4);
    expect(bench.isOver).toBe(false);
  });
});

it('a client may ask as often as it likes where no interval is granted', () => {
  const bench = openSession({ terms: { polling: 0 } });
  for (let rid = 1; rid < 20; rid += 1) bench.post(rid);
  expect(bench.isOver).toBe(false);
});
