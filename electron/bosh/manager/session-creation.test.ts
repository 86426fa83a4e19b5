/** What a session is granted (XEP-0124 §7, XEP-0206 §3 and §4). */
import { describe, expect, it } from 'vitest';
import { BadRequest } from './bosh-request.ts';
import { FIRST_RID, SessionBench } from './testing/session-bench.ts';

const HEADER = { id: 'stream-id', from: 'example.org', version: '1.0' };

type Asked = Readonly<Record<string, string | number | undefined>>;

/** The attributes of the session creation response. */
function granted(attributes: Asked = {}, terms = {}): Readonly<Record<string, string>> {
  const bench = new SessionBench({ attributes, terms });
  bench.tell({ type: 'opened', stream: 0, header: HEADER });
  bench.serve('<stream:features/>');
  return bench.look()[0]?.attributes ?? {};
}

describe('a session creation request', () => {
  it('is answered with the grant and the features, as soon as these are there', () => {
    const bench = new SessionBench();
    expect(bench.look()).toEqual([]);
    bench.tell({ type: 'opened', stream: 0, header: HEADER });
    bench.serve('<stream:features/>');
    const { attributes, payload } = bench.answer;
    expect(attributes).toMatchObject({
      ...{ sid: 'secret', wait: '60', hold: '1', requests: '2', polling: '2', inactivity: '60' },
      ...{ maxpause: '300', ver: '1.6', from: 'example.org', authid: 'stream-id' },
      ...{ 'xmpp:restartlogic': 'true', 'xmpp:version': '1.0', accept: 'gzip,deflate' },
      'xmlns:stream': 'http://etherx.jabber.org/streams',
      'xmlns:xmpp': 'urn:xmpp:xbosh',
    });
    expect(payload).toBe('<stream:features/>');
  });

  it('is answered without features when its wait is over, and they come with the next answer', () => {
    const bench = new SessionBench({ attributes: { wait: 5 } });
    bench.pass(5);
    expect(bench.answer).toMatchObject({ attributes: { sid: 'secret' }, payload: '' });
    bench.tell({ type: 'opened', stream: 0, header: HEADER });
    bench.serve('<stream:features/>');
    bench.post(1);
    const { attributes, payload } = bench.answer;
    expect(attributes).toMatchObject({
      ...{ authid: 'stream-id', from: 'example.org', 'xmpp:version': '1.0' },
      'xmlns:stream': 'http://etherx.jabber.org/streams',
    });
    expect(payload).toBe('<stream:features/>');
  });

  it('tells the server who asks', () => {
    const bench = new SessionBench({ attributes: { from: 'a@example.org', route: 'xmpp:x:1' } });
    expect(bench.actions).toMatchObject([
      {
        type: 'open',
        request: {
          ...{ to: 'example.org', from: 'a@example.org', route: 'xmpp:x:1', lang: 'en' },
          ...{ version: '1.0', address: '192.0.2.1', secure: true },
        },
      },
    ]);
  });

  it('names the version of XMPP by whatever prefix', () => {
    const bench = new SessionBench({
      attributes: { 'xmlns:x': 'urn:xmpp:xbosh', 'x:version': '1.1', 'xmpp:version': undefined },
    });
    expect(bench.actions).toMatchObject([{ request: { version: '1.1' } }]);
  });

  it('leaves no session behind when its connection breaks before the answer', () => {
    const bench = new SessionBench();
    bench.drop(1);
    expect(bench.ended).toBe('abandoned');
    expect(bench.actions).toContainEqual({ type: 'close', stream: 0 });
  });

  it('gets the end alone, and no session, where no stream comes about', () => {
    const bench = new SessionBench();
    bench.tell({ type: 'stream-ended', stream: 0, end: { kind: 'host-unknown' } });
    expect(bench.answer.attributes).toEqual({
      ...{ type: 'terminate', condition: 'host-unknown' },
      xmlns: 'http://jabber.org/protocol/httpbind',
    });
    expect(bench.ended).toBe('host-unknown');
  });
});

describe('a grant', () => {
  it('holds no request longer than was asked for, nor than the manager does', () => {
    expect(granted({ wait: 20 }).wait).toBe('20');
    expect(granted({ wait: 600 }).wait).toBe('60');
    expect(granted({ wait: undefined }).wait).toBe('60');
  });

  it('holds no more requests than was asked for, nor than the manager does', () => {
    expect(granted({ hold: 1 })).toMatchObject({ hold: '1', requests: '2' });
    expect(granted({ hold: 2 })).toMatchObject({ hold: '2', requests: '3' });
    expect(granted({ hold: 9 })).toMatchObject({ hold: '2', requests: '3' });
    expect(granted({ hold: 0 })).toMatchObject({ hold: '0', requests: '1' });
    expect(granted({ hold: undefined })).toMatchObject({ hold: '1', requests: '2' });
  });

  it.each([
    ['1.6', '1.6'],
    ['1.11', '1.11'],
    ['1.12', '1.11'],
    ['1.100', '1.11'],
    ['2.0', '1.11'],
    ['0.99', '0.99'],
    [undefined, undefined],
  ])(
    'of the version %s is %s: the parts are numbers, and the lower version counts',
    (ver, lower) => {
      expect(granted({ ver }).ver).toBe(lower);
    },
  );

  it('lets a session that polls be silent for longer, by more than the polling interval', () => {
    const usual = Number(granted().inactivity);
    const polling = Number(granted().polling);
    for (const asked of [{ wait: 0 }, { hold: 0 }]) {
      expect(Number(granted(asked).inactivity)).toBeGreaterThan(usual + polling);
    }
  });

  it('names the encodings that requests may have', () => {
    expect(granted().charsets).toBe('ISO-8859-1 ISO-8859-15 KOI8-R Shift_JIS');
  });

  it('offers streams, unless there is to be one only', () => {
    expect(granted().stream).toBe('stream0');
    expect(granted({}, { streams: 1 }).stream).toBeUndefined();
  });

  it('acknowledges where the client does', () => {
    expect(granted({ ack: 1 }).ack).toBe(String(FIRST_RID));
    expect(granted().ack).toBeUndefined();
  });

  it('is said once: later answers hold none of it', () => {
    const bench = new SessionBench().open();
    bench.post(1);
    bench.serve('<a/>');
    expect(Object.keys(bench.answer.attributes)).toEqual(['xmlns']);
  });

  it.each([
    { wait: 'soon' },
    { wait: -1 },
    { hold: 256 },
    { ver: 'new' },
    { content: 'text/html\r\nSet-Cookie: a=b' },
    { content: 'no type' },
    { content: 'text/xml; charset=utf-16' },
  ] satisfies Asked[])('is refused for %o', (attributes) => {
    expect(() => new SessionBench({ attributes })).toThrow(BadRequest);
  });
});

describe('the Content-Type of all answers', () => {
  it('is what the client asks for', () => {
    const bench = new SessionBench({ attributes: { content: 'text/html; charset=utf-8' } }).open();
    bench.post(1);
    bench.serve('<a/>');
    expect(bench.answer.contentType).toBe('text/html; charset=utf-8');
  });

  it('is text/xml in UTF-8 otherwise', () => {
    const bench = new SessionBench().open();
    bench.post(1);
    bench.serve('<a/>');
    expect(bench.answer.contentType).toBe('text/xml; charset=utf-8');
  });
});
