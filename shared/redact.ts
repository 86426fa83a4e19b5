/**
 * Takes out of text what a report must not tell: who the person is, and anything that could sign in
 * or take a session over. Rather hides too much than too little. Pure; used by the health report.
 */
import { parseJid } from './jid.ts';

const HIDDEN = '[hidden]';

/** A JID without the person: `a…@example.org`; the resource is dropped. A server's own address stays. */
export function redactJid(jid: string): string {
  const at = jid.indexOf('@');
  if (at < 0) return parseJid(jid)?.domain ?? HIDDEN;
  const domain = parseJid(jid.slice(at + 1))?.domain;
  return `${initial(jid.slice(0, at))}@${domain ?? HIDDEN}`;
}

/** A URL without credentials, query and fragment. Text that is no URL is hidden whole. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return HIDDEN;
  const { protocol, host, pathname } = new URL(url);
  return host === '' ? `${protocol}${HIDDEN}` : `${protocol}//${host}${redactPath(pathname)}`;
}

/**
 * Free text on one line without URLs' private parts, JIDs, named secrets (`password=…`, `token: …`),
 * credentials of the Authorization header, text inside XML elements, and whatever looks like a token.
 * @param names words that must not appear either, such as the person's own local part
 */
export function redactText(text: string, names: readonly string[] = []): string {
  let line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  const urls: string[] = [];
  // Set aside first: a safe URL holds what the rules below would take for a token or a JID.
  line = line.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/giu, (url) => {
    const punctuation = /[.,;:!?)\]}]*$/u.exec(url)?.[0] ?? '';
    urls.push(redactUrl(url.slice(0, url.length - punctuation.length)));
    return `\u0000${urls.length - 1}\u0000${punctuation}`;
  });
  line = line
    .replace(/>[^<>]*<\//gu, `>${HIDDEN}</`)
    .replace(/\b(basic|bearer|digest|negotiate|ntlm)\s+\S+/giu, `$1 ${HIDDEN}`)
    .replace(
      /\b([\w-]*(?:pass(?:word|wd|phrase)?|pwd|secret|token|auth\w*|cookie|sid|session|key|signature|credential|nonce|proof|jid|user(?:name)?)s?["']?)(\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&]+)/giu,
      `$1$2${HIDDEN}`,
    )
    .replace(/[^\s"'<>()[\]{},;:=@]+@[^\s"'<>()[\]{},;=@]+/gu, redactJidInText)
    .replace(/[\w+/=~.-]{16,}/gu, (run) => (looksLikeToken(run) ? HIDDEN : run));
  for (const name of names) {
    if (name !== '') line = line.replace(wholeWord(name), HIDDEN);
  }
  return line.replace(/\0(\d+)\0/gu, (_, index) => urls[Number(index)] ?? HIDDEN);
}

function redactJidInText(match: string): string {
  const punctuation = /[.,;:!?]*$/u.exec(match)?.[0] ?? '';
  return redactJid(match.slice(0, match.length - punctuation.length)) + punctuation;
}

function redactPath(path: string): string {
  return path
    .split('/')
    .map((part) => (part.includes('@') || looksLikeToken(part) ? HIDDEN : part))
    .join('/');
}

/** Letters and digits mixed over a length no word has, or one unbroken run longer than any word. */
function looksLikeToken(run: string): boolean {
  if (run.length < 16) return false;
  const longest = Math.max(...run.split(/[^A-Za-z0-9]/u).map((part) => part.length));
  return (/\d/u.test(run) && /[A-Za-z]/u.test(run)) || longest >= 24;
}

/** One letter tells two accounts apart; a name of one letter is not told. */
function initial(local: string): string {
  const letters = [...local];
  return letters.length > 1 ? `${letters[0]}…` : '…';
}

function wholeWord(word: string): RegExp {
  const literal = word.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'giu');
}
