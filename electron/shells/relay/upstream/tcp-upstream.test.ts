import { EventEmitter, once } from 'node:events';
import { createSecureContext } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StreamEnd, StreamRequest, UpstreamStream } from '../../../bosh/manager/upstream.ts';
import {
  createAuthority,
  type ThrowawayAuthority,
} from '../../../network/throwaway-certificates.ts';
import type { ServerAddress, ServiceRecord } from './server-address.ts';
import { createTcpUpstream, type TcpUpstreamOptions } from './tcp-upstream.ts';
import { ScriptedServer } from './testing/scripted-server.ts';

const SASL =
  "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>";
const STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const STARTTLS_REQUIRED =
  "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
const COMPRESSION =
  "<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>";
const PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

let authority: ThrowawayAuthority;
const servers: ScriptedServer[] = [];
const opened: UpstreamStream[] = [];

beforeAll(async () => {
  authority = await createAuthority(['DNS:example.org'], ['DNS:server.example.net']);
});

afterEach(async () => {
  for (const stream of opened.splice(0)) stream.close();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function startServer(): Promise<ScriptedServer> {
  const server = await ScriptedServer.start();
  servers.push(server);
  return server;
}

/** Opens a stream to this server; what is told is kept in words. */
function open(
  at: ScriptedServer | readonly ServiceRecord[] | undefined,
  options: Partial<TcpUpstreamOptions> = {},
  request: Partial<StreamRequest> = {},
) {
  const told: string[] = [];
  const observed: string[] = [];
  const events = new EventEmitter<{ change: [] }>();
  const fixed: ServerAddress | undefined =
    at instanceof ScriptedServer
      ? { host: '127.0.0.1', port: at.port, directTls: false }
      : undefined;
  let ended: StreamEnd | undefined;
  const tell = (what: string) => {
    told.push(what);
    events.emit('change');
  };
  const stream = createTcpUpstream({
    domains: new Map([['example.org', fixed]]),
    resolver: {
      resolveSrv: async (name) =>
        name.startsWith('_xmpp-client') && Array.isArray(at)
          ? at
          : Promise.reject(new Error('none')),
    },
    observer: {
      onOpened: (domain) => observed.push(`opened ${domain}`),
      onRefused: (domain, { port }, detail) => observed.push(`refused ${domain} ${port} ${detail}`),
      onClosed: (domain, end) => observed.push(`closed ${domain} ${end}`),
    },
    stanza: { length: 10_000, depth: 20, attributes: 20 },
    untaken: 1_000_000,
    connectMs: 5_000,
    probeMs: 30_000,
    whitespaceMs: 60_000,
    closeMs: 5_000,
    trust: createSecureContext({ ca: authority.ca }),
    plainOnLoopback: true,
    ...options,
  }).open(
    { to: 'example.org', version: '1.0', address: '127.0.0.1', secure: true, ...request },
    {
      onOpen: (header) => tell(`open ${header.id}`),
      onElement: (xml) => tell(xml),
      onDrain: () => tell('drain'),
      onEnd: (end) => {
        ended = end;
        tell(`end ${end.kind}`);
      },
    },
  );
  const heard = async (part: string): Promise<void> => {
    for (let next = 0; ; next += 1) {
      while (next >= told.length) await once(events, 'change');
      if (told[next]?.includes(part)) return;
    }
  };
  opened.push(stream);
  return {
    stream,
    told,
    observed,
    heard,
    end: async (): Promise<StreamEnd> => {
      while (!ended) await once(events, 'change');
      return ended;
    },
  };
}

/** A stream that is open, with both ends of it. */
async function openPlain(options: Partial<TcpUpstreamOptions> = {}) {
  const server = await startServer();
  const near = open(server, options);
  const far = await server.connection();
  await far.open(SASL);
  await near.heard('<mechanism');
  return { ...near, far };
}

describe('a stream to an XMPP server', () => {
  it('tells of the header and what the server offers, without TLS and compression', async () => {
    const server = await startServer();
    const near = open(server, {}, { lang: 'de', from: 'alice@example.org' });
    const far = await server.connection();
    const header = await far.heard(/<stream:stream [^>]*>/u);
    expect(header).toBe(
      "<?xml version='1.0'?><stream:stream to='example.org' version='1.0' xml:lang='de' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
    );
    far.sayHeader(STARTTLS + COMPRESSION + SASL);
    await near.heard('<mechanism');
    expect(near.told).toEqual([
      'open s1',
      `<stream:features xmlns:stream="http://etherx.jabber.org/streams"><mechanisms xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><mechanism>PLAIN</mechanism></mechanisms></stream:features>`,
    ]);
  });

  it('sends what was written before it was open, in order, once it is', async () => {
    const server = await startServer();
    const near = open(server);
    expect(near.stream.write('<a/>')).toBe(true);
    expect(near.stream.write('<b/>')).toBe(true);
    const far = await server.connection();
    await far.open(SASL);
    await far.heard('<a/><b/>');
  });

  it('begins anew after signing in', async () => {
    const { stream, far, heard, told } = await openPlain();
    stream.write('<auth/>');
    await far.heard('<auth/>');
    far.say("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    await heard('<success');
    stream.restart();
    await far.open("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
    await heard('<bind');
    expect(told.filter((what) => what === 'open s1')).toHaveLength(2);
  });

  it('hands over what the server sends in order and whole', async () => {
    const { far, heard, told } = await openPlain();
    for (const piece of ['<message><body>', 'one</bo', "dy></message><iq id='2'/>"]) far.say(piece);
    await heard("id='2'");
    expect(told.slice(-2)).toEqual([
      "<message xmlns='jabber:client'><body>one</body></message>",
      "<iq xmlns='jabber:client' id='2'/>",
    ]);
  });

  describe('secured', () => {
    it('asks for STARTTLS and tells nothing of what was said before', async () => {
      const server = await startServer();
      const near = open(server, { plainOnLoopback: false }, { from: 'alice@example.org' });
      const far = await server.connection();
      const first = await far.heard(/<stream:stream [^>]*>/u);
      expect(first).not.toContain('alice');
      far.sayHeader(STARTTLS_REQUIRED);
      await far.heard(/<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>/u);
      expect(near.told).toEqual([]);
      far.say(PROCEED);
      const [certificate] = authority.certificates;
      if (!certificate) throw new Error('no certificate');
      expect(await far.encrypt(certificate)).toEqual({ name: 'example.org', protocol: false });
      const second = await far.heard(/<stream:stream [^>]*>/u);
      expect(second).toContain(" from='alice@example.org'");
      far.sayHeader(SASL);
      await near.heard('<mechanism');
      expect(near.told[0]).toBe('open s1');
    });

    it('takes no word for encrypted that came before encryption', async () => {
      const server = await startServer();
      const near = open(server, { plainOnLoopback: false });
      const far = await server.connection();
      await far.open(STARTTLS_REQUIRED);
      await far.heard('<starttls');
      far.say(`${PROCEED}<stream:features><injected/></stream:features>`);
      const [certificate] = authority.certificates;
      if (!certificate) throw new Error('no certificate');
      await far.encrypt(certificate);
      await far.open(SASL);
      await near.heard('<mechanism');
      expect(near.told.join()).not.toContain('injected');
    });

    it.each([STARTTLS_REQUIRED, STARTTLS_REQUIRED + SASL, STARTTLS])(
      'is encrypted on this computer too where the server insists: %s',
      async (features) => {
        const server = await startServer();
        open(server);
        const far = await server.connection();
        await far.open(features);
        await far.heard('<starttls');
      },
    );

    it('does without a server that offers no encryption', async () => {
      const server = await startServer();
      const near = open(server, { plainOnLoopback: false });
      const far = await server.connection();
      await far.open(SASL);
      expect(await near.end()).toEqual({
        kind: 'unreachable',
        detail: `127.0.0.1:${server.port}: the server offers no encryption`,
      });
      await far.abandoned();
    });

    it('trusts a certificate for the domain, not for the host where its server runs', async () => {
      const server = await startServer();
      const near = open([{ name: 'localhost', port: server.port, priority: 1, weight: 1 }], {
        plainOnLoopback: false,
      });
      const far = await server.connection();
      await far.open(STARTTLS_REQUIRED);
      await far.heard('<starttls');
      far.say(PROCEED);
      const [, ofHost] = authority.certificates;
      if (!ofHost) throw new Error('no certificate');
      void far.encrypt(ofHost);
      expect(await near.end()).toMatchObject({
        kind: 'unreachable',
        detail: expect.stringMatching(/ERR_TLS_CERT_ALTNAME_INVALID.*example\.org/u),
      });
    });

    it('trusts no certificate that nobody vouches for', async () => {
      const server = await startServer();
      const near = open(server, { plainOnLoopback: false, trust: createSecureContext() });
      const far = await server.connection();
      await far.open(STARTTLS_REQUIRED);
      await far.heard('<starttls');
      far.say(PROCEED);
      const [certificate] = authority.certificates;
      if (!certificate) throw new Error('no certificate');
      void far.encrypt(certificate);
      expect(await near.end()).toMatchObject({ kind: 'unreachable' });
    });

    it('speaks TLS at once where the record says so', async () => {
      const server = await startServer();
      const near = open(undefined, {
        domains: new Map([
          ['example.org', { host: '127.0.0.1', port: server.port, directTls: true }],
        ]),
      });
      const far = await server.connection();
      const [certificate] = authority.certificates;
      if (!certificate) throw new Error('no certificate');
      expect(await far.encrypt(certificate)).toEqual({
        name: 'example.org',
        protocol: 'xmpp-client',
      });
      await far.open(SASL);
      await near.heard('<mechanism');
    });
  });

  describe('where one server does not answer', () => {
    it('tries the next one, and says which were refused', async () => {
      const [gone, broken, good] = [await startServer(), await startServer(), await startServer()];
      const records = [gone, broken, good].map(({ port }, priority) => ({
        ...{ name: '127.0.0.1', port, priority, weight: 0 },
      }));
      await gone.stop();
      servers.splice(servers.indexOf(gone), 1);
      const near = open(records);
      (await broken.connection()).say('HTTP/1.1 400 Bad Request\r\n');
      await (await good.connection()).open(SASL);
      await near.heard('<mechanism');
      expect(near.observed).toEqual([
        expect.stringMatching(new RegExp(`^refused example.org ${gone.port} ECONNREFUSED`, 'u')),
        expect.stringMatching(new RegExp(`^refused example.org ${broken.port} .*no XMPP`, 'u')),
        'opened example.org',
      ]);
    });

    it('gives a server up that says nothing', async () => {
      const server = await startServer();
      const near = open(server, { connectMs: 50 });
      const far = await server.connection();
      expect(await near.end()).toMatchObject({
        detail: expect.stringContaining('no answer in time'),
      });
      await far.abandoned();
    });

    it('ends unreachable once all were tried', async () => {
      const server = await startServer();
      const { port } = server;
      await server.stop();
      servers.pop();
      const near = open(
        [1, 2].map((priority) => ({ name: '127.0.0.1', port, priority, weight: 0 })),
      );
      expect(await near.end()).toMatchObject({
        kind: 'unreachable',
        detail: expect.stringMatching(/ECONNREFUSED.*; .*ECONNREFUSED/u),
      });
    });

    it('ends unreachable where the domain has no server', async () => {
      const near = open([{ name: '.', port: 0, priority: 0, weight: 0 }]);
      expect(await near.end()).toMatchObject({ kind: 'unreachable' });
    });
  });

  describe('for a domain that is not served', () => {
    it.each([
      'example.com',
      'sub.example.org',
      'example.org.evil.example',
      'example.org/evil.example',
      'evil.example@example.org',
      'example.org:5222',
      'ex%61mple.org',
      '',
      'localhost',
      '127.0.0.1',
      '[::1]',
    ])('is refused without a connection: “%s”', async (to) => {
      const server = await startServer();
      const near = open(server, {}, { to, route: `xmpp:127.0.0.1:${server.port}` });
      expect(near.told).toEqual([]);
      expect(await near.end()).toEqual({ kind: 'host-unknown' });
      expect(server.accepted).toBe(0);
    });

    it.each(['EXAMPLE.org', 'example.org.', 'ｅxample.org'])(
      'but not for another spelling: “%s”',
      async (to) => {
        const server = await startServer();
        const near = open(server, {}, { to });
        await (await server.connection()).open(SASL);
        await near.heard('<mechanism');
      },
    );
  });

  describe('at its end', () => {
    it('says goodbye to the server and lets go', async () => {
      const { stream, far, told, observed } = await openPlain();
      stream.write('<presence type="unavailable"/>');
      stream.close();
      await far.heard('<presence type="unavailable"/></stream:stream>');
      await far.ended();
      far.say('<message/></stream:stream>');
      far.end();
      await far.abandoned();
      expect(told.at(-1)).toContain('<mechanism');
      expect(observed.at(-1)).toBe('closed example.org session');
    });

    it('lets go of a server that does not answer its goodbye', async () => {
      const { stream, far } = await openPlain({ closeMs: 50 });
      stream.close();
      await far.abandoned();
    });

    it('lets go of a server that it had stopped reading from', async () => {
      const { stream, far } = await openPlain();
      stream.setReading(false);
      far.say(`<message>${'x'.repeat(5_000)}</message>`.repeat(40));
      far.end();
      stream.close();
      await far.abandoned();
    });

    it('answers the goodbye of the server, and leaves no half of the connection', async () => {
      const { far, end, observed } = await openPlain();
      far.say('</stream:stream>');
      expect(await end()).toEqual({ kind: 'closed' });
      await far.heard('</stream:stream>');
      await far.ended();
      far.end();
      await far.abandoned();
      expect(observed.at(-1)).toBe('closed example.org closed');
    });

    it('leaves no half of a connection that the server ended without a word', async () => {
      const { far, end } = await openPlain();
      far.end();
      expect(await end()).toMatchObject({ kind: 'unreachable' });
      await far.abandoned();
    });

    it('hands over the error of the server', async () => {
      const { far, end, told } = await openPlain();
      far.say(
        "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
      );
      expect(await end()).toEqual({
        kind: 'closed',
        error:
          "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      });
      expect(told.at(-1)).toBe('end closed');
    });

    it('hands over an error before the stream was open', async () => {
      const server = await startServer();
      const near = open(server);
      const far = await server.connection();
      await far.heard(/<stream:stream [^>]*>/u);
      far.say(
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1'><stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
      );
      expect(await near.end()).toMatchObject({
        kind: 'closed',
        error: expect.stringContaining('<host-unknown'),
      });
    });

    it('ends where what the server sends is no XMPP, or too much of it', async () => {
      for (const text of ['<!-- -->', '<a></b>', `<a>${'x'.repeat(20_000)}`, '<a>'.repeat(50)]) {
        const { far, end } = await openPlain();
        far.say(text);
        expect(await end()).toMatchObject({
          kind: 'unreachable',
          detail: expect.stringContaining('no XMPP'),
        });
        await far.abandoned();
      }
    });

    it('ends when its connection is reset', async () => {
      const { far, end } = await openPlain();
      far.destroy();
      expect(await end()).toMatchObject({ kind: 'unreachable' });
    });

    it('before it was open takes its connection along', async () => {
      const server = await startServer();
      const near = open(server);
      const far = await server.connection();
      near.stream.close();
      await far.abandoned();
      expect(near.told).toEqual([]);
    });
  });

  describe('under pressure', () => {
    it('stops reading while the client does not fetch, and goes on', async () => {
      const { stream, far, told, heard } = await openPlain();
      stream.setReading(false);
      const before = told.length;
      const message = `<message>${'x'.repeat(9_000)}</message>`;
      // More than the sockets of both ends and the system in between can hold.
      for (let sent = 0; sent < 1_500; sent += 1) far.say(message);
      far.say("<iq id='last'/>");
      const whitespace = stream.write('<ping/>');
      expect(whitespace).toBe(true);
      await far.heard('<ping/>');
      expect(told.length).toBe(before);
      expect(far.unsent).toBeGreaterThan(1_000_000);
      stream.setReading(true);
      await heard("id='last'");
      expect(told.length).toBe(before + 1_501);
    }, 30_000);

    it('asks to wait while the server does not take what it is sent, and goes on', async () => {
      const { stream, far, heard, told } = await openPlain({ untaken: 100_000_000 });
      far.pause();
      const message = `<message>${'x'.repeat(10_000)}</message>`;
      while (stream.write(message));
      expect(told).not.toContain('drain');
      far.resume();
      await heard('drain');
      stream.write('<iq id="last"/>');
      await far.heard('<iq id="last"/>');
    });

    it('gives up a server that never reads, however much it is sent', async () => {
      const { stream, far, end } = await openPlain({ untaken: 500_000 });
      far.pause();
      const message = `<message>${'x'.repeat(10_000)}</message>`;
      for (let sent = 0; sent < 10_000; sent += 1) stream.write(message);
      expect(await end()).toMatchObject({
        kind: 'unreachable',
        detail: expect.stringContaining('does not take'),
      });
      far.resume();
      await far.abandoned();
    });

    it('gives up a server that stopped reading and says nothing any more', async () => {
      const { stream, far, end } = await openPlain({ untaken: 100_000_000, whitespaceMs: 50 });
      far.pause();
      const message = `<message>${'x'.repeat(10_000)}</message>`;
      for (let sent = 0; sent < 1_000; sent += 1) stream.write(message);
      expect(await end()).toMatchObject({ detail: expect.stringContaining('does not take') });
    });

    it('breaks its silence with whitespace', async () => {
      const { far } = await openPlain({ whitespaceMs: 20 });
      await far.heard(' ');
      await far.heard(' ');
    });
  });
});
