/** The codec against damaged answers of real managers, and against noise. */
import type { Element } from '@xmpp/xml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemSchema } from '../../../shared/problem.ts';
import { textOf } from '../../network/answer-text.ts';
import { BodyError, cleanPayload, decodeBody, decodePayload, looksLikeBody } from './body.ts';
import { grantedAttributes } from './granted-attributes.ts';
import { terminateProblem } from './terminate-condition.ts';
import { mutatedAnswer } from './testing/mutated-answer.ts';
import { REAL_ANSWERS } from './testing/real-answers.ts';
import { DEFAULT_XML_LIMITS, type XmlLimits } from './xml-reader.ts';

const FAULTS = [
  ...['not-well-formed', 'restricted-xml', 'too-large', 'wrong-root', 'wrong-namespace'],
  'stray-text',
];

/** What a manager's answer goes through before anything else sees it. */
function take(text: string): 'taken' | 'refused' {
  looksLikeBody(text);
  // What follows the body keeps it from the short way for empty ones.
  expect(attributesOf(`${text} `)).toEqual(attributesOf(text));
  try {
    const { attributes, payload, payloadText } = decodeBody(text);
    expect(texts(decodePayload(payloadText))).toEqual(texts(payload));
    expect(cleanPayload(payloadText)).toBe(payloadText);
    grantedAttributes(attributes, attributes.sid ?? '');
    problemSchema.parse(terminateProblem(attributes, payload));
    return 'taken';
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    expect(FAULTS).toContain(error.fault);
    return 'refused';
  }
}

function attributesOf(text: string): object | undefined {
  try {
    return { ...decodeBody(text).attributes };
  } catch {
    return undefined;
  }
}

function texts(elements: readonly Element[]): string[] {
  return elements.map((element) => `${element.getNS()} ${element}`);
}

/** Far more than it takes, on a busy machine too. */
const TIMEOUT = { timeout: 60_000 };

describe('the codec', TIMEOUT, () => {
  it.each(REAL_ANSWERS.map(({ server, what, body }) => [server, what, body]))(
    'reads what %s answers: %s',
    (_server, _what, body) => {
      expect(looksLikeBody(body)).toBe(true);
      expect(take(body)).toBe('taken');
    },
  );

  it('decodes or refuses a damaged answer, and what it takes can be read again from the journal', () => {
    const seen = { taken: 0, refused: 0, unreadable: 0 };
    fc.assert(
      fc.property(mutatedAnswer, (bytes) => {
        const text = readable(bytes);
        if (text === undefined) seen.unreadable += 1;
        else seen[take(text)] += 1;
      }),
      { numRuns: 5_000 },
    );
    // Damage that is never fatal or never harmless would test nothing.
    expect(Math.min(seen.taken, seen.refused, seen.unreadable)).toBeGreaterThan(50);
  });

  it('decodes or refuses an answer cut off anywhere', () => {
    for (const { body } of REAL_ANSWERS) {
      for (let length = 0; length < body.length; length += 31) {
        expect(take(body.slice(0, length))).toBe('refused');
      }
    }
  });

  it('decodes or refuses noise', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        take(text);
        take(`<body xmlns='http://jabber.org/protocol/httpbind'>${text}</body>`);
        take(`<body xmlns='http://jabber.org/protocol/httpbind' ${text}/>`);
        take(`<body xmlns='http://jabber.org/protocol/httpbind' sid='${text}'/>`);
      }),
      { numRuns: 1_000 },
    );
  });

  it('grows no further than its bounds', () => {
    const bounds = { ...DEFAULT_XML_LIMITS, depth: 8, elements: 50, attributes: 4 };
    const name = fc.constantFrom('a', 'b:c', 'body', 'message');
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 12, depthSize: 'large', withCrossShrink: true },
        fc.constant('<x/>'),
        fc
          .tuple(name, fc.nat(6), fc.array(tie('tree'), { maxLength: 6 }))
          .map(([tag, count, inner]) => {
            const attributes = Array.from({ length: count }, (_, index) => ` a${index}='1'`);
            return `<${tag}${attributes.join('')}>${inner.join('')}</${tag}>`;
          }),
      ),
    }));
    fc.assert(
      fc.property(tree, (inner) => {
        const text = `<body xmlns='http://jabber.org/protocol/httpbind'>${inner}</body>`;
        const root = withinBounds(text, bounds);
        if (!root) return;
        expect(measure(root).elements).toBeLessThanOrEqual(50);
        expect(measure(root).depth).toBeLessThanOrEqual(8);
        // One more where the stanza was given its namespace.
        expect(measure(root).attributes).toBeLessThanOrEqual(5);
      }),
    );
  });
});

function readable(bytes: Buffer): string | undefined {
  try {
    return textOf(bytes, 'text/xml; charset=utf-8');
  } catch {
    return undefined;
  }
}

/** The root; undefined where the text is refused for its size. */
function withinBounds(text: string, bounds: XmlLimits): Element | undefined {
  try {
    return decodeBody(text, bounds).root;
  } catch (error) {
    expect(error).toMatchObject({ fault: 'too-large' });
    return undefined;
  }
}

function measure(element: Element): { elements: number; depth: number; attributes: number } {
  let elements = 1;
  let depth = 0;
  let attributes = Object.keys(element.attrs).length;
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    const inner = measure(child);
    elements += inner.elements;
    depth = Math.max(depth, inner.depth);
    attributes = Math.max(attributes, inner.attributes);
  }
  return { elements, depth: depth + 1, attributes };
}
