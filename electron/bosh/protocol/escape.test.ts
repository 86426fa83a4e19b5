import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanPayload } from './body.ts';
import { escapeAttribute, escapeText } from './escape.ts';
import { readXml } from './xml-reader.ts';

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('&', '<', '>', "'", '"', '\t', '\n', '\r', ']]>', '&amp;', 'é'),
      fc.string(),
    ),
  )
  .map((parts) => cleanPayload(parts.join('')));

describe('escaping', () => {
  it('brings every text back through a parser, in attributes of either quote and as character data', () => {
    fc.assert(
      fc.property(text, (original) => {
        const value = escapeAttribute(original);
        const { root } = readXml(
          `<a single='${value}' double="${value}">${escapeText(original)}</a>`,
        );
        expect(root.attrs).toEqual({ single: original, double: original });
        expect(root.text()).toBe(original);
      }),
    );
  });
});
