import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Logger, pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, type ThrowawayAuthority } from '../../network/throwaway-certificates.ts';
import { parseCommandLine } from './command-line.ts';
import { type Relay, startRelay } from './relay.ts';
import { type ScriptedConnection, ScriptedServer } from './upstream/testing/scripted-server.ts';

const SASL =
  "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>";

let authority: ThrowawayAuthority;
let folder: string;
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  authority = await createAuthority(['DNS:localhost', 'IP:127.0.0.1'], ['DNS:renewed.example']);
  folder = await mkdtemp(join(tmpdir(), 'relay-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function startServer(): Promise<ScriptedServer> {
  const server = await ScriptedServer.start();
  undo.push(() => server.stop());
  return server;
}

/** As its command line says, in front of this server; what it logs is kept. */
async function start(server: ScriptedServer | undefined, ...parameters: string[]) {
  const lines: string[] = [];
  const log: Logger = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
  const settings = parseCommandLine([
    ...['--domain', server ? `example.org=xmpp://127.0.0.1:${server.port}` : 'example.org'],
    ...['--listen', '127.0.0.1:0', '--monitor', '127.0.0.1:0'],
    ...parameters,
  ]);
  if (settings === 'help') throw new Error('help was asked for');
  const relay = await startRelay(settings, log);
  undo.push(() => relay.close());
  return { relay, lines };
}

const NS = "xmlns='http://jabber.org/protocol/httpbind'";

const creation = (to = 'example.org', more = '') =>
  `<body rid='1000' to='${to}' ver='1.6' wait='30' hold='1' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh' ${more} ${NS}/>`;

async function post(relay: Relay, content: string, headers: Record<string, string> = {}) {
  const answer = await fetch(relay.boshUrl, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', ...headers },
    body: content,
  });
  return { status: answer.status, text: await answer.text() };
}

/** A session whose stream is open, with the server's end of it. */
class Session {
  readonly far: ScriptedConnection;
  readonly sid: string;
  readonly #relay: Relay;
  #rid = 1_000;

  private constructor(relay: Relay, far: ScriptedConnection, sid: string) {
    this.#relay = relay;
    this.far = far;
    this.sid = sid;
  }

  static async open(relay: Relay, server: ScriptedServer): Promise<Session> {
    const created = post(relay, creation());
    const far = await server.connection();
    await far.open(SASL);
    const sid = /sid='([^']+)'/u.exec((await created).text)?.[1] ?? '';
    return new Session(relay, far, sid);
  }

  /** The answer to the next request; '' where the connection was cut instead. */
  async ask(payload = '', attributes = ''): Promise<string> {
    this.#rid += 1;
    const request = `<body rid='${this.#rid}' sid='${this.sid}' ${attributes} ${NS}>${payload}</body>`;
    return post(this.#relay, request).then(
      (answer) => answer.text,
      () => '',
    );
  }
}

const PRESENCE = "<presence xmlns='jabber:client'/>";

const metric = async (relay: Relay, name: string): Promise<number> => {
  const metrics = await fetch(`${relay.monitorUrl}/metrics`).then((answer) => answer.text());
  const line = metrics.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
};

describe('the relay', () => {
  it('carries a session to the server and back', async () => {
    const server = await startServer();
    const { relay } = await start(server);
    const session = await Session.open(relay, server);
    const held = session.ask(PRESENCE);
    await session.far.heard(PRESENCE);
    session.far.say("<message from='bob@example.org'><body>hello</body></message>");
    expect(await held).toContain(
      "<message xmlns='jabber:client' from='bob@example.org'><body>hello</body></message>",
    );
  });

  describe('is no open relay', () => {
    it.each(['example.com', 'localhost', '127.0.0.1', '169.254.169.254', 'example.org.', ''])(
      'and connects to nowhere for “%s” but where it serves that',
      async (to) => {
        const server = await startServer();
        const { relay } = await start(server);
        const asked = post(relay, creation(to, `route='xmpp:127.0.0.1:${server.port}'`));
        if (to === 'example.org.') {
          await (await server.connection()).open(SASL);
          expect((await asked).text).toContain('<mechanism>');
          return;
        }
        expect((await asked).text).toMatch(
          /type='terminate'.*condition='(?:host-unknown|improper-addressing)'/u,
        );
        expect(server.accepted).toBe(0);
      },
    );

    it('and lets no second stream of a session go elsewhere', async () => {
      const server = await startServer();
      const { relay } = await start(server);
      const session = await Session.open(relay, server);
      expect(await session.ask('', "to='example.com'")).toContain(" stream='");
      expect(await session.ask()).toMatch(/type='terminate'.*condition='host-unknown'/u);
      expect(server.accepted).toBe(1);
    });
  });

  it('says why the server cannot be reached, and to clients only that', async () => {
    const server = await startServer();
    const { relay, lines } = await start(server);
    const created = post(relay, creation());
    (await server.connection()).destroy();
    const { text: answer } = await created;
    expect(answer).toContain("condition='remote-connection-failed'");
    expect(answer).not.toContain('127.0.0.1');
    expect(lines.join('')).toMatch(/"domain":"example.org","server":"127.0.0.1:\d+","detail":/u);
  });

  it('is patient with a slow server, and others do not wait for it', async () => {
    const [slow, quick] = [await startServer(), await startServer()];
    const { relay } = await start(quick, '--domain', `slow.example=xmpp://127.0.0.1:${slow.port}`);
    const waiting = post(relay, creation('slow.example'));
    const far = await slow.connection();
    expect((await Session.open(relay, quick)).sid).not.toBe('');
    await far.open(SASL);
    expect((await waiting).text).toContain('<mechanism>');
  });

  it('ends a session whose server never takes what it is sent, and no other', async () => {
    const server = await startServer();
    const { relay } = await start(server, '--requests-per-second', '100000');
    const stuck = await Session.open(relay, server);
    const fine = await Session.open(relay, server);
    stuck.far.pause();
    const payload = `<message xmlns='jabber:client'>${'x'.repeat(900_000)}</message>`;
    const before = process.memoryUsage().rss;
    let answered = 0;
    const flood = async () => {
      while (!/^$|terminate/u.test(await stuck.ask(payload))) answered += 1;
    };
    const flooding = flood();
    const held = fine.ask(PRESENCE);
    await fine.far.heard(PRESENCE);
    fine.far.say('<message><body>still here</body></message>');
    expect(await held).toContain('still here');
    stuck.far.destroy();
    await flooding;
    expect(answered).toBeLessThan(40);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  describe('over plain HTTP', () => {
    it('serves nobody whom a trusted proxy says to come without encryption', async () => {
      const server = await startServer();
      const { relay } = await start(server, '--trust-proxy', 'loopback');
      const plain = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'http' };
      const { status, text: words } = await post(relay, creation(), plain);
      expect(status).toBe(403);
      expect(words).toContain('HTTPS');
      expect(server.accepted).toBe(0);
      const created = post(relay, creation(), { ...plain, 'x-forwarded-proto': 'https' });
      await (await server.connection()).open(SASL);
      expect((await created).text).toContain('sid=');
    });

    it('serves them where it may', async () => {
      const server = await startServer();
      const { relay } = await start(server, '--trust-proxy', 'loopback', '--allow-plain-http');
      const created = post(relay, creation(), { 'x-forwarded-for': '192.0.2.1' });
      await (await server.connection()).open(SASL);
      expect((await created).text).toContain('sid=');
    });
  });

  it('counts sessions by the address that a trusted proxy tells', async () => {
    const server = await startServer();
    const { relay } = await start(
      ...([server, '--trust-proxy', 'loopback', '--sessions-per-address', '1'] as const),
    );
    const from = (address: string) => ({
      'x-forwarded-for': address,
      'x-forwarded-proto': 'https',
    });
    for (const address of ['192.0.2.1', '192.0.2.2']) {
      const created = post(relay, creation(), from(address));
      await (await server.connection()).open(SASL);
      expect((await created).text).toContain('sid=');
    }
    expect((await post(relay, creation(), from('192.0.2.1'))).text).toContain('policy-violation');
  });

  it('speaks HTTPS, and with a renewed certificate when told', async () => {
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    const put = async (index: number) => {
      const certificate = authority.certificates[index];
      await writeFile(files.cert, certificate?.cert ?? '');
      await writeFile(files.key, certificate?.key ?? '');
    };
    await put(0);
    const { relay } = await start(undefined, '--cert', files.cert, '--key', files.key);
    expect(relay.boshUrl).toMatch(/^https:/u);
    const nameOf = async () => {
      const asked = httpsRequest(relay.boshUrl, {
        agent: new Agent({ keepAlive: false }),
        ca: authority.ca,
        checkServerIdentity: () => undefined,
      }).end();
      const [socket] = (await once(asked, 'socket')) as [import('node:tls').TLSSocket];
      const [answer] = await once(asked, 'response');
      const name = socket.getPeerCertificate().subjectaltname;
      await text(answer);
      return name;
    };
    expect(await nameOf()).toContain('localhost');
    await put(1);
    await relay.renewCertificate();
    expect(await nameOf()).toContain('renewed.example');
    await writeFile(files.cert, 'nonsense');
    await expect(relay.renewCertificate()).rejects.toThrow(/cannot be used/u);
    expect(await nameOf()).toContain('renewed.example');
  });

  it('tells other software where it is', async () => {
    const { relay } = await start(undefined, '--public-url', 'https://example.org/http-bind');
    const { origin } = new URL(relay.boshUrl);
    const xrd = await fetch(`${origin}/.well-known/host-meta`).then((answer) => answer.text());
    expect(xrd).toContain('https://example.org/http-bind');
    const elsewhere = await fetch(`${origin}/elsewhere`);
    expect([elsewhere.status, await elsewhere.text()]).toEqual([404, 'BOSH is at /http-bind.\n']);
  });

  it('shows its figures and its health', async () => {
    const server = await startServer();
    const { relay } = await start(server);
    await Session.open(relay, server);
    await post(relay, creation('example.com'));
    expect(await metric(relay, 'holdfast_relay_sessions')).toBe(1);
    expect(await metric(relay, 'holdfast_relay_streams')).toBe(1);
    expect(await metric(relay, 'holdfast_relay_sessions_created_total')).toBe(2);
    expect(await metric(relay, 'holdfast_relay_sessions_ended_total{reason="host-unknown"}')).toBe(
      1,
    );
    expect(
      await metric(relay, 'holdfast_relay_server_open_seconds_count{domain="example.org"}'),
    ).toBe(1);
    const health = await fetch(`${relay.monitorUrl}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'serving', sessions: 1 }]);
    expect((await fetch(`${relay.monitorUrl}/`)).status).toBe(404);
  });

  it('logs nothing that would let anybody into a session or an account', async () => {
    const server = await startServer();
    const { relay, lines } = await start(server);
    const session = await Session.open(relay, server);
    const auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>c2VjcmV0</auth>";
    const held = session.ask(auth);
    await session.far.heard(auth);
    session.far.say('</stream:stream>');
    await held;
    await post(relay, '<nonsense>c2VjcmV0</nonsense>');
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.join('')).not.toContain(session.sid);
    expect(lines.join('')).not.toContain('c2VjcmV0');
  });

  it('ends every session with a word when it is told to stop, and takes no other', async () => {
    const server = await startServer();
    const { relay } = await start(server);
    const one = await Session.open(relay, server);
    const two = await Session.open(relay, server);
    const held = one.ask();
    const answered = two.ask(PRESENCE);
    await two.far.heard(PRESENCE);
    two.far.say('<message><body>last</body></message>');
    expect(await answered).toContain('last');
    const drained = relay.drain();
    expect(await held).toContain("condition='system-shutdown'");
    expect((await fetch(`${relay.monitorUrl}/health`)).status).toBe(503);
    expect((await post(relay, creation())).text).toContain("condition='system-shutdown'");
    // Who had nothing held is told when it asks.
    expect(await two.ask()).toContain("condition='system-shutdown'");
    await drained;
    for (const { far } of [one, two]) {
      await far.heard('</stream:stream>');
      await far.ended();
    }
    await expect(post(relay, creation())).rejects.toThrow();
  });

  it('waits no longer than it may for clients that do not ask', async () => {
    const server = await startServer();
    const { relay } = await start(server, '--drain', '0');
    const { far } = await Session.open(relay, server);
    await relay.drain();
    await far.heard('</stream:stream>');
  });

  it('says in words why it cannot start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    undo.push(() => once(taken.close(), 'close'));
    const { port } = taken.address() as import('node:net').AddressInfo;
    await expect(start(undefined, '--listen', `127.0.0.1:${port}`)).rejects.toThrow(
      /cannot listen at 127\.0\.0\.1/u,
    );
    await expect(start(undefined, '--monitor', `127.0.0.1:${port}`)).rejects.toThrow(
      /cannot show its metrics/u,
    );
    await expect(start(undefined, '--ca', join(folder, 'none.pem'))).rejects.toThrow(
      /none\.pem cannot be read/u,
    );
  });
});
