/**
 * Times and days in words. Holdfast's words are English, so days are too; how a clock is read
 * (24 or 12 hours) is the person's own. Pure: `now` is always given.
 */

const DAY = 24 * 60 * 60 * 1000;

/** English as the person's system has it, else British English. */
export function dateLocale(systemLocale: string): string {
  return systemLocale.startsWith('en') ? systemLocale : 'en-GB';
}

const locale = dateLocale(navigator.language);
const { hour12 = false } = new Intl.DateTimeFormat(navigator.language, {
  hour: 'numeric',
}).resolvedOptions();
const clockFormat = new Intl.DateTimeFormat(locale, {
  hour: hour12 ? 'numeric' : '2-digit',
  minute: '2-digit',
  hour12,
});
const weekdayFormat = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const shortDayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const numericDayFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'short' });
const dayFormat = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const dayYearFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'full' });
const momentFormat = new Intl.DateTimeFormat(locale, {
  dateStyle: 'full',
  timeStyle: 'medium',
  hour12,
});
const relativeFormat = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

/** Midnight before a moment, in the system's time zone. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Whole days from a moment's day to another's; rounded, for days of 23 and 25 hours. */
export function daysBetween(from: number, to: number): number {
  return Math.round((startOfDay(to) - startOfDay(from)) / DAY);
}

/** `14:32` */
export function clockTime(at: number): string {
  return clockFormat.format(at);
}

/** Everything, for a title: `Monday, 12 May 2025 at 14:32:07`. */
export function fullTime(at: number): string {
  return momentFormat.format(at);
}

/** A day line: `Today`, `Yesterday`, `Monday, 12 May`, or with the year where it is another one. */
export function dayName(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0 || days === 1) return capital(relativeFormat.format(-days, 'day'));
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayFormat : dayYearFormat).format(at);
}

/** For lists: the time today, the weekday in the last week, else the date. */
export function listTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clockTime(at);
  if (days < 7) return weekdayFormat.format(at);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? shortDayFormat : numericDayFormat).format(at);
}

/** The next midnight, when day names change. */
export function nextMidnight(now: number): number {
  return new Date(now).setHours(24, 0, 0, 0);
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
