/** Characters that XML would read as something else, as references (XML 1.0 §2.4). Used wherever XML is written as text. */

const IN_ATTRIBUTES = /[&<'"\t\n\r]/u;
const IN_TEXT = /[&<>\r]/u;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
  // Bare, these would be read as spaces or line feeds (XML 1.0 §2.11, §3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** For the value of an attribute, between quotes of either kind. */
export function escapeAttribute(value: string): string {
  return withReferences(value, IN_ATTRIBUTES);
}

/** For character data. */
export function escapeText(text: string): string {
  return withReferences(text, IN_TEXT);
}

function withReferences(text: string, special: RegExp): string {
  // Almost all there is has nothing to escape.
  if (!special.test(text)) return text;
  return text.replaceAll(new RegExp(special, 'gu'), (character) => ESCAPES[character] ?? '');
}
