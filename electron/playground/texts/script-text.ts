/**
 * The conversations of the playground are written as a play is: a line a message, a heading where a new scene
 * begins. In a line `¶` is a line break. What stands before a message says who speaks.
 */

export interface Scene {
  /** What stands in its heading, after `=`. */
  readonly heading: string;
  readonly lines: readonly SpokenLine[];
}

export interface SpokenLine {
  readonly speaker: string;
  readonly text: string;
}

/** `<` says that the other side speaks, `>` that we do; `Name:` that somebody of many does. */
const LINE = /^(?:([<>]) |(\p{L}+): )(.*)$/u;

/** @throws Error where a line is none: the texts are part of the program. */
export function readScenes(text: string): Scene[] {
  const scenes: { heading: string; lines: SpokenLine[] }[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('= ')) {
      scenes.push({ heading: line.slice(2), lines: [] });
      continue;
    }
    if (scenes.length === 0) scenes.push({ heading: '', lines: [] });
    const [, side, name, spoken] = LINE.exec(line) ?? [];
    if (spoken === undefined) throw new Error(`not a line of a scene: ${line}`);
    scenes.at(-1)?.lines.push({ speaker: side ?? name ?? '', text: spoken.replaceAll('¶', '\n') });
  }
  return scenes;
}

/** A message of the past. */
export interface PastMessage {
  /** Ours. */
  readonly outgoing: boolean;
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Between a message and the next: time to read it and to write the next one, in ms. */
const LEAST_GAP_MS = 25_000;
const GAP_MS_PER_CHARACTER = 420;

/**
 * A conversation of the past, oldest first. Its headings say how many days ago, and at what time of day.
 * @param anchor the first moment of the day it is told from, epoch ms; the times are a function of it.
 */
export function readPast(text: string, anchor: number): PastMessage[] {
  return readScenes(text).flatMap(({ heading, lines }) => {
    const [, days = '', hours = '', minutes = ''] = /^(\d+) (\d\d):(\d\d)$/u.exec(heading) ?? [];
    let at = anchor - Number(days) * DAY_MS + (Number(hours) * 60 + Number(minutes)) * 60_000;
    return lines.map((line) => {
      const message = { outgoing: line.speaker === '>', text: line.text, at };
      at += LEAST_GAP_MS + line.text.length * GAP_MS_PER_CHARACTER;
      return message;
    });
  });
}
