import { describe, expect, it } from 'vitest';
import { certificateLife, formatAgo, formatClockTime } from './moment.ts';

describe('formatAgo', () => {
  it.each([
    [-5, 'just now'],
    [1_999, 'just now'],
    [12_900, '12 s ago'],
    [190_000, '3 min ago'],
    [7_200_000, '2 h ago'],
    [86_400_000, '1 day ago'],
    [250_000_000, '2 days ago'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatAgo(1_000_000_000 - ms, 1_000_000_000)).toBe(text);
  });
});

describe('formatClockTime', () => {
  const noon = new Date(2026, 4, 2, 12, 0, 5).getTime();

  it('tells the time of day alone today', () => {
    expect(formatClockTime(noon, noon + 60_000)).toBe('12:00:05');
  });

  it('adds the date on another day', () => {
    expect(formatClockTime(noon, noon + 48 * 3_600_000)).toBe('2 May 2026, 12:00:05');
  });
});

describe('certificateLife', () => {
  const end = '2026-05-20T12:00:00.000Z';
  const days = (count: number) => Date.parse(end) - count * 86_400_000;

  it.each([
    [days(63), '20 May 2026, 63 days left', false],
    [days(13.5), '20 May 2026, 13 days left', true],
    [days(1), '20 May 2026, 1 day left', true],
    [days(0.5), '20 May 2026, 12 h left', true],
    [days(0), '20 May 2026, expired', true],
  ])('says what is left at %d', (now, text, ending) => {
    expect(certificateLife(end, now)).toEqual({ text, ending });
  });

  it('repeats what is no date', () => {
    expect(certificateLife('soon', 0)).toEqual({ text: 'soon', ending: false });
  });
});
