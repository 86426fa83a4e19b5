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
        const sid = cleanPayload(text).replaceAll(/[\t\r\n]/gu, ' ');
        expect(decodeBody(encodeBody({ sid }, '<a/>')).attributes.sid).toBe(sid);
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

  it('takes stanzas without a namespace for jabber:client', () => {
    expect(decodeBody(`${BODY}><message/></body>`).payload[0]?.getNS()).toBe(NS_CLIENT);
  });

  it('has no payload text where there is no payload', () => {
    expect(decodeBody(`${BODY}/>`).payloadText).toBe('');
    expect(decodeBody(`${BODY}> </body>`).payloadText).toBe('');
  });

  it.each([
    ['<html/>', 'wrong-root'],
    ["<body xmlns='http://www.w3.org/1999/xhtml'/>", 'wrong-namespace'],
    ['<body/>', 'wrong-namespace'],
    [`${BODY}><message>`, 'not-well-formed'],
    [`${BODY}></body><body/>`, 'not-well-formed'],
    [`${BODY}>&undefined;</body>`, 'not-well-formed'],
    [`${BODY}><a><!-- x --></a></body>`, 'restricted-xml'],
    [`${BODY}><?php x ?></body>`, 'restricted-xml'],
    [`<!DOCTYPE body [<!ENTITY a "b">]>${BODY}/>`, 'restricted-xml'],
    [`${BODY}>${'<a>'.repeat(500)}${'</a>'.repeat(500)}</body>`, 'too-large'],
    ['', 'not-well-formed'],
  ])('refuses %s', (text, fault) => {
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
        ]).toContain(faultOf(text));
      }),
      { numRuns: 2_000 },
    );
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
