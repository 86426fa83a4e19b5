import { describe, expect, it } from 'vitest';
import { dateLocale, dayName, daysBetween, listTime, nextMidnight, startOfDay } from './dates.ts';

const noon = new Date(2026, 7, 26, 12).getTime();
const HOUR = 60 * 60 * 1000;

describe('days', () => {
  it('are told apart at midnight, not after 24 hours', () => {
    const late = new Date(2026, 7, 25, 23, 59).getTime();
    expect(daysBetween(late, noon)).toBe(1);
    expect(daysBetween(startOfDay(noon), noon)).toBe(0);
  });

  it('are counted right over a year, whatever the clocks do', () => {
    const start = new Date(2026, 0, 1).getTime();
    for (let day = 0; day < 365; day += 1) {
      expect(daysBetween(start, new Date(2026, 0, 1 + day, 12).getTime())).toBe(day);
    }
  });

  it('end at the next midnight', () => {
    expect(nextMidnight(noon)).toBe(new Date(2026, 7, 27).getTime());
  });
});

describe('a day line', () => {
  it('says today and yesterday', () => {
    expect(dayName(noon - HOUR, noon)).toBe('Today');
    expect(dayName(noon - 24 * HOUR, noon)).toBe('Yesterday');
  });

  it('names the weekday and the date of an earlier day', () => {
    const text = dayName(new Date(2026, 7, 3, 9).getTime(), noon);
    expect(text).toContain('Monday');
    expect(text).toContain('August');
    expect(text).not.toContain('2026');
  });

  it('adds the year where it is another one', () => {
    expect(dayName(new Date(2024, 11, 31).getTime(), noon)).toContain('2024');
  });

  it('names tomorrow by its date, for a clock that runs ahead', () => {
    expect(dayName(noon + 24 * HOUR, noon)).toContain('August');
  });
});

describe('the time in a list', () => {
  it('is the clock today, the weekday this week, else the date', () => {
    expect(listTime(new Date(2026, 7, 26, 9, 5).getTime(), noon)).toMatch(/9[:.]05/u);
    expect(listTime(new Date(2026, 7, 22, 9).getTime(), noon)).toBe('Sat');
    expect(listTime(new Date(2026, 5, 2).getTime(), noon)).toContain('Jun');
    expect(listTime(new Date(2024, 5, 2).getTime(), noon)).toContain('24');
  });
});

describe('the words of dates', () => {
  it('are English, as everything else is', () => {
    expect(dateLocale('de-DE')).toBe('en-GB');
    expect(dateLocale('en-US')).toBe('en-US');
  });
});
