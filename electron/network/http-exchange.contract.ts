/**
 * What every adapter of the HTTP port must do, run by each adapter's own test against real faults.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problemOf } from '../../shared/problem.ts';
import { FaultyServer, goodBody } from './faulty-server.ts';
import type { HttpExchange, HttpRequest } from './http-exchange.ts';

/** The code a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'fulfilled',
    (error: unknown) => problemOf(error).code,
  );
}

/** A loopback port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export function describeHttpExchange(create: () => HttpExchange): void {
  describe('as an HTTP exchange', () => {
    let server: FaultyServer;
    let http: HttpExchange;

    beforeEach(async () => {
      server = await FaultyServer.start();
      http = create();
    });

    afterEach(async () => {
      await http.close();
      await server.close();
    });

    function request(path: string, more: Partial<HttpRequest> = {}): HttpRequest {
      return {
        method: 'POST',
        url: server.url(path),
        lane: 0,
        body: '<body/>',
        timeoutMs: 10_000,
        maxBytes: 1_000_000,
        ...more,
      };
    }

    const send = (path: string, more?: Partial<HttpRequest>) => http.send(request(path, more));

    it('posts a body with its length and type and reads the answer', async () => {
      const response = await send('/good', { body: '<body>Grüße</body>' });
      expect(response).toMatchObject({ status: 200, body: goodBody, httpVersion: '1.1' });
      expect(response.headers['content-type']).toBe('text/xml; charset=utf-8');
      const [arrival] = server.arrivals;
      expect(arrival).toMatchObject({ method: 'POST', body: '<body>Grüße</body>' });
      expect(arrival?.headers).toMatchObject({
        'content-type': 'text/xml; charset=utf-8',
        'content-length': '20',
      });
      expect(arrival?.headers).not.toHaveProperty('transfer-encoding');
    });

    it('compresses a body where asked, always to the same bytes', async () => {
      const body = `<body>${'Grüße '.repeat(500)}</body>`;
      const one = await send('/good', { body, compress: true });
      const two = await send('/good', { body, compress: true });
      expect(server.arrivals.map((arrival) => arrival.body)).toEqual([body, body]);
      expect(server.arrivals[0]?.headers['content-encoding']).toBe('gzip');
      expect(one.bytesSent).toBeLessThan(800);
      expect(two.bytesSent).toBe(one.bytesSent);
    });

    it('counts the bytes of both ways, heads included', async () => {
      const response = await send('/good', { body: 'x'.repeat(1000) });
      expect(response.bytesSent).toBeGreaterThan(1000 + 80);
      expect(response.bytesSent).toBeLessThan(1000 + 500);
      expect(response.bytesReceived).toBeGreaterThan(Buffer.byteLength(goodBody) + 80);
      expect(response.bytesReceived).toBeLessThan(Buffer.byteLength(goodBody) + 500);
    });

    it('gets without a body', async () => {
      const { body: _, ...bodyless } = request('/good?a=b');
      expect((await http.send({ ...bodyless, method: 'GET' })).status).toBe(404);
      expect(server.arrivals[0]).toMatchObject({ method: 'GET', path: '/good?a=b', body: '' });
      expect(server.arrivals[0]?.headers).not.toHaveProperty('content-type');
    });

    it('reads a chunked answer whose chunks cut a character', async () => {
      expect((await send('/chunked')).body).toBe(goodBody);
    });

    it('hands over any status, with its headers', async () => {
      expect(await send('/busy')).toMatchObject({ status: 503, body: 'busy' });
      expect((await send('/busy')).headers['retry-after']).toBe('7');
    });

    it('joins a repeated header', async () => {
      expect((await send('/twice')).headers['set-cookie']).toBe('a=1, b=2');
    });

    it('does not follow a redirect', async () => {
      const response = await send('/redirect');
      expect(response.status).toBe(302);
      expect(response.headers.location).toBe('/good');
      expect(server.arrivals).toHaveLength(1);
    });

    it('tells once when the request has been sent, before any answer', async () => {
      const sent = Promise.withResolvers<void>();
      const onSent = vi.fn(sent.resolve);
      const arrived = once(server, 'arrival');
      const code = codeOf(send('/silent', { onSent }));
      await Promise.all([arrived, sent.promise]);
      await http.close();
      expect(await code).toBe('network.aborted');
      expect(onSent).toHaveBeenCalledOnce();
    });

    it('is refused where nobody listens', async () => {
      const url = `http://127.0.0.1:${await freePort()}/`;
      expect(await codeOf(send('/', { url }))).toBe('network.refused');
    });

    it('fails when a name does not exist', async () => {
      // A label too long for DNS: no resolver is asked.
      const url = `http://${'a'.repeat(64)}.invalid/`;
      expect(await codeOf(send('/', { url }))).toBe('network.name-not-found');
    });

    it.each([
      '/reset-before-head',
      '/reset-in-body',
      '/truncated',
      '/truncated-chunk',
      '/close-without-answer',
    ])('reports %s as a reset, and does not repeat the request', async (path) => {
      expect(await codeOf(send(path))).toBe('network.reset');
      expect(server.arrivals).toHaveLength(1);
    });

    it('goes on with a fresh connection after a reset', async () => {
      expect((await send('/good')).status).toBe(200);
      expect(await codeOf(send('/reset-before-head'))).toBe('network.reset');
      expect((await send('/good')).body).toBe(goodBody);
      expect(server.arrivals).toHaveLength(3);
    });

    it('fails when the other side does not speak HTTP', async () => {
      expect(await codeOf(send('/not-http'))).toBe('network.failed');
    });

    it('gives up when the time is over', async () => {
      const closed = once(server, 'closed');
      expect(await codeOf(send('/silent', { timeoutMs: 50 }))).toBe('network.timeout');
      await closed;
      expect((await send('/good')).body).toBe(goodBody);
    });

    it('aborts at once, closing the connection, and goes on with another', async () => {
      const controller = new AbortController();
      const arrived = once(server, 'arrival');
      const closed = once(server, 'closed');
      const code = codeOf(send('/silent', { signal: controller.signal }));
      await arrived;
      controller.abort();
      const again = send('/good');
      expect(await code).toBe('network.aborted');
      await closed;
      expect((await again).body).toBe(goodBody);
      expect(server.connections).toBe(2);
    });

    it('sends nothing for a signal that was aborted before', async () => {
      expect(await codeOf(send('/good', { signal: AbortSignal.abort() }))).toBe('network.aborted');
      expect(server.connections).toBe(0);
    });

    it('leaves nothing on a signal that outlives the exchange', async () => {
      const { signal } = new AbortController();
      const added = vi.spyOn(signal, 'addEventListener');
      const removed = vi.spyOn(signal, 'removeEventListener');
      await send('/good', { signal });
      expect(removed.mock.calls.length).toBe(added.mock.calls.length);
    });

    it.each(['/large', '/endless'])('cuts off %s', async (path) => {
      const closed = once(server, 'closed');
      expect(await codeOf(send(path, { maxBytes: 50_000 }))).toBe('network.too-large');
      await closed;
      expect((await send('/good')).body).toBe(goodBody);
    });

    it('accepts an answer of just the size allowed', async () => {
      const maxBytes = Buffer.byteLength(goodBody);
      expect((await send('/good', { maxBytes })).body).toBe(goodBody);
      expect(await codeOf(send('/good', { maxBytes: maxBytes - 1 }))).toBe('network.too-large');
    });

    it.each(['/gzip', '/deflate', '/br'])('reads %s', async (path) => {
      expect((await send(path)).body).toBe(goodBody);
    });

    it('is not blown up by a bomb', async () => {
      expect(await codeOf(send('/gzip-bomb'))).toBe('network.too-large');
    });

    it('does not repair a body that is not UTF-8', async () => {
      expect(await codeOf(send('/not-utf8'))).toBe('network.failed');
    });

    it("reads a stranger's page in an old charset", async () => {
      expect((await send('/latin1-page')).body).toContain('<title>Grüße</title>');
    });

    it('reads an HTTP/1.0 answer that ends with its connection, and goes on', async () => {
      expect(await send('/http-1.0')).toMatchObject({ body: goodBody, httpVersion: '1.0' });
      expect(await send('/good')).toMatchObject({ body: goodBody, httpVersion: '1.1' });
    });

    it('fails everything under way when it is closed, and everything after', async () => {
      const arrived = once(server, 'arrival');
      const code = codeOf(send('/silent'));
      await arrived;
      await http.close();
      expect(await code).toBe('network.aborted');
      expect(await codeOf(send('/good'))).toBe('network.aborted');
      await expect(http.close()).resolves.toBeUndefined();
    });

    it('names the cause without the query of the address', async () => {
      const url = `http://127.0.0.1:${await freePort()}/bind?token=secret`;
      const error = await http.send(request('/', { url })).catch((thrown: unknown) => thrown);
      expect(error).toHaveProperty('cause');
      expect(JSON.stringify(problemOf(error))).not.toContain('secret');
    });

    it('lets the two lanes go side by side', async () => {
      const controller = new AbortController();
      const arrived = once(server, 'arrival');
      const held = codeOf(send('/silent', { lane: 0, signal: controller.signal }));
      await arrived;
      expect((await send('/good', { lane: 1 })).body).toBe(goodBody);
      controller.abort();
      expect(await held).toBe('network.aborted');
    });
  });
}
