/** How the relay finds real servers and secures what it says to them: STARTTLS, direct TLS, SRV records. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEjabberd } from '../servers/ejabberd.ts';
import { freePorts } from '../servers/free-ports.ts';
import { startProsody } from '../servers/prosody.ts';
import { type RunningRelay, startRelay } from '../servers/relay.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { connectHoldfast } from './clients/holdfast-client.ts';
import { NameServer, type ServiceTarget } from './name-server.ts';

describe.each([
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('the relay and a %s that insists on encryption', (_name, start) => {
  let server: XmppServer;
  const undo: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    server = await start({ tls: 'required' });
  });
  afterAll(() => server?.stop());
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  async function relay(...options: string[]): Promise<RunningRelay> {
    const running = await startRelay(options);
    undo.push(() => running.stop());
    return running;
  }

  async function nameServer(
    records: Readonly<Record<string, readonly ServiceTarget[]>>,
  ): Promise<NameServer> {
    const running = await NameServer.start(records);
    undo.push(() => running.stop());
    return running;
  }

  const at = (scheme: string, { host, port }: XmppServer['c2s']) => [
    ...['--domain', `${server.domain}=${scheme}://${host}:${port}`],
  ];
  const trusting = () => ['--ca', server.certificate];

  /** Signs in and hears itself. */
  async function talk({ boshUrl }: RunningRelay): Promise<void> {
    const alice = await connectHoldfast(boshUrl, server.user('alice'));
    try {
      alice.send(alice.jid, 'to myself');
      await alice.heard.until('to myself');
    } finally {
      await alice.close();
    }
  }

  /** The answer to a session creation request. */
  async function create({ boshUrl }: RunningRelay): Promise<string> {
    const answer = await fetch(boshUrl, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: `<body rid='1' to='${server.domain}' ver='1.6' wait='30' hold='1' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh' xmlns='http://jabber.org/protocol/httpbind'/>`,
    });
    return answer.text();
  }

  it('speak through STARTTLS', async () => {
    await talk(await relay(...at('xmpp', server.c2s), ...trusting()));
  });

  it('speak through TLS from the first byte', async () => {
    await talk(await relay(...at('xmpps', server.c2sTls), ...trusting()));
  });

  it.each(['xmpp', 'xmpps'])('do not speak where nobody vouches for it (%s)', async (scheme) => {
    const place = scheme === 'xmpp' ? server.c2s : server.c2sTls;
    expect(await create(await relay(...at(scheme, place)))).toContain('remote-connection-failed');
  });

  it('find each other by SRV records, whatever else these name', async () => {
    const [nobody = 0] = await freePorts(1);
    const { address, asked } = await nameServer({
      [`_xmpps-client._tcp.${server.domain}`]: [
        { target: server.domain, port: nobody, priority: 1 },
        { target: server.domain, port: server.c2sTls.port, priority: 3 },
      ],
      [`_xmpp-client._tcp.${server.domain}`]: [
        { target: server.domain, port: server.c2s.port, priority: 2 },
      ],
    });
    await talk(await relay('--domain', server.domain, '--dns', address, ...trusting()));
    expect(asked.toSorted()).toEqual([
      `_xmpp-client._tcp.${server.domain}`,
      `_xmpps-client._tcp.${server.domain}`,
    ]);
  });

  it('find each other by a record for direct TLS alone', async () => {
    const { address } = await nameServer({
      [`_xmpps-client._tcp.${server.domain}`]: [
        { target: server.domain, port: server.c2sTls.port },
      ],
      [`_xmpp-client._tcp.${server.domain}`]: [{ target: '.', port: 0 }],
    });
    await talk(await relay('--domain', server.domain, '--dns', address, ...trusting()));
  });

  it('do not meet where the domain says that it has no server', async () => {
    const { address } = await nameServer({
      [`_xmpp-client._tcp.${server.domain}`]: [{ target: '.', port: 0 }],
    });
    const running = await relay('--domain', server.domain, '--dns', address, ...trusting());
    expect(await create(running)).toContain('remote-connection-failed');
  });
});
