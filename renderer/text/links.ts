/** Finds what may be clicked in a message's text. Pure; the text is only cut, never changed. */

/** A stretch of text; with `href` it is a link. */
export interface TextPiece {
  readonly text: string;
  readonly href?: string;
}

const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'xmpp:', 'mailto:']);
// Direction controls could make a link read as another address, so none is ever inside one.
const CANDIDATE =
  /(?<![\p{L}\p{N}_])(?:https?:\/\/|xmpp:|mailto:)[^\s<>"\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const TRAILING = /[.,:;!?'’”»*_~…]$/u;
const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Cuts text into plain stretches and links to https, http, xmpp and mailto addresses, in order. */
export function splitLinks(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const link = withoutTail(match[0]);
    const href = safeHref(link);
    if (href === undefined) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: link, href });
    end = match.index + link.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** Gives the sentence its full stop back, and a closing bracket that was not opened inside the link. */
function withoutTail(candidate: string): string {
  let link = candidate;
  for (;;) {
    const last = link.at(-1) ?? '';
    const open = PAIRS[last];
    const unopened = open !== undefined && count(link, last) > count(link, open);
    if (!unopened && !TRAILING.test(link)) return link;
    link = link.slice(0, -1);
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function safeHref(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  const empty = url.host === '' && url.pathname === '';
  return SAFE_PROTOCOLS.has(url.protocol) && !empty ? url.href : undefined;
}
