/**
 * What every spec starts from: the two real servers, a person who has never used them, Holdfast on a fresh
 * data folder, and Strophe.js peers to chat with. All of it goes away with the test.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { createShell, type Shell } from '../holdfast/shell.ts';
import { connectStrophePeer, type StrophePeer } from '../peers/strophe-peer.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import { type Portal, type Strange, startPortal } from '../servers/strangers.ts';
import type { ServerKind, ServerOptions, TestUser, XmppServer } from '../servers/xmpp-server.ts';

export { expect } from '@playwright/test';

export const SERVERS = ['prosody', 'ejabberd'] as const satisfies readonly ServerKind[];

/** A server with people on it that no other test has used. */
export interface TestServer extends XmppServer {
  newUser(): TestUser;
}

interface TestFixtures {
  /** Started, with its first window open. */
  readonly holdfast: Shell;
  /** Signs another person in with Strophe.js. */
  readonly connectPeer: (server: XmppServer, user: TestUser) => Promise<StrophePeer>;
  /** A server of this test's own, which it may kill and restart. */
  readonly ownServer: (kind: ServerKind, options?: ServerOptions) => Promise<TestServer>;
  readonly portal: (target: string, answer?: Strange) => Promise<Portal>;
}

interface WorkerFixtures {
  /** The servers that all specs share, started when first asked for. */
  readonly servers: (kind: ServerKind) => Promise<TestServer>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  servers: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used here
    async ({}, use) => {
      const started = new Map<ServerKind, Promise<TestServer>>();
      await use((kind) => {
        const server = started.get(kind) ?? startTestServer(kind);
        started.set(kind, server);
        return server;
      });
      for (const server of started.values()) await (await server).stop();
    },
    { scope: 'worker' },
  ],

  holdfast: async ({ context }, use) => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'holdfast-data-'));
    const shell = createShell(dataFolder, () => context.newPage());
    try {
      await shell.start();
      await use(shell);
      await shell.quit();
    } finally {
      await rm(dataFolder, { recursive: true, force: true });
    }
  },

  // biome-ignore lint/correctness/noEmptyPattern: see above
  connectPeer: async ({}, use) => {
    const peers: StrophePeer[] = [];
    await use(async (server, user) => {
      const peer = await connectStrophePeer({ service: server.boshUrl, ...user });
      peers.push(peer);
      return peer;
    });
    // A server that the test has killed knows nothing of a sign-out.
    await Promise.allSettled(peers.map((peer) => peer.disconnect()));
  },

  // biome-ignore lint/correctness/noEmptyPattern: see above
  ownServer: async ({}, use) => {
    const started: XmppServer[] = [];
    await use(async (kind, options) => {
      const server = await startTestServer(kind, options);
      started.push(server);
      return server;
    });
    for (const server of started) await server.stop();
  },

  // biome-ignore lint/correctness/noEmptyPattern: see above
  portal: async ({}, use) => {
    const portals: Portal[] = [];
    await use(async (target, answer) => {
      const portal = await startPortal(target, answer);
      portals.push(portal);
      return portal;
    });
    for (const portal of portals) await portal.stop();
  },
});

async function startTestServer(kind: ServerKind, options: ServerOptions = {}): Promise<TestServer> {
  const names = Array.from({ length: 60 }, (_, index) => `person${index + 1}`);
  const start = kind === 'prosody' ? startProsody : startEjabberd;
  const server = await start({ ...options, users: names });
  return Object.assign(server, {
    newUser: () => {
      const name = names.shift();
      if (name === undefined) throw new Error('every user of this server has been used');
      return server.user(name);
    },
  });
}
