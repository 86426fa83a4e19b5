import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeHost, type FakeHost, notice } from '../host.fake.ts';
import { type BrowserServer, startServer } from './server.ts';

let folder: string;
let host: FakeHost;
let server: BrowserServer;
let logged: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'browser-server-'));
  writeFileSync(join(folder, 'index.html'), '<title>Holdfast</title>');
  host = createFakeHost();
  logged = [];
  server = await start();
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const start = () =>
  startServer({
    host,
    pageFolder: folder,
    port: 0,
    log: (line) => logged.push(line),
    feed: { remembered: 3 },
  });

interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

async function ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}) {
  const { hostname, port } = new URL(server.origin);
  const sent = request({ hostname, port, path, method, headers });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

async function problemCode(answer: IncomingMessage): Promise<unknown> {
  return JSON.parse(await text(answer)).problem.code;
}

function post(path: string, value: unknown, headers: Record<string, string> = {}) {
  return ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.origin, ...headers },
    body: typeof value === 'string' ? value : JSON.stringify(value),
  });
}

const tokenOf = (link: string) => link.split('#token=')[1] ?? '';

async function signIn(): Promise<string> {
  const answer = await post('/session', { token: tokenOf(server.newLink()) });
  answer.resume();
  expect(answer.statusCode).toBe(200);
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** Reads events as an EventSource would. */
async function listen(cookie: string, lastEventId?: string) {
  const answer = await ask('/events', {
    headers: { cookie, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
  });
  expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  const lines = createInterface({ input: answer })[Symbol.asyncIterator]();
  return {
    async next() {
      let id = '';
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error('The events ended.');
        if (value.startsWith('id: ')) id = value.slice(4);
        if (value.startsWith('data: ')) return { id, event: JSON.parse(value.slice(6)) };
      }
    },
    stop: () => answer.destroy(),
  };
}

describe('the link', () => {
  it('carries a token of 256 bits, another one each time', () => {
    const [first, second] = [server.newLink(), server.newLink()];
    expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/u);
    expect(first).not.toBe(second);
  });

  it('opens a session once, with a cookie that names the port and is out of reach of scripts', async () => {
    const token = tokenOf(server.newLink());
    const first = await post('/session', { token });
    first.resume();
    expect(first.statusCode).toBe(200);
    expect(first.headers['set-cookie']?.[0]).toMatch(
      new RegExp(
        `^holdfast-${new URL(server.origin).port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`,
        'u',
      ),
    );
    const second = await post('/session', { token });
    expect(second.statusCode).toBe(403);
    expect(await problemCode(second)).toBe('app.link-used');
  });

  it('may be opened again by a browser that is in', async () => {
    const token = tokenOf(server.newLink());
    const first = await post('/session', { token });
    first.resume();
    const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await post('/session', { token }, { cookie })).statusCode).toBe(200);
  });

  it('is replaced by a newer one', async () => {
    const old = tokenOf(server.newLink());
    server.newLink();
    expect((await post('/session', { token: old })).statusCode).toBe(403);
  });

  it.each([{}, { token: 7 }, { token: '' }, null, []])('is not %j', async (input) => {
    server.newLink();
    expect((await post('/session', input)).statusCode).toBe(403);
  });
});

describe('what asks', () => {
  it.each([
    ['/', 200],
    ['/events', 401],
    ['/avatars/one/abc', 401],
  ])('reads %s without a session: %i', async (path, status) => {
    const answer = await ask(path);
    answer.resume();
    expect(answer.statusCode).toBe(status);
  });

  it('gives no command without a session', async () => {
    const answer = await post('/commands/accounts.add', {});
    expect(answer.statusCode).toBe(401);
    expect(await problemCode(answer)).toBe('app.link-needed');
    expect(host.asked).toEqual([]);
  });

  it('gets nowhere with a cookie that is not the right one', async () => {
    const name = (await signIn()).split('=')[0];
    const answer = await ask('/events', { headers: { cookie: `${name}=${'A'.repeat(43)}` } });
    expect(answer.statusCode).toBe(401);
    answer.resume();
  });

  it.each(['attacker.example', 'attacker.example:80', '127.0.0.1', '127.0.0.1:1', '[::1]:80'])(
    'is refused under the name %s',
    async (name) => {
      const cookie = await signIn();
      for (const path of ['/', '/events', '/avatars/one/abc']) {
        const answer = await ask(path, { headers: { host: name, cookie } });
        expect(answer.statusCode).toBe(421);
        expect(await problemCode(answer)).toBe('app.wrong-host');
      }
    },
  );

  it('may call this computer localhost', async () => {
    const { port } = new URL(server.origin);
    const headers = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
    const answer = await post('/session', { token: tokenOf(server.newLink()) }, headers);
    answer.resume();
    expect(answer.statusCode).toBe(200);
  });

  it.each([
    ['another site', 'https://attacker.example'],
    ['another port', 'http://127.0.0.1:1'],
    ['an opaque origin', 'null'],
    ['another name of this computer', 'http://localhost'],
  ])('is refused from %s', async (_words, origin) => {
    const cookie = await signIn();
    const answer = await post('/commands/chats.open', {}, { cookie, origin });
    expect(answer.statusCode).toBe(403);
    expect(await problemCode(answer)).toBe('app.wrong-origin');
    const events = await ask('/events', { headers: { cookie, origin } });
    expect(events.statusCode).toBe(403);
    events.resume();
    expect(host.asked).toEqual([]);
  });

  it('must say where it comes from to give a command', async () => {
    const cookie = await signIn();
    const answer = await ask('/commands/chats.open', {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.statusCode).toBe(403);
    answer.resume();
  });

  it('may follow a link to the page from anywhere, but not embed what is here', async () => {
    const site = { 'sec-fetch-site': 'cross-site' };
    const followed = await ask('/', { headers: { ...site, 'sec-fetch-mode': 'navigate' } });
    followed.resume();
    expect(followed.statusCode).toBe(200);
    const embedded = await ask('/', { headers: { ...site, 'sec-fetch-mode': 'no-cors' } });
    embedded.resume();
    expect(embedded.statusCode).toBe(403);
  });

  it('cannot come from another computer', async () => {
    const { port } = new URL(server.origin);
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of [...outside, { address: '127.0.0.2' }]) {
      const attempt = request({ hostname: address, port, path: '/' });
      attempt.end();
      const [error] = await once(attempt, 'error');
      expect((error as NodeJS.ErrnoException).code).toBe('ECONNREFUSED');
    }
  });
});

describe('a command', () => {
  it('reaches the host, and its result comes back', async () => {
    const cookie = await signIn();
    const answer = await post('/commands/chats.open', { jid: 'romeo@example.org' }, { cookie });
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(await text(answer))).toEqual({ ok: true, value: {} });
    expect(host.asked).toEqual([{ name: 'chats.open', input: { jid: 'romeo@example.org' } }]);
  });

  it.each([
    ['not JSON', '{', { 'content-type': 'application/json' }, 400, 'app.not-json'],
    ['of another type', '{}', { 'content-type': 'text/plain' }, 415, 'app.not-json'],
    [
      'larger than 1 MiB',
      JSON.stringify('x'.repeat(1024 * 1024)),
      { 'content-type': 'application/json' },
      413,
      'app.request-too-large',
    ],
    [
      'larger than 1 MiB without saying so',
      JSON.stringify('x'.repeat(1024 * 1024)),
      { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      413,
      'app.request-too-large',
    ],
  ])('is refused where it is %s', async (_words, body, headers, status, code) => {
    const cookie = await signIn();
    const answer = await post('/commands/chats.open', body, { ...headers, cookie });
    expect(answer.statusCode).toBe(status);
    expect(await problemCode(answer)).toBe(code);
    expect(host.asked).toEqual([]);
  });

  it('cannot be given by GET', async () => {
    const cookie = await signIn();
    const answer = await ask('/commands/chats.open', { headers: { cookie } });
    expect(answer.statusCode).toBe(405);
    answer.resume();
  });

  it('that breaks the host answers with a problem and is logged without its input', async () => {
    const cookie = await signIn();
    host.run = async () => {
      throw new Error('broken');
    };
    const answer = await post('/commands/accounts.add', { password: 'secret' }, { cookie });
    expect(answer.statusCode).toBe(500);
    expect(await problemCode(answer)).toBe('app.unexpected');
    expect(logged).toEqual(['POST failed: Error: broken']);
  });
});

describe('events', () => {
  it('begin with a snapshot and go on with what happens', async () => {
    const events = await listen(await signIn());
    expect((await events.next()).event.type).toBe('snapshot');
    host.emit(notice('one'));
    expect((await events.next()).event.notice.code).toBe('one');
    events.stop();
  });

  it('go on after the last id a reader saw, with nothing missing and nothing twice', async () => {
    const cookie = await signIn();
    const before = await listen(cookie);
    await before.next();
    host.emit(notice('one'));
    const { id } = await before.next();
    before.stop();
    host.emit(notice('two'));
    host.emit(notice('three'));
    const after = await listen(cookie, id);
    expect((await after.next()).event.notice.code).toBe('two');
    expect((await after.next()).event.notice.code).toBe('three');
    host.emit(notice('four'));
    expect((await after.next()).event.notice.code).toBe('four');
    after.stop();
  });

  it('go on without a snapshot where nothing was missed', async () => {
    const cookie = await signIn();
    const before = await listen(cookie);
    const { id } = await before.next();
    before.stop();
    const after = await listen(cookie, id);
    host.emit(notice('one'));
    expect((await after.next()).event.notice.code).toBe('one');
    after.stop();
  });

  it('begin with a snapshot again where too much was missed', async () => {
    const cookie = await signIn();
    const before = await listen(cookie);
    const { id } = await before.next();
    before.stop();
    for (const code of ['one', 'two', 'three', 'four']) host.emit(notice(code));
    const after = await listen(cookie, id);
    expect((await after.next()).event.type).toBe('snapshot');
    host.emit(notice('five'));
    expect((await after.next()).event.notice.code).toBe('five');
    after.stop();
  });

  it('begin with a snapshot for an id of an earlier process, of the future, or of no meaning', async () => {
    const earlier = await listen(await signIn());
    const { id } = await earlier.next();
    earlier.stop();
    await server.close();
    server = await start();
    const cookie = await signIn();
    const own = await listen(cookie);
    const epoch = (await own.next()).id.split('-')[0];
    own.stop();
    for (const unknown of [id, `${epoch}-999`, `${epoch}-`, 'nonsense', '']) {
      const events = await listen(cookie, unknown);
      expect((await events.next()).event.type).toBe('snapshot');
      events.stop();
    }
  });

  it('end with the server', async () => {
    const events = await listen(await signIn());
    await events.next();
    await server.close();
    await expect(events.next()).rejects.toThrow();
    expect(host.listeners.size).toBe(0);
    server = await start();
  });
});

describe('avatars', () => {
  it('are read with a session', async () => {
    const answer = await ask('/avatars/one/abc', { headers: { cookie: await signIn() } });
    answer.resume();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('image/png');
    expect(answer.headers['content-security-policy']).toContain('sandbox');
  });
});

describe('a port', () => {
  it('in use is named', async () => {
    const port = Number(new URL(server.origin).port);
    await expect(startServer({ host, pageFolder: folder, port, log: () => {} })).rejects.toThrow(
      /app\.port-unusable/u,
    );
  });
});
