import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../electron/host/discover.ts';
import { systemClock } from '../../electron/network/clock.ts';
import { TrialSession } from '../../electron/network/doctor/trial-session.ts';
import { findEndpoint } from '../../electron/network/endpoints/find-endpoint.ts';
import type { HttpExchange, WithHttp } from '../../electron/network/http-exchange.ts';
import { createNodeHttpExchange } from '../../electron/network/node-http-exchange.ts';
import { RouteFinder } from '../../electron/network/proxies/route-finder.ts';
import { problemOf } from '../../shared/problem.ts';
import { OUTSIDE_NAME } from '../networks/programs/names.ts';
import type { Program } from '../networks/programs/program.ts';
import { startSquid } from '../networks/programs/squid.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';

const DOMAIN = 'localhost';

describe.each([
  ['prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('a way in to %s', (_kind, start) => {
  let server: XmppServer;
  let squid: Program;
  let website: Server;
  let hostMetaOrigin: string;
  let ca: string;
  /** What the domain publishes, as JRD. */
  let links: readonly Record<string, unknown>[] = [];

  beforeAll(async () => {
    server = await start();
    squid = await startSquid(() => 'http_access allow all');
    ca = await readFile(server.certificate, 'utf8');
    const key = await readFile(join(server.folder, 'localhost.key'), 'utf8');
    website = createServer({ key, cert: ca }, (request, response) => {
      if (request.url !== '/.well-known/host-meta.json') return response.writeHead(404).end();
      response.writeHead(200, { 'Content-Type': 'application/json' });
      return response.end(JSON.stringify({ xmpp: { ttl: 300 }, links }));
    }).listen(0, '127.0.0.1');
    await once(website, 'listening');
    hostMetaOrigin = `https://${OUTSIDE_NAME}:${(website.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    website.closeAllConnections();
    await once(website.close(), 'close');
    await squid.stop();
    await server.stop();
  });

  const link = (href: string, priority: number) => ({
    ...{ rel: 'urn:xmpp:alt-connections:xbosh', href, priority, weight: 1 },
  });

  const closing =
    (create: () => HttpExchange): WithHttp =>
    async (work) => {
      const http = create();
      return work(http).finally(() => http.close());
    };
  const direct = closing(() => createNodeHttpExchange({ ca }));
  const finder = new RouteFinder({ createHttp: createNodeHttpExchange });
  const byProxy = closing(() => {
    const proxy = { scheme: 'http', host: '127.0.0.1', port: squid.port } as const;
    return createNodeHttpExchange({
      ca,
      proxies: {
        finder,
        setting: () => ({ mode: 'manual', proxy }),
        keys: { find: async () => undefined, ask: () => {} },
      },
    });
  });

  const find = (withHttp: WithHttp, guesses: readonly string[] = []) =>
    findEndpoint({
      ...{ domain: DOMAIN, withHttp, hostMetaOrigin, guesses },
      signal: new AbortController().signal,
      async probe(endpoint, http, signal) {
        const session = await TrialSession.open({
          ...{ http, endpoint, domain: DOMAIN, wait: 0, clock: systemClock, signal },
        });
        await session.end();
      },
    });

  it('is found through a proxy that alone knows the names, past an address that is dead', async () => {
    const dead = `https://${OUTSIDE_NAME}:1/http-bind`;
    links = [link(server.boshUrlOutside, 20), link(dead, 10)];
    expect(await find(byProxy)).toEqual({ url: server.boshUrlOutside, source: 'published' });
  });

  it('is not found where neither this computer nor a proxy knows the names', async () => {
    const problem = problemOf(await find(direct).catch((error: unknown) => error));
    expect(problem.code).toBe('network.no-endpoint');
    expect(problem.detail).toContain('network.name-not-found');
  });

  it('is guessed where nothing is published', async () => {
    links = [];
    const wrong = server.boshUrlTls.replace('http-bind', 'nothing');
    expect(await find(direct, [wrong, server.boshUrlTls])).toEqual({
      ...{ url: server.boshUrlTls, source: 'guess' },
    });
  });

  it('is where it was last', async () => {
    const last = { url: server.boshUrlTls, source: 'published' } as const;
    const signal = new AbortController().signal;
    expect(await discover({ domain: DOMAIN, last, withHttp: direct, signal })).toEqual(last);
  });
});
