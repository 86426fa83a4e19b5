import { Element } from '@xmpp/xml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BodyError,
  cleanPayload,
  decodeBody,
  decodePayload,
  encodeBody,
  looksLikeBody,
  withoutSid,
  withSid,
} from './body.ts';
import { NS_CLIENT, NS_HTTPBIND, NS_STREAM } from './namespaces.ts';
import { DEFAULT_XML_LIMITS } from './xml-reader.ts';

const BODY = `<body xmlns='${NS_HTTPBIND}'`;

function faultOf(text: string): string {
  try {
    decodeBody(text);
  } catch (error) {
    if (error instanceof BodyError) return error.fault;
  }
  return 'none';
}

describe('encodeBody', () => {
  it('writes attributes in order, escaped, and leaves out what is undefined', () => {
    expect(encodeBody({ rid: 7, sid: `a'b&<`, type: undefined }, '')).toBe(
      `<body rid='7' sid='a&apos;b&amp;&lt;' xmlns='${NS_HTTPBIND}'/>`,
    );
  });

  it('is read back as it was written, whatever the attributes hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sid = cleanPayload(text);
        expect(decodeBody(encodeBody({ sid }, '<a/>')).attributes.sid).toBe(sid);
      }),
    );
  });

  it('writes only what it would itself accept, whatever a stanza holds', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (attribute, content) => {
        const stanza = new Element('message', { id: attribute });
        stanza.t(content);
        const written = encodeBody({ rid: 1, sid: 's' }, cleanPayload(stanza.toString()));
        const [read] = decodeBody(written).payload;
        expect(read?.text()).toBe(cleanPayload(content).replaceAll(/\r\n?/gu, '\n'));
      }),
    );
  });
});

describe('the text kept on disk', () => {
  it('holds no sid and becomes the same bytes again', () => {
    const body = encodeBody({ rid: 1, sid: "secret'&" }, "<message id='sid'/>");
    const kept = withoutSid(body, "secret'&");
    expect(kept).not.toContain('secret');
    expect(withSid(kept, "secret'&")).toBe(body);
  });
});

describe('decodeBody', () => {
  it('gives attributes, children and their exact text', () => {
    const inner = `<message xmlns='jabber:client'><body>hé 🙂 &amp; \r\n</body></message><a/>`;
    const decoded = decodeBody(`${BODY} sid='x' type="terminate">${inner}</body>`);
    expect(decoded.attributes).toMatchObject({ sid: 'x', type: 'terminate' });
    expect(decoded.payload.map((child) => child.name)).toEqual(['message', 'a']);
    expect(decoded.payload[0]?.getChildText('body')).toBe('hé 🙂 & \n');
    expect(decoded.payloadText).toBe(inner);
  });

  it('resolves the stream prefix declared on the body', () => {
    const decoded = decodeBody(
      `${BODY} xmlns:stream='${NS_STREAM}'><stream:features/><stream:error/></body>`,
    );
    expect(decoded.payload[0]?.is('features', NS_STREAM)).toBe(true);
    expect(decodePayload(decoded.payloadText)[1]?.is('error', NS_STREAM)).toBe(true);
  });

  it('knows the stream prefix where a manager forgot to declare it', () => {
    const decoded = decodeBody(`${BODY}><stream:features/></body>`);
    expect(decoded.payload[0]?.is('features', NS_STREAM)).toBe(true);
  });

  it('takes stanzas without a namespace for jabber:client', () => {
    expect(decodeBody(`${BODY}><message/></body>`).payload[0]?.getNS()).toBe(NS_CLIENT);
  });

  it('reads a body whose namespace has a prefix', () => {
    const text = `<b:body xmlns:b='${NS_HTTPBIND}' sid='x'><message/></b:body>`;
    expect(looksLikeBody(text)).toBe(true);
    expect(decodeBody(text)).toMatchObject({ attributes: { sid: 'x' } });
    expect(decodeBody(text).payload[0]?.getNS()).toBe(NS_CLIENT);
  });

  it.each([
    [
      'a prefix',
      `${BODY} xmlns:json='http://json.org/'><json:json>[1]</json:json><a b='1'/></body>`,
    ],
    ['a known prefix', `${BODY} xmlns:stream='urn:other'><stream:x/></body>`],
    [
      'the default',
      `<b:body xmlns:b='${NS_HTTPBIND}' xmlns='urn:x'><b:uri>https://a</b:uri><y/></b:body>`,
    ],
  ])(
    'keeps a payload so that it means the same later, where the body declares %s',
    (_what, text) => {
      const { payload, payloadText } = decodeBody(text);
      const names = (elements: typeof payload) =>
        elements.map((element) => [element.getName(), element.getNS(), element.text()]);
      expect(names(decodePayload(payloadText))).toEqual(names(payload));
    },
  );

  it('reads a kept payload that just fitted when it came', { timeout: 60_000 }, () => {
    const longest = `<a>${'x'.repeat(DEFAULT_XML_LIMITS.length - 7)}</a>`;
    expect(decodePayload(longest)).toHaveLength(1);
  });

  it('has no payload text where there is no payload', () => {
    expect(decodeBody(`${BODY}/>`).payloadText).toBe('');
    expect(decodeBody(`${BODY}> </body>`).payloadText).toBe('');
  });

  it.each([
    ['another root', '<html/>', 'wrong-root'],
    ['another namespace', "<body xmlns='http://www.w3.org/1999/xhtml'/>", 'wrong-namespace'],
    ['no namespace', '<body/>', 'wrong-namespace'],
    ['a partial element', `${BODY}><message>`, 'not-well-formed'],
    ['a second root', `${BODY}></body><body/>`, 'not-well-formed'],
    ['an entity of its own', `${BODY}><a>&undefined;</a></body>`, 'not-well-formed'],
    ['a comment', `${BODY}><a><!-- x --></a></body>`, 'restricted-xml'],
    ['a processing instruction', `${BODY}><?php x ?></body>`, 'restricted-xml'],
    ['a DTD', `<!DOCTYPE body [<!ENTITY a "b">]>${BODY}/>`, 'restricted-xml'],
    ['an external DTD', `<!DOCTYPE body SYSTEM "file:///etc/passwd">${BODY}/>`, 'restricted-xml'],
    ['deep nesting', `${BODY}>${'<a>'.repeat(500)}${'</a>'.repeat(500)}</body>`, 'too-large'],
    ['text of its own', `${BODY}>welcome</body>`, 'stray-text'],
    ['text between payloads', `${BODY}><a/>welcome<a/></body>`, 'stray-text'],
    ['text in a CDATA section', `${BODY}><![CDATA[welcome]]></body>`, 'stray-text'],
    ['nothing', '', 'not-well-formed'],
  ])('refuses %s', (_what, text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it('never does anything but decode or refuse', () => {
    const valid = `${BODY} sid='x'><message to='a'><body>hi &amp; bye</body></message></body>`;
    fc.assert(
      fc.property(fc.nat(valid.length), fc.nat(20), fc.string(), (at, cut, insert) => {
        const text = valid.slice(0, at) + insert + valid.slice(at + cut);
        expect([
          'none',
          'not-well-formed',
          'restricted-xml',
          'wrong-root',
          'wrong-namespace',
          'stray-text',
        ]).toContain(faultOf(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a body with nothing in it', () => {
  it('is read the same with and without a parser', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('sid', 'type', 'condition', 'ack', 'xmpp:version', 'x', 'toString'),
          fc.string().map((value) => cleanPayload(value).replaceAll(/[\t\n\r]/gu, ' ')),
        ),
        (attributes) => {
          const empty = encodeBody({ ...attributes, 'xmlns:xmpp': 'urn:xmpp:xbosh' }, '');
          const parsed = decodeBody(`${empty} `);
          for (const text of [empty, empty.replace(/\/>$/u, '></body>')]) {
            expect({ ...decodeBody(text).attributes }).toEqual({ ...parsed.attributes });
          }
        },
      ),
    );
  });

  it('may hold the other kind of quote', () => {
    expect(decodeBody(`${BODY} sid="it's"/>`).attributes.sid).toBe("it's");
  });

  it('is left to the parser where an attribute comes twice', () => {
    expect(faultOf(`${BODY} sid='a' sid='b'/>`)).toBe('not-well-formed');
  });
});

describe('looksLikeBody', () => {
  it('knows the manager from a stranger', () => {
    expect(looksLikeBody(`\uFEFF <?xml version='1.0'?>\n${BODY} `)).toBe(true);
    expect(looksLikeBody('<html><body>Welcome</body></html>')).toBe(false);
    expect(looksLikeBody('<body class="portal">Welcome</body>')).toBe(false);
    expect(looksLikeBody('')).toBe(false);
  });
});

describe('cleanPayload', () => {
  it('removes what XML cannot hold and nothing else', () => {
    expect(cleanPayload('a\u0000b\u000Bc\td\ne\uFFFEf🙂')).toBe('abc\td\nef🙂');
    expect(cleanPayload('\uD800x')).toBe('\uFFFDx');
  });
});
