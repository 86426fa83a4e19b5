import { describe, expect, it } from 'vitest';
import { readXml, XmlError, type XmlLimits } from './xml-reader.ts';

const LIMITS: XmlLimits = { length: 10_000, depth: 5, attributes: 3, elements: 10 };
/** No parser that has read as far as this says anything but not-well-formed. */
const GARBAGE = '<<<';

function faultOf(text: string, limits = LIMITS): string {
  try {
    readXml(text, limits);
  } catch (error) {
    if (error instanceof XmlError) return error.fault;
    throw error;
  }
  return 'none';
}

describe('readXml', () => {
  it.each([
    ['length', `<a>${'x'.repeat(10_000)}${GARBAGE}`],
    ['depth', `${'<a>'.repeat(6)}${GARBAGE}`],
    ['attributes', `<a b='' c='' d='' e='' ${GARBAGE}`],
    ['elements', `<a>${'<b/>'.repeat(10)}${GARBAGE}`],
  ])('refuses too much %s where it meets it, not after reading on', (_what, text) => {
    expect(faultOf(text)).toBe('too-large');
  });

  it('accepts just as much as is allowed', () => {
    expect(faultOf('<a><a><a><a><a/></a></a></a></a>')).toBe('none');
    expect(faultOf(`<a b='' c='' d=''><a b='' c='' d=''/></a>`)).toBe('none');
    expect(faultOf(`<a>${'<b/>'.repeat(9)}</a>`)).toBe('none');
  });

  it('refuses by default what no stanza needs', () => {
    expect(() => readXml('<a>'.repeat(5_000_000))).toThrow('nested too deep');
    expect(() => readXml('<a/>'.padEnd(17 * 1024 * 1024))).toThrow('document too long');
  });

  it('reads as XML 1.0 whatever the document says, so that no control character comes through', () => {
    expect(faultOf(`<?xml version='1.1'?><a>&#1;</a>`)).toBe('not-well-formed');
    expect(readXml(`<?xml version='1.1'?><a>b</a>`).inner).toBe('b');
  });

  it.each([
    '&constructor;',
    '&__proto__;',
    '&toString;',
    '&nbsp;',
    '&#0;',
    '&#xD800;',
    '&#x110000;',
  ])('knows no entity %s', (entity) => {
    expect(faultOf(`<a>${entity}</a>`)).toBe('not-well-formed');
  });

  it('gives what stands between the tags as it came', () => {
    expect(readXml('<a> <b c="&gt;"/>\r\n<![CDATA[</a>]]> </a >').inner).toBe(
      ' <b c="&gt;"/>\r\n<![CDATA[</a>]]> ',
    );
    expect(readXml("<a b='>'/>").inner).toBe('');
    expect(readXml("\uFEFF<?xml version='1.0'?>\n<a>b</a>\n").inner).toBe('b');
  });
});
