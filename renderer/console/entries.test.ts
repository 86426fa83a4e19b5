import { describe, expect, it } from 'vitest';
import type { XmlEntry } from '../../shared/xml-console.ts';
import { asText, countOf, filtered, MOST_HELD, withNew } from './entries.ts';

const entry = (number: number, more: Partial<XmlEntry> = {}): XmlEntry => ({
  ...{
    number,
    at: 0,
    direction: 'out',
    kind: 'message',
    rid: number,
    xml: `<message n="${number}"/>`,
  },
  ...more,
});
const numbers = (entries: readonly XmlEntry[]) => entries.map(({ number }) => number);

describe('what the console holds', () => {
  it('grows by what is new, and by nothing twice', () => {
    const held = [entry(1), entry(2)];
    expect(numbers(withNew(held, [entry(2), entry(3)]))).toEqual([1, 2, 3]);
    expect(withNew(held, [entry(1)])).toBe(held);
  });

  it('drops the oldest where it is too much', () => {
    const many = Array.from({ length: MOST_HELD + 10 }, (_, index) => entry(index + 1));
    const held = withNew([], many);
    expect(held).toHaveLength(MOST_HELD);
    expect(held[0]?.number).toBe(11);
  });
});

describe('what the console shows', () => {
  const all = [
    entry(1),
    entry(2, { kind: 'iq', xml: '<iq><Ping/></iq>' }),
    entry(3, { kind: 'empty', xml: '<body/>' }),
    entry(4, { kind: 'stream', xml: '<features/>' }),
  ];
  const everything = { shown: 'all', empties: true, text: '' } as const;

  it('is what was asked for', () => {
    expect(numbers(filtered(all, everything))).toEqual([1, 2, 3, 4]);
    expect(numbers(filtered(all, { ...everything, empties: false }))).toEqual([1, 2, 4]);
    expect(numbers(filtered(all, { ...everything, shown: 'iq', empties: false }))).toEqual([2]);
    expect(numbers(filtered(all, { ...everything, text: ' ping ' }))).toEqual([2]);
    expect(numbers(filtered(all, { ...everything, text: '4' }))).toEqual([4]);
  });

  it('is counted', () => {
    expect(countOf([], { frozen: undefined, held: [] })).toBe('0 elements');
    expect(countOf(all.slice(0, 1), { frozen: undefined, held: all.slice(0, 1) })).toBe(
      '1 element',
    );
    expect(countOf(all.slice(0, 3), { frozen: undefined, held: all })).toBe('3 of 4 elements');
    const frozen = all.slice(0, 2);
    expect(countOf(frozen, { frozen, held: all })).toBe('2 elements, 2 more since it was paused');
    expect(countOf(frozen, { frozen, held: frozen })).toBe('2 elements');
  });

  it('can be kept as text', () => {
    expect(asText([entry(1, { isRepeat: true }), entry(2, { direction: 'in' })])).toBe(
      [
        '<!-- 1970-01-01T00:00:00.000Z sent, rid 1, again -->\n<message n="1"/>\n',
        '<!-- 1970-01-01T00:00:00.000Z received, rid 2 -->\n<message n="2"/>\n',
      ].join('\n'),
    );
  });
});
