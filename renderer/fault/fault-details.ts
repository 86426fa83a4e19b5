/** What a person may hand on about a fault of the page: what was thrown and where, and nothing of theirs. Pure. */
import { redactText } from '../../shared/redact.ts';

/** So much of a stack says where it was. */
const MOST_LINES = 20;
/** A line of a stack, in Chromium's or Firefox's form: the function, and the file with its place. */
const STACK_LINE = /^\s*(?:at\s+)?(.*?)[@\s(]*\b[a-z-]+:\/\/[^\s)]*?\/([^/\s)?#]*:\d+:\d+)\)?$/iu;

export interface FaultSurroundings {
  /** Which part of the window stopped. */
  readonly part: string;
  /** Epoch ms. */
  readonly at: number;
  /** Which browser, as it says itself. */
  readonly userAgent: string;
}

/** Lines of text without secrets, addresses of people, or what they wrote. */
export function faultDetails(thrown: unknown, { part, at, userAgent }: FaultSurroundings): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  return [
    `Stopped: ${part}`,
    `Time: ${new Date(at).toISOString()}`,
    `Browser: ${userAgent}`,
    `Error: ${messageOf(thrown)}`,
    ...stack.split('\n').flatMap(placeOf).slice(0, MOST_LINES),
  ].join('\n');
}

function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  // What a parser could not read it repeats in quotes, and that may be a message.
  return redactText(text.replace(/"[^"]*("|$)/gu, '"[hidden]"')).slice(0, 300);
}

function placeOf(line: string): string[] {
  const [, name, place] = STACK_LINE.exec(line) ?? [];
  return place === undefined ? [] : [`  ${name || '(no name)'} ${place}`];
}
