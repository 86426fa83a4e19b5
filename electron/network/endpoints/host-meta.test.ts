import { describe, expect, it } from 'vitest';
import { jrdLinks, xrdLinks } from './host-meta.ts';

const namespace = 'http://docs.oasis-open.org/ns/xri/xrd-1.0';
const xrd = (inside: string): string =>
  `<?xml version='1.0'?><XRD xmlns='${namespace}'>${inside}</XRD>`;
const link = (href: string, rel = 'r'): string => `<Link rel='${rel}' href='${href}'/>`;

describe('xrdLinks', () => {
  it('reads the links of one relation in document order', () => {
    const text = xrd(
      `<Subject>x</Subject>${link('b')}${link('other', 's')}<!-- c -->${link('a?x=1&amp;y=2')}`,
    );
    expect(xrdLinks(text, 'r')).toEqual([{ href: 'b' }, { href: 'a?x=1&y=2' }]);
  });

  it('reads prefixed names', () => {
    expect(
      xrdLinks(`<x:XRD xmlns:x='${namespace}'><x:Link rel="r" href="a"/></x:XRD>`, 'r'),
    ).toEqual([{ href: 'a' }]);
  });

  it('overlooks links elsewhere, in other namespaces, or without a target', () => {
    const text = xrd(
      `<Other>${link('a')}</Other><Link xmlns='urn:x' rel='r' href='b'/><Link rel='r'/><Link rel='r' href=''/>`,
    );
    expect(xrdLinks(text, 'r')).toEqual([]);
  });

  it.each([
    ['a document type', `<!DOCTYPE XRD [<!ENTITY a "aaaa">]>${xrd(link('a')).slice(21)}`],
    ['an entity of its own', xrd('&a;')],
    ['another root', '<html></html>'],
    ['another namespace', '<XRD/>'],
    ['too many levels', xrd('<a>'.repeat(30) + '</a>'.repeat(30))],
    ['too many links', xrd(link('a').repeat(201))],
    ['an end before its end', xrd(link('a')).slice(0, -3)],
    ['something after its end', `${xrd('')}<a/>`],
    ['nothing', ''],
    ['JSON', '{"links":[]}'],
  ])('refuses %s', (_name, text) => {
    expect(() => xrdLinks(text, 'r')).toThrow();
  });
});

describe('jrdLinks', () => {
  it('reads the links of one relation in document order', () => {
    const links = [
      { rel: 'r', href: 'b' },
      { rel: 's', href: 'c' },
      { rel: 'r', href: 'a', titles: { default: 'x' } },
    ];
    const text = JSON.stringify({ subject: 'x', links });
    expect(jrdLinks(text, 'r')).toEqual([{ href: 'b' }, { href: 'a' }]);
  });

  it('reads priorities and weights, and leaves out what is none', () => {
    const links = [
      { rel: 'r', href: 'a', priority: 5, weight: 50, ips: ['192.0.2.1'], sni: 'x' },
      { rel: 'r', href: 'b', priority: -1, weight: 1 },
      { rel: 'r', href: 'c', priority: '5', weight: {} },
      { rel: 'r', href: 'd', priority: 7 },
    ];
    expect(jrdLinks(JSON.stringify({ xmpp: { ttl: 300 }, links }), 'r')).toEqual([
      { href: 'a', priority: 5, weight: 50 },
      { href: 'b' },
      { href: 'c' },
      { href: 'd', priority: 7, weight: undefined },
    ]);
  });

  it('overlooks links that are none', () => {
    const links = [null, 1, 'x', [], {}, { rel: 'r' }, { rel: 'r', href: 1 }, { href: 'a' }];
    expect(jrdLinks(JSON.stringify({ links }), 'r')).toEqual([]);
  });

  it('accepts a document without links', () => {
    expect(jrdLinks('{}', 'r')).toEqual([]);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"links":{}}',
    '{"links":[',
    '<XRD/>',
    JSON.stringify({ links: Array.from({ length: 201 }, () => ({})) }),
    '['.repeat(60_000),
  ])('refuses %.20j', (text) => {
    expect(() => jrdLinks(text, 'r')).toThrow();
  });
});
