import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXml } from '../../../bosh/protocol/xml-reader.ts';
import { type StanzaLimits, type StreamChild, StreamReader } from './stream-reader.ts';

const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' id='a&amp;b' from='example.org' version='1.0'>";
const LIMITS: StanzaLimits = { length: 1_000, depth: 10, attributes: 20 };

function read(...chunks: string[]) {
  const headers: Readonly<Record<string, string>>[] = [];
  const children: StreamChild[] = [];
  let footers = 0;
  const reader = new StreamReader(LIMITS, {
    onHeader: (attributes) => headers.push({ ...attributes }),
    onChild: (child) => children.push(child),
    onFooter: () => {
      footers += 1;
    },
  });
  for (const chunk of chunks) reader.write(chunk);
  return {
    reader,
    headers,
    children,
    footers: () => footers,
    xml: () => children.map(({ xml }) => xml),
  };
}

describe('the reader of a stream', () => {
  it('tells of the header, each child and the end', () => {
    const { headers, children, footers } = read(
      `${HEADER}<stream:features/><iq id='1'><x xmlns='urn:x'>a</x></iq></stream:stream>`,
    );
    expect(headers).toMatchObject([{ id: 'a&b', from: 'example.org', version: '1.0' }]);
    expect(children).toEqual([
      {
        namespace: 'http://etherx.jabber.org/streams',
        name: 'features',
        xml: "<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>",
      },
      {
        namespace: 'jabber:client',
        name: 'iq',
        xml: "<iq xmlns='jabber:client' id='1'><x xmlns='urn:x'>a</x></iq>",
      },
    ]);
    expect(footers()).toBe(1);
  });

  it('declares on a child what it uses and does not declare, and nothing else', () => {
    const { xml } = read(
      HEADER,
      "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>h</see-other-host></stream:error>",
      "<message><db:result/><y:e xmlns:y='urn:y' y:a='1' xml:lang='en'/></message>",
      "<presence xmlns='urn:own'><e db:a='1'/></presence>",
    );
    expect(xml()).toEqual([
      "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>h</see-other-host></stream:error>",
      "<message xmlns='jabber:client' xmlns:db='jabber:server:dialback'><db:result/><y:e xmlns:y='urn:y' y:a='1' xml:lang='en'/></message>",
      "<presence xmlns:db='jabber:server:dialback' xmlns='urn:own'><e db:a='1'/></presence>",
    ]);
  });

  it('keeps references, CDATA and line ends in their meaning', () => {
    const { xml } = read(
      HEADER,
      "<message a='&lt;&#10;&apos;'>&amp;&#13;<![CDATA[<x>]]>ü</message>",
    );
    expect(xml()).toEqual([
      "<message xmlns='jabber:client' a='&lt;&#10;&apos;'>&amp;&#13;&lt;x&gt;ü</message>",
    ]);
  });

  it('reads the same whatever the pieces are in which it comes', () => {
    const text = `${HEADER} <a b='ü&amp;'>x&lt;<c/>🙂</a>\n<b/> <c>1\r\n2</c></stream:stream>`;
    const whole = read(text).xml();
    expect(whole).toHaveLength(3);
    expect(read(...text).xml()).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const ends = [...new Set([0, ...cuts, text.length])].sort((a, b) => a - b);
        const pieces = ends.slice(1).map((end, index) => text.slice(ends[index], end));
        const { xml, footers } = read(...pieces);
        expect(xml()).toEqual(whole);
        expect(footers()).toBe(1);
      }),
    );
  });

  it('writes children that mean the same alone', () => {
    const NAMES = ['a', 'stream:b', 'db:c', 'd'];
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc
        .record({
          name: fc.constantFrom(...NAMES),
          own: fc.constantFrom('', " xmlns='urn:1'", " xmlns:db='urn:2'", " xmlns:stream='urn:3'"),
          value: fc.constantFrom('', " db:v='1'", " v='&lt;'"),
          inside: fc.oneof(
            { maxDepth: 4 },
            fc.constant([]),
            fc.array(tie('tree'), { maxLength: 3 }),
          ),
        })
        .map(
          ({ name, own, value, inside }) =>
            `<${name}${own}${value}>${inside.join('t&amp;')}</${name}>`,
        ),
    }));
    const header = HEADER.slice(HEADER.indexOf('<stream'));
    const meaning = (xml: string, around: string, end: string) => {
      const [child] = readXml(`${around}${xml}${end}`).root.getChildElements();
      const walk = (element: typeof child): unknown =>
        element && [
          element.getName(),
          element.getNS() ?? '',
          Object.entries(element.attrs)
            .filter(([name]) => !name.startsWith('xmlns'))
            .map(([name, value]) => [
              element.findNS(name.split(':').at(-2) ?? 'none') ?? name,
              value,
            ]),
          element.children.map((inner) => (typeof inner === 'string' ? inner : walk(inner))),
        ];
      return walk(child);
    };
    fc.assert(
      fc.property(tree, (xml) => {
        if (xml.length > LIMITS.length) return;
        const [written = ''] = read(HEADER, xml).xml();
        expect(meaning(written, '<x>', '</x>')).toEqual(meaning(xml, header, '</stream:stream>'));
      }),
    );
  });

  it('takes a new header after a restart', () => {
    const { reader, headers, xml } = read(HEADER, '<success/>');
    reader.restart();
    reader.write(` ${HEADER.replaceAll('stream:', 's:').replace('xmlns:stream', 'xmlns:s')}<a/>`);
    expect(headers).toHaveLength(2);
    expect(xml().at(-1)).toBe("<a xmlns='jabber:client'/>");
  });

  it('reads nothing after the end', () => {
    const { reader, xml } = read(HEADER, '</stream:stream>');
    reader.write('<a/>');
    expect(xml()).toEqual([]);
  });

  it('holds nothing of a stream that is silent or says whitespace', () => {
    const { reader } = read(HEADER);
    expect(reader.isInside).toBe(false);
    for (let times = 0; times < 10_000; times += 1) reader.write(' \n');
    reader.write('<a>');
    expect(reader.isInside).toBe(true);
    reader.write(' </a> ');
    expect(reader.isInside).toBe(false);
  });

  it.each([
    [
      'a stanza that never ends',
      ['<a>', ...Array.from({ length: 20 }, () => 'x'.repeat(100))],
      'too-large',
    ],
    ['a long stanza in one piece', [`<a>${'x'.repeat(1_000)}</a>`], 'too-large'],
    ['an endless start tag', ['<a b="', 'x'.repeat(2_000)], 'too-large'],
    ['an endless text between stanzas', ['<a/>', 'x'.repeat(10), '<'], 'not-well-formed'],
    ['a deep stanza', ['<a>'.repeat(10)], 'too-large'],
    [
      'many attributes',
      [`<a ${Array.from({ length: 21 }, (_, n) => `a${n}=''`).join(' ')}/>`],
      'too-large',
    ],
    ['a document type', ['<!DOCTYPE a>'], 'not-well-formed'],
    ['a comment', ['<!-- -->'], 'restricted-xml'],
    ['a processing instruction', ['<?php ?>'], 'restricted-xml'],
    ['an entity of its own', ['<a>&b;</a>'], 'not-well-formed'],
    ['tags that cross', ['<a><b></a></b>'], 'not-well-formed'],
    ['another end tag', ['</stream>'], 'not-well-formed'],
    ['a prefix nobody declared', ['<q:a/>'], 'not-well-formed'],
    ['a prefix declared for a sibling', ["<a><b xmlns:q='urn:q'/><q:c/></a>"], 'not-well-formed'],
    ['a forbidden character', ['<a>\u0000</a>'], 'not-well-formed'],
  ])('refuses %s', (_what, pieces, fault) => {
    expect(() => read(HEADER, ...pieces)).toThrow(expect.objectContaining({ fault }));
  });

  it('tells of all that was whole before what it refuses, and of no more', () => {
    const told: string[] = [];
    const reader = new StreamReader(LIMITS, {
      onHeader: () => told.push('header'),
      onChild: ({ name }) => told.push(name),
      onFooter: () => told.push('footer'),
    });
    expect(() => reader.write(`${HEADER}<a/><b><c></b>`)).toThrow('unexpected close tag');
    expect(told).toEqual(['header', 'a']);
  });

  it('takes many long stanzas, one after the other and in one piece', () => {
    const stanza = `<a>${'x'.repeat(900)}</a>`;
    expect(read(HEADER, stanza.repeat(50), ' ', stanza, stanza).xml()).toHaveLength(52);
  });
});
