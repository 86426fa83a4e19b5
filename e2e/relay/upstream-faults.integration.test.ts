/** Servers that go away and clients that never come back: the relay tells whom it concerns and keeps nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { socketsOf } from '../processes/sockets.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import { inFrontOf, type RunningRelay, startRelay } from '../servers/relay.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { connectHoldfast } from './clients/holdfast-client.ts';
import { CuttingLine } from './cutting-line.ts';

const SESSIONS = 50;
/** More than a session may have to wait for its turn on a busy machine. */
const INACTIVITY_S = 6;
const NS = "xmlns='http://jabber.org/protocol/httpbind'";

describe.each([
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('the relay in front of %s', (_name, start) => {
  let server: XmppServer;
  let relay: RunningRelay;

  beforeAll(async () => {
    server = await start();
    relay = await startRelay([
      ...inFrontOf(server),
      ...['--inactivity', String(INACTIVITY_S), '--creations-per-minute', '10000'],
      ...['--probe', '500'],
    ]);
  });
  afterAll(async () => {
    await relay?.stop();
    await server?.stop();
  });

  async function post(body: string, url = relay.boshUrl): Promise<string> {
    const headers = { 'content-type': 'text/xml; charset=utf-8' };
    return (await fetch(url, { method: 'POST', headers, body })).text();
  }

  async function openSession(url?: string): Promise<string> {
    const created = await post(
      `<body rid='1000' to='${server.domain}' ver='1.6' wait='30' hold='1' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh' ${NS}/>`,
      url,
    );
    return /sid='([^']+)'/u.exec(created)?.[1] ?? '';
  }

  /** Sessions with a request that waits, so that none ends while others begin; resolves with the answers to come. */
  async function holdSessions(url?: string): Promise<Promise<string>[]> {
    return Promise.all(
      Array.from({ length: SESSIONS }, async () => {
        const sid = await openSession(url);
        expect(sid).not.toBe('');
        const held = post(`<body rid='1001' sid='${sid}' ${NS}/>`, url).catch(() => '');
        return { held };
      }),
    ).then((sessions) => sessions.map(({ held }) => held));
  }

  /** To the server; a session cannot be opened without. */
  const toServer = () =>
    socketsOf(relay.process.pid).filter(({ remotePort }) => remotePort === server.c2s.port);

  /** Waits until no connection to the server is left, in any state. */
  async function letGo(): Promise<void> {
    // The kernel tells nobody when a connection has gone.
    while (toServer().length > 0) await sleep(50);
  }

  it('tells every session that its server has gone, and keeps no half of a connection', async () => {
    const held = await holdSessions();
    expect(toServer().filter(({ state }) => state === 'ESTABLISHED')).toHaveLength(SESSIONS);
    await server.kill();
    for (const answer of await Promise.all(held)) {
      expect(answer).toMatch(/condition='remote-(?:connection-failed|stream-error)'/u);
    }
    await letGo();
    expect(await openSession()).toBe('');
    await server.restart();
    const alice = await connectHoldfast(relay.boshUrl, server.user('alice'));
    await alice.close();
    await letGo();
  });

  it('lets go of the server for clients that never come back', async () => {
    const line = await CuttingLine.start(relay.boshUrl);
    const held = await holdSessions(line.boshUrl);
    expect(toServer()).toHaveLength(SESSIONS);
    line.cut();
    await line.stop();
    await Promise.all(held);
    await letGo();
    expect(socketsOf(relay.process.pid).filter(({ state }) => state === 'CLOSE_WAIT')).toEqual([]);
  });

  it('has a silent server probed whether it is still there', async () => {
    const sid = await openSession();
    const [socket] = toServer();
    expect(socket?.probedIn).toBeGreaterThan(400);
    expect(socket?.probedIn).toBeLessThanOrEqual(500);
    await post(`<body rid='1001' sid='${sid}' type='terminate' ${NS}/>`);
    await letGo();
  });

  it('keeps nothing of sessions that came and went', async () => {
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(
        Array.from({ length: SESSIONS }, async () => {
          const sid = await openSession();
          expect(sid).not.toBe('');
          await post(`<body rid='1001' sid='${sid}' type='terminate' ${NS}/>`);
        }),
      );
    }
    await letGo();
    const sessions = async () => {
      const health = await fetch(`${relay.monitorUrl}/health`).then((answer) => answer.json());
      return (health as { sessions: number }).sessions;
    };
    // One that is over is remembered for a moment, for a client that repeats its last request.
    while ((await sessions()) > 0) await sleep(50);
  });
});
