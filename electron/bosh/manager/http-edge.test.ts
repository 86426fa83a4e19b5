/** The manager's HTTP (XEP-0124 §5, XEP-0156), and over it Holdfast's own client. */
import { once } from 'node:events';
import { deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import type { Element } from '@xmpp/xml';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../shared/problem.ts';
import { jrdLinks, xrdLinks } from '../../network/endpoints/host-meta.ts';
import { createNodeHttpExchange } from '../../network/node-http-exchange.ts';
import { BoshSession, type BoshSessionOptions } from '../client/bosh-session.ts';
import { createMemoryJournal } from '../client/testing/memory-journal.ts';
import { encodeBody } from '../protocol/body.ts';
import { echoUpstream, type ScriptedUpstream } from './testing/scripted-upstream.ts';
import { afterwards, creation, endWithEachTest, ServedManager } from './testing/served-manager.ts';

endWithEachTest();

/** Holdfast's client, signed in. */
async function connect(
  { url }: ServedManager,
  options: Partial<BoshSessionOptions> = {},
): Promise<BoshSession> {
  const http = createNodeHttpExchange();
  const session = new BoshSession({
    ...{ endpoint: url, to: 'example.org', lang: 'en' },
    ...{ http, journal: createMemoryJournal(), ...options },
  });
  afterwards(async () => {
    session.detach();
    await http.close();
  });
  session.start();
  await once(session, 'created');
  session.bound('a@example.org/r');
  return session;
}

/** The bodies of the next `count` messages. */
function messages(session: BoshSession, count: number): Promise<string[]> {
  const got: string[] = [];
  return new Promise((resolve) => {
    session.on('payload', (payload: readonly Element[]) => {
      got.push(...payload.flatMap((element) => element.getChildText('body') ?? []));
      if (got.length >= count) resolve(got);
    });
  });
}

describe('Holdfast’s client', () => {
  it.each([
    ['as it is', {}],
    ['with keys', { keySecret: 'secret' }],
  ])(
    'has all it sends come back once and in order, over two connections, %s',
    async (_how, options) => {
      const session = await connect(await ServedManager.start(), options);
      const numbers = Array.from({ length: 300 }, (_, index) => String(index));
      const received = messages(session, numbers.length);
      for (const [index, number] of numbers.entries()) {
        session.write(`<message xmlns='jabber:client'><body>${number}</body></message>`, []);
        if (index % 3 === 0) await new Promise(setImmediate);
      }
      expect(await received).toEqual(numbers);
    },
  );

  it('has long texts come back, compressed both ways', async () => {
    const session = await connect(await ServedManager.start());
    const text = 'Grüße ✓ '.repeat(2_000);
    const received = messages(session, 1);
    session.write(`<message xmlns='jabber:client'><body>${text}</body></message>`, []);
    expect(await received).toEqual([text]);
  });

  it('restarts the stream and gets new features', async () => {
    const session = await connect(await ServedManager.start());
    const features = once(session, 'payload') as Promise<[readonly Element[]]>;
    session.restart();
    expect((await features)[0][0]?.name).toBe('stream:features');
  });

  it('is told why its stream ended', async () => {
    const upstream: ScriptedUpstream = echoUpstream();
    const session = await connect(await ServedManager.start({ upstream }));
    const ended = once(session, 'ended') as Promise<[Problem]>;
    upstream.stream.listener.onEnd({ kind: 'unreachable', detail: 'reset' });
    expect((await ended)[0].code).toBe('endpoint.remote-connection-failed');
  });

  it('signs out', async () => {
    const upstream: ScriptedUpstream = echoUpstream();
    const world = await ServedManager.start({ upstream });
    const session = await connect(world);
    const ended = once(session, 'ended');
    session.terminate(`<presence xmlns='jabber:client' type='unavailable'/>`);
    await ended;
    expect(upstream.stream.written.at(-1)).toContain('unavailable');
    expect(upstream.stream.closed).toBe(true);
    expect(world.manager.readings()).toMatchObject({ sessions: 0, ended: { terminated: 1 } });
  });
});

describe('an answer', () => {
  it('has its length and its type, and is never chunked', async () => {
    const { headers, bytes } = await (await ServedManager.start()).post(creation());
    expect(headers['content-length']).toBe(String(bytes.length));
    expect(headers['content-type']).toBe('text/xml; charset=utf-8');
    expect(headers).not.toHaveProperty('transfer-encoding');
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it('has the type that the client asks for, and the encoding that this names', async () => {
    const world = await ServedManager.start();
    const sid = await world.open({ content: 'text/html; charset=iso-8859-1' });
    const body = encodeBody({ sid, rid: 101 }, '<a>ü✓</a>');
    const { headers, text } = await world.post(body);
    expect(headers['content-type']).toBe('text/html; charset=iso-8859-1');
    expect(text).toContain('<a>&#252;&#10003;</a>');
  });

  it.each(['gzip', 'deflate, gzip;q=0.5', 'GZIP'])(
    'that is long is compressed for who accepts %s',
    async (accepted) => {
      const world = await ServedManager.start();
      const long = `<a>${'x'.repeat(5_000)}</a>`;
      const body = encodeBody({ sid: await world.open(), rid: 101 }, long);
      const { headers, bytes } = await world.post(body, { 'Accept-Encoding': accepted });
      expect(headers['content-encoding']).toBe('gzip');
      expect(headers['content-length']).toBe(String(bytes.length));
      expect(gunzipSync(bytes).toString()).toContain(long);
    },
  );

  it.each([undefined, 'deflate', 'gzip;q=0', 'identity'])(
    'is not compressed for who accepts %s',
    async (accepted) => {
      const world = await ServedManager.start();
      const body = encodeBody({ sid: await world.open(), rid: 101 }, `<a>${'x'.repeat(5_000)}</a>`);
      const { headers, text } = await world.post(body, { 'Accept-Encoding': accepted });
      expect(headers).not.toHaveProperty('content-encoding');
      expect(text).toContain('xxxxx');
    },
  );
});

describe('a request', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('may be compressed by %s', async (coding, compress) => {
    const world = await ServedManager.start();
    const body = encodeBody({ sid: await world.open(), rid: 101 }, '<a>ü</a>');
    const { text } = await world.post(compress(body), { 'Content-Encoding': coding });
    expect(text).toContain('<a>ü</a>');
  });

  it.each([
    ['in no coding known', 'rot13', Buffer.from('x')],
    ['that is no gzip', 'gzip', Buffer.from('x')],
    ['whose coding is named like a thing of JavaScript', 'constructor', Buffer.from('x')],
  ])('%s is refused', async (_what, coding, bytes) => {
    const world = await ServedManager.start();
    const { status, text } = await world.post(bytes, { 'Content-Encoding': coding });
    expect(status).toBe(200);
    expect(text).toContain(`condition='bad-request'`);
  });

  it('may be in an encoding that its type names', async () => {
    const world = await ServedManager.start();
    const body = Buffer.from(
      encodeBody({ sid: await world.open(), rid: 101 }, '<a>ü</a>'),
      'latin1',
    );
    const { text } = await world.post(body, { 'Content-Type': 'text/xml; charset=ISO-8859-1' });
    expect(text).toContain('<a>ü</a>');
  });

  it('is read whatever type and other headers it has', async () => {
    const world = await ServedManager.start();
    const { text } = await world.post(creation(), {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Unheard-Of': '1',
    });
    expect(text).toContain(`sid='`);
  });

  it('that is no UTF-8 is refused', async () => {
    const { text } = await (await ServedManager.start()).post(Buffer.from([0xff, 0xfe]));
    expect(text).toContain(`condition='bad-request'`);
  });

  it('may come in chunks', async () => {
    const wire = await (await ServedManager.start()).connect();
    const body = creation();
    wire.socket.write(
      `POST /http-bind HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    expect((await wire.next()).text).toContain(`sid='`);
  });

  it('may ask whether to go on', async () => {
    const wire = await (await ServedManager.start()).connect();
    wire.post(creation(), { Expect: '100-continue' });
    expect((await wire.next()).status).toBe(100);
    expect((await wire.next()).text).toContain(`sid='`);
  });

  it('may be HTTP/1.0, each on a connection of its own', async () => {
    const world = await ServedManager.start();
    const wire = await world.connect();
    wire.post(creation(), {}, '1.0');
    const { headers, text } = await wire.next();
    await wire.closed;
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
    const sid = / sid='([^']+)'/u.exec(text)?.[1];
    const another = await world.connect();
    another.post(encodeBody({ sid, rid: 101 }, '<a/>'), {}, '1.0');
    expect((await another.next()).text).toContain('<a/>');
  });

  it('may be HTTP/1.0 on a connection that is kept', async () => {
    const wire = await (await ServedManager.start()).connect();
    for (let count = 0; count < 2; count += 1) {
      wire.post(creation(), { Connection: 'keep-alive' }, '1.0');
      expect((await wire.next()).text).toContain(`sid='`);
    }
  });

  it('may be pipelined behind one that is held, which it releases', async () => {
    const world = await ServedManager.start();
    const sid = await world.open();
    const wire = await world.connect();
    wire.post(encodeBody({ sid, rid: 101 }, ''));
    wire.post(encodeBody({ sid, rid: 102 }, '<a/>'));
    expect((await wire.next()).text).not.toContain('<a/>');
    expect((await wire.next()).text).toContain('<a/>');
  });

  it('whose connection breaks while it is held takes no payload with it', async () => {
    const upstream = echoUpstream();
    const world = await ServedManager.start({ upstream });
    const sid = await world.open();
    const wire = await world.connect();
    const poll = encodeBody({ sid, rid: 101 }, '');
    wire.post(poll);
    await held(world, 1);
    wire.socket.destroy();
    await held(world, 0);
    upstream.stream.listener.onElement('<a/>');
    expect((await world.post(poll)).text).toContain('<a/>');
  });
});

/** Resolves when so many requests are held. */
async function held(world: ServedManager, count: number): Promise<void> {
  while (world.manager.readings().held !== count) await new Promise(setImmediate);
}

describe('a page of another site', () => {
  it('may speak BOSH, and is told so before it does', async () => {
    const world = await ServedManager.start();
    const preflight = await fetch(world.url, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://chat.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Content-Type');
    const { headers } = await world.post(creation(), { Origin: 'https://chat.example' });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('may not where others are named', async () => {
    const world = await ServedManager.start({}, { origins: ['https://chat.example'] });
    const named = await world.post(creation(), { Origin: 'https://chat.example' });
    expect(named.headers).toMatchObject({
      'access-control-allow-origin': 'https://chat.example',
      vary: 'Origin',
    });
    const other = await world.post(creation(), { Origin: 'https://other.example' });
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('cannot show an answer as a page, in which what strangers wrote could run', async () => {
    const world = await ServedManager.start();
    const { text } = await world.post(creation({ content: 'text/html' }), {
      'Sec-Fetch-Mode': 'navigate',
    });
    expect(text).toContain(`condition='bad-request'`);
    expect(world.manager.readings().created).toBe(0);
  });
});

describe('another method', () => {
  it('GET tells a person what this is', async () => {
    const { url } = await ServedManager.start();
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('XEP-0124');
    expect(await (await fetch(url, { method: 'HEAD' })).text()).toBe('');
  });

  it('is not served', async () => {
    const { url } = await ServedManager.start();
    const answer = await fetch(url, { method: 'PUT', body: 'x' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS, GET, HEAD');
  });
});

it('another path is left to whoever else serves here', async () => {
  const { url } = await ServedManager.start({}, { path: '/bosh' });
  expect((await fetch(url)).status).toBe(404);
  expect((await fetch(new URL('/bosh', url))).status).toBe(200);
  expect((await fetch(new URL('/.well-known/host-meta', url))).status).toBe(404);
});

describe('host-meta', () => {
  const publicUrl = 'https://chat.example.org/http-bind?a=1&b="2"';
  const REL = 'urn:xmpp:alt-connections:xbosh';
  const at = (world: ServedManager, path: string) => new URL(`/.well-known/${path}`, world.url);

  it('names the endpoint in XRD and in JRD, to scripts of any site', async () => {
    const world = await ServedManager.start({}, { publicUrl });
    const xrd = await fetch(at(world, 'host-meta'));
    expect(xrd.headers.get('content-type')).toBe('application/xrd+xml');
    expect(xrd.headers.get('access-control-allow-origin')).toBe('*');
    expect(xrdLinks(await xrd.text(), REL)).toEqual([{ href: publicUrl }]);
    const jrd = await fetch(at(world, 'host-meta.json'));
    expect(jrd.headers.get('content-type')).toBe('application/json');
    expect(jrd.headers.get('access-control-allow-origin')).toBe('*');
    expect(jrdLinks(await jrd.text(), REL)).toEqual([{ href: publicUrl }]);
  });

  it('is JRD at either address for who asks for JSON', async () => {
    const world = await ServedManager.start({}, { publicUrl });
    const jrd = await fetch(at(world, 'host-meta'), { headers: { accept: 'application/json' } });
    expect(jrdLinks(await jrd.text(), REL)).toEqual([{ href: publicUrl }]);
  });

  it('is read only, and has no other documents', async () => {
    const world = await ServedManager.start({}, { publicUrl });
    expect((await fetch(at(world, 'host-meta'), { method: 'POST' })).status).toBe(405);
    expect((await fetch(at(world, 'host-meta.xml'))).status).toBe(404);
  });

  it('names no endpoint without TLS', async () => {
    const insecure = { publicUrl: 'http://chat.example.org/http-bind' };
    await expect(ServedManager.start({}, insecure)).rejects.toThrow(RangeError);
  });
});
