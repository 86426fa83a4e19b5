import { describe, expect, it } from 'vitest';
import { splitLinks } from './links.ts';

/** What is clickable in a text. */
function linked(text: string): string[] {
  return splitLinks(text)
    .filter(({ href }) => href !== undefined)
    .map(({ text: shown }) => shown);
}

describe('links in a message', () => {
  it('are found for https, http, xmpp and mailto', () => {
    const text =
      'See https://a.example/x?y=1#z and http://b.example, write to mailto:c@d.example or xmpp:e@f.example?message';
    expect(linked(text)).toEqual([
      'https://a.example/x?y=1#z',
      'http://b.example',
      'mailto:c@d.example',
      'xmpp:e@f.example?message',
    ]);
  });

  it('are never made of anything else', () => {
    expect(
      linked('javascript:alert(1) data:text/html,x file:///etc/passwd ftp://a.example'),
    ).toEqual([]);
    expect(linked('notxmpp:a@b.example and vhttps://a.example')).toEqual([]);
    expect(linked('https:// and mailto: alone')).toEqual([]);
  });

  it('leave the sentence its own punctuation', () => {
    expect(linked('Read https://a.example/page.')).toEqual(['https://a.example/page']);
    expect(linked('(https://a.example/wiki/Kelp_(alga))')).toEqual([
      'https://a.example/wiki/Kelp_(alga)',
    ]);
    expect(linked('"https://a.example/", she wrote')).toEqual(['https://a.example/']);
  });

  it('contain no direction controls, with which an address could pose as another', () => {
    expect(linked('https://good.example/\u202egro.live')).toEqual(['https://good.example/']);
  });

  it('show exactly what was written, and lead there', () => {
    const [piece] = splitLinks('HTTPS://Example.ORG/Ä');
    expect(piece).toEqual({
      text: 'HTTPS://Example.ORG/Ä',
      href: 'https://example.org/%C3%84',
    });
  });

  it('change nothing of the text around them', () => {
    for (const text of [
      '',
      'no links',
      'https://a.example',
      'a https://a.example b\nxmpp:c@d.example.',
    ]) {
      expect(
        splitLinks(text)
          .map(({ text: piece }) => piece)
          .join(''),
      ).toBe(text);
    }
  });
});
