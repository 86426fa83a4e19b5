import xml, { type Element } from '@xmpp/xml';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Acknowledgements,
  isStanza,
  type LostStream,
  readEnabled,
  resumeElement,
  settle,
  type UnansweredStanza,
} from './stream-management.ts';

const NS = 'urn:xmpp:sm:3';

const message = (messageId: string): UnansweredStanza => ({
  stanza: xml('message', { id: messageId, xmlns: 'jabber:client' }),
  messageId,
});
const other = (stanza: Element): UnansweredStanza => ({ stanza });
const presence = xml('presence', { type: 'subscribe' });

function lost(sent: number, ...unanswered: UnansweredStanza[]): LostStream {
  return { id: 'a-secret', maxMs: 1, jid: 'me@here/desk', received: 7, sent, unanswered };
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

  it('are not given once the stream is gone', () => {
    const sent: Element[] = [];
    const acknowledgements = new Acknowledgements(0, (element) => sent.push(element));
    acknowledgements.asked();
    acknowledgements.close();
    vi.advanceTimersByTime(5_000);
    expect(sent).toEqual([]);
  });
});
