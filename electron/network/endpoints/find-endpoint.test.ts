import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../../shared/problem.ts';
import type { WithHttp } from '../http-exchange.ts';
import { networkProblem } from '../network-problem.ts';
import { createNodeHttpExchange } from '../node-http-exchange.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createAuthority } from '../throwaway-certificates.ts';
import { type FindOptions, findEndpoint } from './find-endpoint.ts';

const A = 'https://a.example/bosh';
const B = 'https://b.example/bosh';
const GUESS = 'https://chat.example/http-bind';

let ca = '';
let server: Server;
let hostMetaOrigin: string;
let links: readonly string[] = [];
/** What the network does to each address that is tried. */
let network: Record<string, 'works' | 'fails' | 'hangs'>;
let tried: string[];
let open = 0;

beforeAll(async () => {
  const authority = await createAuthority(['DNS:localhost', 'IP:127.0.0.1']);
  ({ ca } = authority);
  server = createServer({ ...authority.certificates[0] }, (_request, response) => {
    if (links.length === 0) return void response.writeHead(404).end();
    const written = links.map(
      (href) => `<Link rel='urn:xmpp:alt-connections:xbosh' href='${href}'/>`,
    );
    response
      .writeHead(200, { 'Content-Type': 'application/xrd+xml' })
      .end(`<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>${written.join('')}</XRD>`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  hostMetaOrigin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
});
beforeEach(() => {
  links = [];
  network = {};
  tried = [];
});

const withHttp: WithHttp = async (work) => {
  const http = createNodeHttpExchange({ ca });
  open += 1;
  try {
    return await work(http);
  } finally {
    open -= 1;
    await http.close();
  }
};

const find = (options: Partial<FindOptions> = {}) =>
  findEndpoint({
    ...{ domain: 'chat.example', withHttp, hostMetaOrigin, guesses: [GUESS] },
    signal: new AbortController().signal,
    probe: async (url, _http, signal) => {
      tried.push(url);
      const fate = network[url];
      if (fate === 'works') return;
      if (fate === 'fails') throw networkProblem('network.refused');
      await new Promise((_, reject) => signal.addEventListener('abort', reject));
    },
    ...options,
  });

const failure = async (options?: Partial<FindOptions>) =>
  problemOf(await find(options).catch((error) => error));

describe('finding a way in', () => {
  it('takes the only address that is published, untried', async () => {
    links = [A];
    expect(await find()).toEqual({ url: A, source: 'published' });
    expect(tried).toEqual([]);
  });

  it('takes the first of several that works', async () => {
    links = [A, B];
    network = { [A]: 'fails', [B]: 'works' };
    expect(await find()).toEqual({ url: B, source: 'published' });
    expect(tried).toEqual([A, B]);
  });

  it('does not wait long for one that hangs', async () => {
    links = [A, B];
    network = { [A]: 'hangs', [B]: 'works' };
    const clock = createManualClock();
    const tick = setInterval(() => clock.advance(500), 5);
    expect(await find({ clock })).toEqual({ url: B, source: 'published' });
    clearInterval(tick);
  });

  it('begins with what worked last, and keeps to it where it still does', async () => {
    links = [A];
    network = { [B]: 'works' };
    const last = { url: B, source: 'guess' } as const;
    expect(await find({ last })).toEqual(last);
  });

  it('goes on to what is published where the last one works no more', async () => {
    links = [A];
    network = { [B]: 'fails', [A]: 'works' };
    expect(await find({ last: { url: B, source: 'published' } })).toEqual({
      ...{ url: A, source: 'published' },
    });
    expect(tried).toEqual([B, A]);
  });

  it('does without the domain where the last one works', async () => {
    network = { [A]: 'works' };
    const last = { url: A, source: 'published' } as const;
    expect(await find({ last, hostMetaOrigin: 'https://127.0.0.1:1' })).toEqual(last);
  });

  it('guesses where nothing is published, and says that it is a guess', async () => {
    network = { [GUESS]: 'works' };
    expect(await find()).toEqual({ url: GUESS, source: 'guess' });
  });

  it('does not guess where something is published', async () => {
    links = [A, B];
    network = { [A]: 'fails', [B]: 'fails', [GUESS]: 'works' };
    expect(await failure()).toMatchObject({ code: 'network.refused' });
    expect(tried).toEqual([A, B]);
  });

  it('says what it tried where no guess is right', async () => {
    network = { [GUESS]: 'fails' };
    expect(await failure()).toMatchObject({
      code: 'network.no-endpoint',
      advice: expect.stringContaining('under Advanced'),
      detail: expect.stringContaining(`guesses; ${GUESS}: network.refused`),
    });
  });

  it('does not guess for what is no domain', async () => {
    const code = findEndpoint({
      ...{ domain: 'a b', withHttp, signal: new AbortController().signal },
      probe: () => Promise.reject(new Error('tried')),
    }).catch((error) => problemOf(error).code);
    expect(await code).toBe('input.domain');
  });

  it('can be called off', async () => {
    network = { [GUESS]: 'hangs' };
    const stop = new AbortController();
    const code = failure({
      signal: stop.signal,
      probe: (_url, _http, signal) => {
        stop.abort();
        return Promise.reject(signal.reason);
      },
    });
    expect((await code).code).toBe('network.aborted');
  });

  it('lets go of every exchange', async () => {
    links = [A, B];
    network = { [A]: 'hangs', [B]: 'works' };
    await find();
    await new Promise((resolve) => setImmediate(resolve));
    expect(open).toBe(0);
  });
});
