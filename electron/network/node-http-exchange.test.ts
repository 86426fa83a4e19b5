import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FaultyServer, goodBody } from './faulty-server.ts';
import { codeOf, describeHttpExchange, freePort } from './http-exchange.contract.ts';
import type { HttpExchange, HttpRequest } from './http-exchange.ts';
import { createNodeHttpExchange, type NodeHttpExchangeOptions } from './node-http-exchange.ts';
import { describeProxiedExchange } from './proxied-exchange.contract.ts';
import { RouteFinder } from './proxies/route-finder.ts';
import {
  authorityName,
  createAuthority,
  type ThrowawayAuthority,
} from './throwaway-certificates.ts';
import { describeTrustedExchange } from './trusted-exchange.contract.ts';

describe('the Node HTTP exchange', () => {
  const leftovers: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const leave of leftovers.splice(0).reverse()) await leave();
  });

  function exchange(options?: NodeHttpExchangeOptions): HttpExchange {
    const http = createNodeHttpExchange(options);
    leftovers.push(() => http.close());
    return http;
  }

  async function start(...certificate: Parameters<typeof FaultyServer.start>) {
    const server = await FaultyServer.start(...certificate);
    leftovers.push(() => server.close());
    return server;
  }

  /** A TCP server that only accepts: no handshake, no answer. */
  async function startMute(accepted: (socket: Socket) => void = () => {}): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      sockets.add(socket.on('error', () => {}));
      accepted(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    leftovers.push(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    return (server.address() as { port: number }).port;
  }

  const post = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'POST',
    url,
    lane: 0,
    body: '<body/>',
    timeoutMs: 10_000,
    maxBytes: 1_000_000,
    ...more,
  });

  describeHttpExchange(() => createNodeHttpExchange());

  describeProxiedExchange(
    ({ ca, keys, setting }) =>
      createNodeHttpExchange({
        ca,
        proxies: { finder: new RouteFinder({ createHttp: createNodeHttpExchange }), keys, setting },
      }),
    {
      refusal: 'network.proxy-refused',
      gateway: 'network.proxy-gateway',
      stranger: 'network.proxy-answer',
    },
  );

  describeTrustedExchange((trust) => createNodeHttpExchange({ trust }));

  describe('its connections', () => {
    it('keeps one for each lane, and uses it again and again', async () => {
      const server = await start();
      const http = exchange();
      for (let round = 0; round < 5; round += 1) {
        await Promise.all([
          http.send(post(server.url('/good'), { lane: 0 })),
          http.send(post(server.url('/good'), { lane: 1 })),
        ]);
      }
      expect(server.connections).toBe(2);
    });

    it('never lets two requests of a lane overlap', async () => {
      const server = await start();
      const http = exchange();
      const controller = new AbortController();
      const arrived = once(server, 'arrival');
      const first = codeOf(http.send(post(server.url('/silent'), { signal: controller.signal })));
      const second = http.send(post(server.url('/good')));
      await arrived;
      expect(server.arrivals.map(({ path }) => path)).toEqual(['/silent']);
      controller.abort();
      expect(await first).toBe('network.aborted');
      expect((await second).body).toBe(goodBody);
    });

    it('knows no lane beyond those it was made with', async () => {
      const server = await start();
      await expect(exchange().send(post(server.url('/good'), { lane: 2 }))).rejects.toThrow(
        RangeError,
      );
      expect(
        await exchange({ lanes: 3 }).send(post(server.url('/good'), { lane: 2 })),
      ).toMatchObject({ status: 200 });
    });

    it('replaces one that the server ended while it was idle', async () => {
      const server = await start();
      const http = exchange();
      await http.send(post(server.url('/good')));
      await server.endConnections();
      expect((await http.send(post(server.url('/good')))).body).toBe(goodBody);
      expect(server.connections).toBe(2);
    });

    it('says reset, and sends once only, when a kept one closes without an answer', async () => {
      const server = await start();
      const http = exchange();
      await http.send(post(server.url('/good')));
      expect(await codeOf(http.send(post(server.url('/close-without-answer'))))).toBe(
        'network.reset',
      );
      expect(server.arrivals.map(({ connection }) => connection)).toEqual([0, 0]);
    });

    it('closes one that is still being made', async () => {
      const closed = Promise.withResolvers<void>();
      const accepted = Promise.withResolvers<void>();
      const port = await startMute((socket) => {
        accepted.resolve();
        socket.on('close', () => closed.resolve()).resume();
      });
      const http = exchange();
      const controller = new AbortController();
      const code = codeOf(
        http.send(post(`https://127.0.0.1:${port}/`, { signal: controller.signal })),
      );
      await accepted.promise;
      controller.abort();
      expect(await code).toBe('network.aborted');
      await closed.promise;
    });

    it('times one that is never made', async () => {
      const port = await startMute();
      const send = exchange().send(post(`https://127.0.0.1:${port}/`, { timeoutMs: 50 }));
      expect(await codeOf(send)).toBe('network.timeout');
    });

    it('is warm before the first request when asked to be', async () => {
      const server = await start();
      const http = exchange();
      const connected = once(server, 'connected');
      http.warm?.(server.url('/good'), 0);
      http.warm?.(server.url('/good'), 0);
      await connected;
      expect((await http.send(post(server.url('/good')))).body).toBe(goodBody);
      http.warm?.(server.url('/good'), 0);
      expect((await http.send(post(server.url('/good')))).body).toBe(goodBody);
      expect(server.connections).toBe(1);
    });

    it('can be sent on while it is still warming', async () => {
      const server = await start();
      const http = exchange();
      http.warm?.(server.url('/good'), 0);
      expect((await http.send(post(server.url('/good')))).body).toBe(goodBody);
      expect(server.connections).toBe(1);
    });

    it('does not use a warm one that the server has ended', async () => {
      const server = await start();
      const http = exchange();
      const connected = once(server, 'connected');
      http.warm?.(server.url('/good'), 0);
      await connected;
      await server.endConnections();
      expect((await http.send(post(server.url('/good')))).body).toBe(goodBody);
      expect(server.connections).toBe(2);
    });

    it('does not take what a server says on a warm one for the answer', async () => {
      const spoken = Promise.withResolvers<void>();
      let connections = 0;
      const port = await startMute((socket) => {
        connections += 1;
        if (connections === 1) {
          socket.end('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n', spoken.resolve);
        } else {
          socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
        }
        socket.resume();
      });
      const http = exchange();
      http.warm?.(`http://127.0.0.1:${port}/`, 0);
      await spoken.promise;
      await setImmediate();
      await setImmediate();
      expect((await http.send(post(`http://127.0.0.1:${port}/`))).status).toBe(200);
    });

    /** A server that answers every request with this, and counts its connections. */
    async function startAnswering(answer: string) {
      const connections: Socket[] = [];
      const port = await startMute((socket) => {
        connections.push(socket);
        socket.on('data', () => socket.write(answer)).resume();
      });
      return { url: `http://127.0.0.1:${port}/`, connections };
    }

    it('uses none that the server is about to end', async () => {
      const { url, connections } = await startAnswering(
        'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 0\r\n\r\n',
      );
      const http = exchange();
      await http.send(post(url));
      await setImmediate();
      await http.send(post(url));
      expect(connections).toHaveLength(2);
    });

    it('gives one up on which a server answers what nobody asked', async () => {
      const good = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
      const { url, connections } = await startAnswering(good);
      const http = exchange();
      await http.send(post(url));
      const [idle] = connections;
      idle?.write('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n');
      await once(idle as Socket, 'close');
      expect((await http.send(post(url))).status).toBe(200);
      expect(connections).toHaveLength(2);
    });

    it('leaves a failed warming for the request to find', async () => {
      const port = await startMute((socket) => socket.resetAndDestroy());
      const http = exchange();
      http.warm?.(`https://127.0.0.1:${port}/`, 0);
      expect(await codeOf(http.send(post(`https://127.0.0.1:${port}/`)))).toBe('network.reset');
    });
  });

  it('sends nothing but what HTTP needs', async () => {
    const server = await start();
    await exchange().send(post(server.url('/good')));
    expect(Object.keys(server.arrivals[0]?.headers ?? {}).sort()).toEqual([
      'connection',
      'content-length',
      'content-type',
      'host',
    ]);
  });

  it('never says sent where there was no connection', async () => {
    const onSent = vi.fn();
    const url = `http://127.0.0.1:${await freePort()}/`;
    expect(await codeOf(exchange().send(post(url, { onSent })))).toBe('network.refused');
    expect(onSent).not.toHaveBeenCalled();
  });

  it('reads deflate without its envelope', async () => {
    const server = await start();
    expect((await exchange().send(post(server.url('/deflate-raw')))).body).toBe(goodBody);
  });

  it('says sent only when the last byte has left', async () => {
    const body = 'x'.repeat(32_000_000);
    const accepted = Promise.withResolvers<Socket>();
    let read = 0;
    let readWhenSent = -1;
    const port = await startMute(accepted.resolve);
    const sent = Promise.withResolvers<void>();
    const controller = new AbortController();
    const code = codeOf(
      exchange().send(
        post(`http://127.0.0.1:${port}/`, {
          body,
          signal: controller.signal,
          onSent: () => {
            readWhenSent = read;
            sent.resolve();
          },
        }),
      ),
    );
    const socket = await accepted.promise;
    await setImmediate();
    socket.on('data', (chunk) => {
      read += chunk.length;
    });
    socket.resume();
    await sent.promise;
    expect(readWhenSent).toBeGreaterThan(body.length / 4);
    controller.abort();
    expect(await code).toBe('network.aborted');
  });

  it.each(['/unknown-coding', '/gzip-broken'])('fails on %s', async (path) => {
    const server = await start();
    expect(await codeOf(exchange().send(post(server.url(path))))).toBe('network.failed');
  });

  describe('over TLS', () => {
    let authority: ThrowawayAuthority;

    beforeAll(async () => {
      authority = await createAuthority(['DNS:localhost', 'IP:127.0.0.1'], ['DNS:other.example']);
    });

    it('tells the protocol, the cipher, the issuer and the last day', async () => {
      const server = await start(authority.certificates[0]);
      const http = exchange({ ca: authority.ca });
      for (const host of ['127.0.0.1', 'localhost']) {
        const { body, tls } = await http.send(post(server.url('/good', host)));
        expect(body).toBe(goodBody);
        expect(tls).toMatchObject({ protocol: 'TLSv1.3', issuer: authorityName });
        expect(tls?.cipher).toMatch(/^TLS_/);
        expect(Date.parse(tls?.validTo ?? '')).toBeGreaterThan(Date.now());
        expect(tls?.validTo).toMatch(/Z$/);
      }
    });

    it('counts bytes without those of TLS', async () => {
      const server = await start(authority.certificates[0]);
      const plain = await start();
      const http = exchange({ ca: authority.ca });
      const secure = await http.send(post(server.url('/good')));
      const open = await http.send(post(plain.url('/good')));
      // The ports, and so the Host headers, may differ by a digit.
      expect(Math.abs(secure.bytesSent - open.bytesSent)).toBeLessThanOrEqual(1);
      expect(secure.bytesReceived).toBe(open.bytesReceived);
    });

    it('says sent, once, on a new and on a kept connection', async () => {
      const server = await start(authority.certificates[0]);
      const http = exchange({ ca: authority.ca });
      let sent = 0;
      for (let round = 1; round <= 3; round += 1) {
        const onSent = Promise.withResolvers<void>();
        const answer = http.send(
          post(server.url('/good'), {
            onSent: () => {
              sent += 1;
              onSent.resolve();
            },
          }),
        );
        await Promise.all([answer, onSent.promise]);
        expect(sent).toBe(round);
      }
      expect(server.connections).toBe(1);
    });

    it('trusts no authority it was not told of', async () => {
      const server = await start(authority.certificates[0]);
      expect(await codeOf(exchange().send(post(server.url('/good'))))).toBe(
        'network.certificate-unknown-issuer',
      );
    });

    it('accepts no certificate for another name', async () => {
      const server = await start(authority.certificates[1]);
      const http = exchange({ ca: [authority.ca] });
      expect(await codeOf(http.send(post(server.url('/good'))))).toBe(
        'network.certificate-other-name',
      );
    });

    it('says tls where plain HTTP answers a handshake', async () => {
      const server = await start();
      const url = server.url('/good').replace('http:', 'https:');
      expect(await codeOf(exchange().send(post(url)))).toBe('network.tls');
    });
  });
});
