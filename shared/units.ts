/**
 * Numbers with their units as people read them: durations and byte counts. The health panel and the
 * health report use the same ones, so that a picture and a report can be compared.
 */

const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en', {
  maximumFractionDigits: 1,
  minimumFractionDigits: 1,
});

/** A whole number with its thousands set apart: `1,234,567`. */
export function formatCount(count: number): string {
  return plain.format(count);
}

/** `1 request`, `2 requests`; the plural is regular. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * How long something took, with about two digits that mean something: `0.4 ms`, `38 ms`, `3.2 s`,
 * `49 s`, `2 min 5 s`, `3 h 12 min`.
 * @param milliseconds not negative; a negative one counts as 0
 */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 9.95) return `${ms < 0.05 ? '0' : oneDecimal.format(ms).replace('.0', '')} ms`;
  if (ms < 999.5) return `${plain.format(ms)} ms`;
  if (ms < 9_950) return `${oneDecimal.format(ms / 1000).replace('.0', '')} s`;
  return formatSeconds(Math.round(ms / 1000));
}

/**
 * What is left of a countdown, in whole seconds rounded up, so that it reads 0 only when it is over:
 * `49 s`, `2 min 5 s`.
 */
export function formatRemaining(milliseconds: number): string {
  return formatSeconds(Math.ceil(Math.max(0, milliseconds) / 1000));
}

/** Decimal units as network people count: `812 bytes`, `1.2 KB`, `48 KB`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return formatCounted(bytes, 'byte');
  let value = bytes;
  let unit = 'bytes';
  for (const larger of ['KB', 'MB', 'GB']) {
    if (value < 999.5) break;
    value /= 1000;
    unit = larger;
  }
  return `${value < 9.95 ? oneDecimal.format(value) : plain.format(value)} ${unit}`;
}

/** A moment for records that are compared across machines: ISO 8601 in UTC. */
export function formatInstant(epochMs: number): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString();
}

/** Seconds alone up to two minutes: they count down evenly, and BOSH is granted in them. */
function formatSeconds(total: number): string {
  if (total < 120) return `${total} s`;
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return total % 60 === 0 ? `${minutes} min` : `${minutes} min ${total % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0
    ? `${formatCount(hours)} h`
    : `${formatCount(hours)} h ${minutes % 60} min`;
}
