/**
 * Opens the playground: its server, the connection manager in front of it, and the network in front of that, on
 * loopback ports of the system's choosing. The host opens one when somebody wants to look around.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PlaygroundNetwork } from '../../shared/playground.ts';
import { createConnectionManager } from '../bosh/manager/connection-manager.ts';
import { createHttpEdge, MANAGER_SERVER_OPTIONS } from '../bosh/manager/http-edge.ts';
import { PlayedNetwork } from './network/played-network.ts';
import { createPlaygroundServer } from './playground-server.ts';

const PATH = '/http-bind';

export interface PlaygroundOptions {
  /**
   * The last archive id (XEP-0313) the account has seen, where it has been here before: it finds the same
   * history again, and nobody greets it.
   */
  readonly lastArchiveId?: string | undefined;
  /** Epoch ms. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** An account to look around with, and the network to it. */
export interface Playground {
  /** Bare. */
  readonly jid: string;
  /** Good until the playground is closed. */
  readonly password: string;
  /** The BOSH URL: plain HTTP to loopback. */
  readonly endpoint: string;
  readonly network: PlaygroundNetwork;
  /** Cuts every connection, as moving to another network does. */
  setNetwork(network: PlaygroundNetwork): void;
  /** Forgets everything. */
  close(): Promise<void>;
}

export async function openPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { lastArchiveId, now, random } = options;
  const password = randomBytes(24).toString('base64url');
  const world = createPlaygroundServer({ password, lastArchiveId, now });
  const manager = createConnectionManager({ upstream: world.upstream });
  // No page of any other site has business here.
  const speakBosh = createHttpEdge(manager, { path: PATH, origins: [] });
  const server = createServer(MANAGER_SERVER_OPTIONS, (request, response) => {
    if (!speakBosh(request, response)) response.writeHead(404).end();
  });
  const network = await PlayedNetwork.start(await listen(server), random);
  return {
    ...{ jid: world.jid, password, endpoint: `http://127.0.0.1:${network.port}${PATH}` },
    get network() {
      return network.kind;
    },
    setNetwork: (kind) => network.change(kind),
    async close() {
      world.close();
      await manager.close();
      await network.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** @returns the port. */
async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
