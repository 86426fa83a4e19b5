/** A manager that sends sessions elsewhere (XEP-0124 §17.2 `see-other-uri`): ours, to the BOSH of real servers over TLS. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createConnectionManager } from '../../electron/bosh/manager/connection-manager.ts';
import { createHttpEdge } from '../../electron/bosh/manager/http-edge.ts';
import { type Certificate, makeCertificate } from '../servers/certificate.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import { inFrontOf, startRelay } from '../servers/relay.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { type HostDriver, HostFolder } from './host-driver.ts';

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** Serves nobody, and names the address where sessions are to be. @returns its own. */
async function startSignpost(secureUrl: string): Promise<string> {
  const upstream = {
    open: () => {
      throw new Error('a session was opened at the signpost');
    },
  };
  const manager = createConnectionManager({ upstream, secureUrl });
  const listener = createHttpEdge(manager, {
    peerOf: () => ({ address: '127.0.0.1', secure: false }),
  });
  const server = createServer((request, response) => void listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(async () => {
    await manager.close();
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/http-bind`;
}

async function openHost(certificate: string): Promise<HostDriver> {
  const folder = await HostFolder.make();
  undo.push(() => folder.remove());
  return folder.open({ certificate });
}

describe.each([
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('a manager that sends clients on to %s', (_name, start) => {
  let server: XmppServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());

  /** The relay over HTTPS, in front of the server. */
  async function startRelayOverTls({ certificate, key }: Certificate): Promise<string> {
    const relay = await startRelay([...inFrontOf(server), '--cert', certificate, '--key', key]);
    undo.push(() => relay.stop());
    return relay.boshUrl;
  }

  /** A certificate for loopback, and the key to it. */
  async function newCertificate(): Promise<Certificate> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-certificate-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    return makeCertificate(folder);
  }

  /** Both sign in at the signpost; they end at `secureUrl` and hear each other. */
  async function talkThrough(secureUrl: string, certificate: string): Promise<void> {
    const signpost = await startSignpost(secureUrl);
    const [alice, bob] = await Promise.all([openHost(certificate), openHost(certificate)]);
    const [fromAlice, fromBob] = await Promise.all([
      alice.signIn(server, server.user('alice'), signpost),
      bob.signIn(server, server.user('bob'), signpost),
    ]);
    for (const host of [alice, bob]) {
      await host.until('a reading', () => host.health !== undefined);
      expect(host.health).toMatchObject({
        endpoint: secureUrl,
        rung: { name: 'login', reason: `the server asks to use ${new URL(secureUrl).host}` },
      });
    }
    await alice.write(fromAlice, server.user('bob').jid, 'from alice');
    await bob.write(fromBob, server.user('alice').jid, 'from bob');
    const heard = (host: HostDriver, body: string) =>
      host.until(`"${body}"`, () => [...host.messages.values()].some((each) => each.body === body));
    await Promise.all([heard(alice, 'from bob'), heard(bob, 'from alice')]);
  }

  it('is followed to the server’s own BOSH over TLS', async () => {
    await talkThrough(server.boshUrlTls, server.certificate);
  });

  it('is followed to the relay over TLS', async () => {
    const files = await newCertificate();
    await talkThrough(await startRelayOverTls(files), files.certificate);
  });

  it('is not followed where nobody vouches for the certificate', async () => {
    const { certificate } = await newCertificate();
    const signpost = await startSignpost(server.boshUrlTls);
    const host = await openHost(certificate);
    await host.run('accounts.add', { ...server.user('alice'), endpoint: signpost });
    await host.untilPhase('reconnecting');
    expect(host.onlyAccount().connection.problem?.code).toBe('network.certificate-unknown-issuer');
    expect(host.phases).not.toContain('signing-in');
  });
});
