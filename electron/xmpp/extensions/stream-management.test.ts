import xml, { type Element } from '@xmpp/xml';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Acknowledgements,
  isStanza,
  type LostStream,
  readEnabled,
  readHandled,
  resumeElement,
  type SentStanza,
  settle,
} from './stream-management.ts';

const NS = 'urn:xmpp:sm:3';

type Unnumbered = Omit<SentStanza, 'number'>;

const message = (messageId: string): Unnumbered => ({
  stanza: xml('message', { id: messageId, xmlns: 'jabber:client' }),
  messageId,
});
const other = (stanza: Element): Unnumbered => ({ stanza });
const presence = xml('presence', { type: 'subscribe' });

/** A stream in which so many stanzas were sent, these the last. */
function lost(sent: number, ...unnumbered: Unnumbered[]): LostStream {
  const first = sent - unnumbered.length + 1;
  const last = unnumbered.map((stanza, index) => ({ ...stanza, number: first + index }));
  return { id: 'a-secret', maxMs: 1, jid: 'me@here/desk', received: 7, sent, last };
}

describe('what the server keeps', () => {
  const enabled = (attributes: object) => xml('enabled', { xmlns: NS, ...attributes });

  it.each([
    [
      { id: 'x', resume: 'true', max: '300' },
      { id: 'x', maxMs: 300_000 },
    ],
    [
      { id: 'x', resume: '1' },
      { id: 'x', maxMs: 300_000 },
    ],
    [
      { id: 'x', resume: 'true', max: '-1' },
      { id: 'x', maxMs: 300_000 },
    ],
    [{ id: 'x' }, undefined],
    [{ id: 'x', resume: 'false' }, undefined],
    [{ id: '', resume: 'true' }, undefined],
    [{ id: 'x'.repeat(4_001), resume: 'true' }, undefined],
    [{ resume: 'true' }, undefined],
  ])('is read from %j', (attributes, stream) => {
    expect(readEnabled(enabled(attributes))).toEqual(stream);
  });
});

describe('a stanza', () => {
  it.each([
    ['message', 'jabber:client', true],
    ['presence', 'jabber:client', true],
    ['iq', 'jabber:client', true],
    ['r', NS, false],
    ['message', 'urn:example', false],
  ])('%s of %s: %s', (name, xmlns, counted) => {
    expect(isStanza(xml(name, { xmlns }))).toBe(counted);
  });
});

describe('after a resumption', () => {
  it('tells the server how much came', () => {
    const { attrs } = resumeElement(lost(0));
    expect(attrs).toMatchObject({ previd: 'a-secret', h: '7' });
  });

  it('messages up to the server’s count arrived, the others go again', () => {
    expect(settle(lost(5, message('d'), message('e'), message('f')), 3)).toEqual({
      ...{ arrived: ['d'], missing: ['e', 'f'], again: [] },
    });
  });

  it('all or none may have arrived', () => {
    expect(settle(lost(5, message('e')), 5)).toMatchObject({ arrived: ['e'], missing: [] });
    expect(settle(lost(5, message('e')), 4)).toMatchObject({ arrived: [], missing: ['e'] });
    expect(settle(lost(0), 0)).toEqual({ arrived: [], missing: [], again: [] });
  });

  it('goes by the count of each, where the server has acknowledged some in between', () => {
    const stream = lost(9, ...['a', 'b', 'c', 'd', 'e'].map(message));
    const gap = { ...stream, last: stream.last.filter(({ number }) => number !== 7) };
    expect(settle(gap, 8)).toEqual({ arrived: ['a', 'b', 'd'], missing: ['e'], again: [] });
    expect(settle(gap, 7)).toMatchObject({ arrived: ['a', 'b'], missing: ['d', 'e'] });
    expect(settle(gap, 6)).toBeUndefined();
  });

  it('other stanzas go again too, but not questions nobody waits for any more', () => {
    const answer = xml('iq', { type: 'result', id: '1' });
    const question = xml('iq', { type: 'get', id: '2' });
    const stream = lost(9, message('a'), other(presence), other(question), other(answer));
    expect(settle(stream, 6)).toEqual({ arrived: ['a'], missing: [], again: [presence, answer] });
  });

  it.each([3, 6, -1, Number.NaN, 4.5])('nothing is concluded from a count of %d', (handled) => {
    expect(settle(lost(5, message('e')), handled)).toBeUndefined();
  });
});

describe('acknowledgements', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are given once for all that was asked in a while, with all that came until then', () => {
    const sent: Element[] = [];
    const acknowledgements = new Acknowledgements(2, (element) => sent.push(element));
    acknowledgements.count();
    acknowledgements.asked();
    acknowledgements.asked();
    acknowledgements.count();
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(5_000);
    expect(sent.map(String)).toEqual([`<a xmlns="${NS}" h="4"/>`]);
    acknowledgements.asked();
    vi.advanceTimersByTime(5_000);
    expect(sent).toHaveLength(2);
  });

  it('are asked for with what is sent, and again for what was sent meanwhile', () => {
    const sent: string[] = [];
    const acknowledgements = new Acknowledgements(0, (element) => sent.push(element.name));
    acknowledgements.sent();
    expect(sent).toEqual(['r']);
    acknowledgements.sent();
    acknowledgements.sent();
    vi.advanceTimersByTime(4_999);
    expect(sent).toEqual(['r']);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual(['r', 'r']);
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual(['r', 'r']);
    acknowledgements.sent();
    expect(sent).toEqual(['r', 'r', 'r']);
    acknowledgements.close();
  });

  it.each([
    ['7', 7],
    ['0', 0],
    ['', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    [undefined, undefined],
  ])('are read as a count: %j', (h, handled) => {
    expect(readHandled(xml('a', { xmlns: NS, h }))).toBe(handled);
  });

  it('are not given once the stream is gone', () => {
    const sent: Element[] = [];
    const acknowledgements = new Acknowledgements(0, (element) => sent.push(element));
    acknowledgements.asked();
    acknowledgements.close();
    vi.advanceTimersByTime(5_000);
    expect(sent).toEqual([]);
  });
});
