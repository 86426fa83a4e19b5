/** The elements the XML console holds, and which of them are shown. Pure. */
import type { XmlEntry, XmlKind } from '../../shared/xml-console.ts';

/** The page holds no more than this. */
export const MOST_HELD = 2_000;

export type Shown = 'all' | Exclude<XmlKind, 'empty'>;

export interface Filter {
  readonly shown: Shown;
  /** Requests and answers that carry nothing too. */
  readonly empties: boolean;
  /** Only what contains this, whatever its case. */
  readonly text: string;
}

/** What is held once these have come, the oldest dropped where it is too much. */
export function withNew(held: readonly XmlEntry[], come: readonly XmlEntry[]): readonly XmlEntry[] {
  const last = held.at(-1)?.number ?? 0;
  const fresh = come.filter(({ number }) => number > last);
  return fresh.length === 0 ? held : [...held, ...fresh].slice(-MOST_HELD);
}

export function filtered(entries: readonly XmlEntry[], filter: Filter): readonly XmlEntry[] {
  const wanted = filter.text.trim().toLowerCase();
  return entries.filter(
    ({ kind, xml, rid }) =>
      (kind === 'empty' ? filter.empties : filter.shown === 'all' || kind === filter.shown) &&
      (wanted === '' || xml.toLowerCase().includes(wanted) || String(rid) === wanted),
  );
}

/** How much is shown of what is held: `120 elements`, `12 of 120 elements, 3 more since it was paused`. */
export function countOf(
  entries: readonly XmlEntry[],
  { frozen, held }: { frozen: readonly XmlEntry[] | undefined; held: readonly XmlEntry[] },
): string {
  const all = frozen ?? held;
  const last = frozen?.at(-1)?.number ?? 0;
  const since = frozen ? held.filter(({ number }) => number > last).length : 0;
  const elements = `${all.length} ${all.length === 1 ? 'element' : 'elements'}`;
  return [
    entries.length === all.length ? elements : `${entries.length} of ${elements}`,
    ...(since === 0 ? [] : [`${since} more since it was paused`]),
  ].join(', ');
}

/** As a text to keep: each element under a line that says when it went which way. */
export function asText(entries: readonly XmlEntry[]): string {
  return entries
    .map((entry) => `<!-- ${new Date(entry.at).toISOString()} ${wayOf(entry)} -->\n${entry.xml}\n`)
    .join('\n');
}

/** `sent, rid 12, again`. */
export function wayOf({ direction, rid, isRepeat }: XmlEntry): string {
  return [
    direction === 'out' ? 'sent' : 'received',
    ...(rid === undefined ? [] : [`rid ${rid}`]),
    ...(isRepeat ? ['again'] : []),
  ].join(', ');
}
