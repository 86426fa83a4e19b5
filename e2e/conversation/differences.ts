/** Whether a side has every message once and in order, and what is wrong where it has not; pure. */

export interface Differences {
  /** Expected and not there. */
  readonly lost: readonly string[];
  /** There more than once: each time too many. */
  readonly doubled: readonly string[];
  /** Not after the one it should follow, or never expected at all. */
  readonly reordered: readonly string[];
}

export function differences(actual: readonly string[], expected: readonly string[]): Differences {
  const place = new Map(expected.map((text, index) => [text, index]));
  const seen = new Set<string>();
  const doubled: string[] = [];
  const reordered: string[] = [];
  let last = -1;
  for (const text of actual) {
    if (seen.has(text)) {
      doubled.push(text);
      continue;
    }
    seen.add(text);
    const index = place.get(text) ?? -1;
    if (index < last || index < 0) reordered.push(text);
    last = Math.max(last, index);
  }
  return { lost: expected.filter((text) => !seen.has(text)), doubled, reordered };
}

/** In words, one line for each thing that is wrong; empty where nothing is. */
export function describeDifferences(what: string, found: Differences): string[] {
  return (['lost', 'doubled', 'reordered'] as const).flatMap((kind) => {
    const texts = found[kind];
    return texts.length === 0
      ? []
      : [`${what}: ${texts.length} ${kind} (${texts.slice(0, 5).join(', ')})`];
  });
}
