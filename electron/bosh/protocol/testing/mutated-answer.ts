/** Real answers with a few of their bytes changed, as fast-check makes and shrinks them: fuzz for the codec. */
import fc from 'fast-check';
import { REAL_ANSWERS } from './real-answers.ts';

/** What can stand in for a byte or two, besides other bytes: the characters XML is made of, and its traps. */
const TOKENS = [
  ...[
    '<',
    '>',
    '/',
    '=',
    "'",
    '"',
    '&',
    ';',
    '!',
    '?',
    '[',
    ']',
    '--',
    ':',
    ' ',
    '\n',
    '\0',
    '\x1b',
  ],
  ...['<!--', '-->', '<![CDATA[', ']]>', '<?x ?>', '<!DOCTYPE a>', '<!ENTITY', '&amp;', '&#0;'],
  ...['&#x1F600;', '&lol;', '</body>', '<body>', '<a>', '</a>', '<a/>', ` xmlns='urn:x'`, 'xmlns:'],
  ...[` type='error'`, ` type='terminate'`, ` sid='x'`, '\uFEFF', '\u{1F600}', '__proto__'],
].map((token) => Buffer.from(token));

const inserted = fc.oneof(
  fc.constantFrom(...TOKENS),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(...REAL_ANSWERS).map(({ body }) => Buffer.from(body)),
);

/** A part of the answer, from a place of it, is replaced or repeated. Places are in thousandths. */
const mutation = fc.record({
  at: fc.nat(1_000),
  cut: fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(1_000) }),
  insert: fc.oneof(
    { weight: 5, arbitrary: inserted },
    { weight: 1, arbitrary: fc.constant('again' as const) },
  ),
});

/** The bytes of a damaged answer. */
export const mutatedAnswer: fc.Arbitrary<Buffer> = fc
  .tuple(fc.constantFrom(...REAL_ANSWERS), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([{ body }, mutations]) => {
    let bytes = Buffer.from(body);
    for (const { at, cut, insert } of mutations) {
      const from = Math.floor((at * bytes.length) / 1_000);
      const rest = bytes.subarray(from + cut);
      const added = insert === 'again' ? bytes.subarray(from, from + cut) : insert;
      const kept = insert === 'again' ? bytes.subarray(from) : rest;
      bytes = Buffer.concat([bytes.subarray(0, from), added, kept]);
    }
    const text = JSON.stringify(bytes.toString());
    return Object.assign(bytes, { [fc.toStringMethod]: () => text });
  });
