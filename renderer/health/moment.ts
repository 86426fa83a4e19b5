/** Moments as the health panel tells them: how long ago, at what time, how long a certificate lasts, and why. */
import { formatDuration } from '../../shared/units.ts';

const DAY = 86_400_000;

/** `just now`, `12 s ago`, `3 min ago`: whole seconds below a minute, then whole minutes, hours, days. */
export function formatAgo(at: number, now: number): string {
  const ms = Math.max(0, now - at);
  if (ms < 2_000) return 'just now';
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s ago`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`;
  if (ms < DAY) return `${Math.floor(ms / 3_600_000)} h ago`;
  const days = Math.floor(ms / DAY);
  return `${days} ${days === 1 ? 'day' : 'days'} ago`;
}

/** The time of day, with the date where it is not the day of `now`; in the person's own time zone. */
export function formatClockTime(at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat('en-GB', {
    ...(sameDay ? {} : { dateStyle: 'medium' as const }),
    timeStyle: 'medium',
  }).format(at);
}

/** What a certificate's last day means today. */
export interface CertificateLife {
  readonly text: string;
  /** True from two weeks before the end. */
  readonly ending: boolean;
}

/** @param validTo ISO 8601; text that is no date is repeated as it is */
export function certificateLife(validTo: string, now: number): CertificateLife {
  const end = Date.parse(validTo);
  if (Number.isNaN(end)) return { text: validTo, ending: false };
  const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(
    end,
  );
  const left = end - now;
  if (left <= 0) return { text: `${date}, expired`, ending: true };
  const days = Math.floor(left / DAY);
  const text =
    days >= 1
      ? `${date}, ${days} ${days === 1 ? 'day' : 'days'} left`
      : `${date}, ${formatDuration(left)} left`;
  return { text, ending: left < 14 * DAY };
}

/** A reason as the ladder keeps it, `no session is stored`, to be read on its own. */
export function asSentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1).replace(/\.$/u, '')}.`;
}
