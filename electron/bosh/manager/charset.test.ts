import { describe, expect, it } from 'vitest';
import { charsetOf, decodeText, encodeText, isWritable } from './charset.ts';

describe('a request', () => {
  it.each([
    ['text/xml; charset=utf-8', 'Grüße ✓', Buffer.from('Grüße ✓')],
    ['text/xml', 'Grüße ✓', Buffer.from('Grüße ✓')],
    [undefined, 'Grüße ✓', Buffer.from('Grüße ✓')],
    ['text/xml; charset="ISO-8859-1"', 'Grüße', Buffer.from('Grüße', 'latin1')],
    ['text/xml;charset=iso-8859-15', '€', Buffer.from([0xa4])],
    ['text/xml; charset=koi8-r', 'Привет', Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4])],
    ['text/xml; charset=Shift_JIS', '日本', Buffer.from([0x93, 0xfa, 0x96, 0x7b])],
  ])('of the type %s is read', (type, text, bytes) => {
    expect(decodeText(bytes, type)).toBe(text);
  });

  it('in an encoding nobody knows is taken for UTF-8', () => {
    expect(decodeText(Buffer.from('ü'), 'text/xml; charset=x-unheard-of')).toBe('ü');
  });

  it('whose bytes are no text is refused', () => {
    expect(() => decodeText(Buffer.from([0xff]), 'text/xml; charset=utf-8')).toThrow(TypeError);
  });
});

describe('an answer', () => {
  it('is UTF-8 where nothing else is asked for', () => {
    expect(encodeText('Grüße 🙂', 'text/xml; charset=utf-8').toString()).toBe('Grüße 🙂');
    expect(encodeText('Grüße 🙂', 'text/html').toString()).toBe('Grüße 🙂');
  });

  it('is ASCII otherwise, which means the same in every encoding that can be asked for', () => {
    expect(encodeText('Grüße 🙂', 'text/xml; charset=KOI8-R').toString('latin1')).toBe(
      'Gr&#252;&#223;e &#128578;',
    );
  });

  it.each(['UTF-16', 'utf-32', 'UTF-7', 'ISO-10646-UCS-2', 'IBM037', 'EBCDIC-US'])(
    'cannot be had in %s, in which ASCII is not ASCII',
    (charset) => {
      expect(isWritable(`text/xml; charset=${charset}`)).toBe(false);
    },
  );

  it.each(['utf-8', 'ISO-8859-1', 'windows-1252', 'Shift_JIS'])('can be had in %s', (charset) => {
    expect(isWritable(`text/xml; charset=${charset}`)).toBe(true);
  });
});

it('a type without an encoding means UTF-8', () => {
  expect(charsetOf('text/xml')).toBe('utf-8');
  expect(charsetOf('text/xml; charset=')).toBe('utf-8');
});
