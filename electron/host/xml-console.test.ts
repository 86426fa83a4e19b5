import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../network/http-exchange.ts';
import { XmlConsole } from './xml-console.ts';

const NS = "xmlns='http://jabber.org/protocol/httpbind'";
const post = (rid: number, payload = '') =>
  ({
    method: 'POST',
    body: `<body rid='${rid}' sid='secret' ${NS}>${payload}</body>`,
  }) as HttpRequest;
const answer = (payload = '') =>
  ({ status: 200, body: `<body ${NS} sid='secret'>${payload}</body>` }) as HttpResponse;

function setUp() {
  let now = 1_000;
  const xmlConsole = new XmlConsole(() => now);
  return {
    xmlConsole,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the XML console', () => {
  it('records while somebody reads, both ways, in order', () => {
    const { xmlConsole } = setUp();
    expect(xmlConsole.isOpen).toBe(false);
    expect(xmlConsole.read(0, false)).toEqual([]);
    expect(xmlConsole.isOpen).toBe(true);
    xmlConsole.sent(post(7, '<message/><iq/>'));
    xmlConsole.received(post(7), answer('<presence/>'));
    expect(xmlConsole.read(0, false)).toMatchObject([
      {
        number: 1,
        direction: 'out',
        kind: 'message',
        rid: 7,
        xml: expect.stringContaining('<message'),
      },
      { number: 2, direction: 'out', kind: 'iq', rid: 7 },
      { number: 3, direction: 'in', kind: 'presence', rid: 7 },
    ]);
    expect(xmlConsole.read(2, false).map(({ number }) => number)).toEqual([3]);
  });

  it('stops when nobody reads any more, and begins afresh', () => {
    const { xmlConsole, pass } = setUp();
    xmlConsole.read(0, false);
    xmlConsole.sent(post(1, '<iq/>'));
    pass(299_999);
    expect(xmlConsole.isOpen).toBe(true);
    pass(1);
    expect(xmlConsole.isOpen).toBe(false);
    expect(xmlConsole.read(0, false)).toEqual([]);
  });

  it('marks a request that is repeated', () => {
    const { xmlConsole } = setUp();
    xmlConsole.read(0, false);
    xmlConsole.sent(post(5));
    xmlConsole.sent(post(6));
    xmlConsole.sent(post(5));
    const repeats = xmlConsole.read(0, false).map(({ rid, isRepeat }) => [rid, isRepeat]);
    expect(repeats).toEqual([
      [5, undefined],
      [6, undefined],
      [5, true],
    ]);
  });

  it('takes no request of another session for a repeated one', () => {
    const { xmlConsole } = setUp();
    xmlConsole.read(0, false);
    xmlConsole.sent(post(9_000_000));
    xmlConsole.sent(post(1_000_000));
    expect(xmlConsole.read(0, false).some(({ isRepeat }) => isRepeat)).toBe(false);
  });

  it('shows no secret, and is discreet where that is wanted', () => {
    const { xmlConsole } = setUp();
    xmlConsole.read(0, false);
    xmlConsole.sent(post(1));
    xmlConsole.received(
      post(1),
      answer("<message from='ann@a.example'><body>Hello</body></message>"),
    );
    const open = JSON.stringify(xmlConsole.read(0, false));
    expect(open).toContain('Hello');
    expect(open).not.toContain('secret');
    expect(JSON.stringify(xmlConsole.read(0, true))).not.toMatch(/secret|Hello|ann@/);
  });

  it('keeps the last of it only, however much there is', () => {
    const { xmlConsole } = setUp();
    xmlConsole.read(0, false);
    for (let rid = 1; rid <= 1_200; rid += 1) xmlConsole.sent(post(rid));
    expect(xmlConsole.read(0, false)).toHaveLength(1_000);
    expect(xmlConsole.read(0, false)[0]?.rid).toBe(201);
    const long = `<message><body>${'x'.repeat(1_000_000)}</body></message>`;
    for (let rid = 2_000; rid < 2_010; rid += 1) xmlConsole.received(post(rid), answer(long));
    const left = xmlConsole.read(0, false);
    expect(left.length).toBeLessThan(5);
    expect(left.at(-1)?.xml.length).toBeLessThan(17_000);
    expect(left.at(-1)?.xml).toMatch(/characters more$/);
  });

  it('shows what came in place of an answer', () => {
    const { xmlConsole } = setUp();
    xmlConsole.read(0, false);
    xmlConsole.received(post(3), { status: 504, body: '<html>Timeout</html>' } as HttpResponse);
    expect(xmlConsole.read(0, false)).toMatchObject([
      { kind: 'stream', rid: 3, xml: expect.stringMatching(/^HTTP 504, and no <body\/>/) },
    ]);
  });
});
