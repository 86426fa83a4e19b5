/** The manager over real HTTP, with Holdfast's own client on the other side. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Element } from '@xmpp/xml';
import { afterEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../shared/problem.ts';
import { createNodeHttpExchange } from '../../network/node-http-exchange.ts';
import { BoshSession } from '../client/bosh-session.ts';
import { createMemoryJournal } from '../client/testing/memory-journal.ts';
import {
  type ConnectionManager,
  type ConnectionManagerOptions,
  createConnectionManager,
} from './connection-manager.ts';
import { createHttpEdge, type HttpEdgeOptions, MANAGER_SERVER_OPTIONS } from './http-edge.ts';
import { echoUpstream, type ScriptedUpstream } from './testing/scripted-upstream.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface World {
  readonly manager: ConnectionManager;
  readonly server: Server;
  readonly url: string;
}

async function serve(
  options: Partial<ConnectionManagerOptions> = {},
  edge: HttpEdgeOptions = {},
): Promise<World> {
  const manager = createConnectionManager({ upstream: echoUpstream(), ...options });
  const listener = createHttpEdge(manager, edge);
  const server = createServer(MANAGER_SERVER_OPTIONS, (request, response) => {
    if (!listener(request, response)) response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    await manager.close();
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/http-bind`;
  return { manager, server, url };
}

/** Holdfast's client, signed in. */
async function connect(world: World): Promise<BoshSession> {
  const http = createNodeHttpExchange();
  const session = new BoshSession({
    ...{ endpoint: world.url, to: 'example.org', lang: 'en' },
    ...{ http, journal: createMemoryJournal() },
  });
  cleanups.push(async () => {
    session.detach();
    await http.close();
  });
  session.start();
  await once(session, 'created');
  session.bound('a@example.org/r');
  return session;
}

/** The texts of the next `count` payload elements. */
function texts(session: BoshSession, count: number): Promise<string[]> {
  const got: string[] = [];
  return new Promise((resolve) => {
    session.on('payload', (payload: readonly Element[]) => {
      got.push(...payload.map((element) => element.getChildText('body') ?? ''));
      if (got.length >= count) resolve(got);
    });
  });
}

describe('Holdfast’s client', () => {
  it('has everything it sends come back once and in order, over both of its connections', async () => {
    const session = await connect(await serve());
    const numbers = Array.from({ length: 300 }, (_, index) => String(index));
    const received = texts(session, numbers.length);
    for (const [index, number] of numbers.entries()) {
      session.write(`<message xmlns='jabber:client'><body>${number}</body></message>`, []);
      if (index % 3 === 0) await new Promise(setImmediate);
    }
    expect(await received).toEqual(numbers);
  });

  it('restarts the stream and gets new features', async () => {
    const world = await serve();
    const session = await connect(world);
    const features = once(session, 'payload') as Promise<[readonly Element[]]>;
    session.restart();
    expect((await features)[0][0]?.name).toBe('stream:features');
  });

  it('is told why its stream ended', async () => {
    const upstream: ScriptedUpstream = echoUpstream();
    const session = await connect(await serve({ upstream }));
    const ended = once(session, 'ended') as Promise<[Problem]>;
    upstream.stream.listener.onEnd({ kind: 'unreachable', detail: 'reset' });
    expect((await ended)[0].code).toBe('endpoint.remote-connection-failed');
  });

  it('signs out', async () => {
    const upstream: ScriptedUpstream = echoUpstream();
    const world = await serve({ upstream });
    const session = await connect(world);
    const ended = once(session, 'ended');
    session.terminate(`<presence xmlns='jabber:client' type='unavailable'/>`);
    await ended;
    expect(upstream.stream.written.at(-1)).toContain('unavailable');
    expect(upstream.stream.closed).toBe(true);
    expect(world.manager.readings()).toMatchObject({ sessions: 0, ended: { terminated: 1 } });
  });
});

describe('host-meta', () => {
  const publicUrl = 'https://chat.example.org/http-bind';

  it('names the endpoint in XRD and in JRD', async () => {
    const world = await serve({}, { publicUrl });
    const xrd = await fetch(new URL('/.well-known/host-meta', world.url));
    expect(xrd.headers.get('content-type')).toBe('application/xrd+xml');
    expect(await xrd.text()).toContain(publicUrl);
    const jrd = await fetch(new URL('/.well-known/host-meta.json', world.url));
    expect(await jrd.json()).toEqual({
      links: [{ rel: 'urn:xmpp:alt-connections:xbosh', href: publicUrl }],
    });
  });
});
