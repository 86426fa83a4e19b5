import { once } from 'node:events';
import type { AuthInfo } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problemOf } from '../../shared/problem.ts';
import { FakeNet } from './electron-http-exchange.fake.ts';
import { createElectronHttpExchange } from './electron-http-exchange.ts';
import { FaultyServer, goodBody } from './faulty-server.ts';
import { codeOf, describeHttpExchange } from './http-exchange.contract.ts';
import type { HttpExchange, HttpRequest } from './http-exchange.ts';

const mock = vi.hoisted(() => ({ fake: undefined as FakeNet | undefined }));
vi.mock('electron', () => ({
  net: {
    request: (...options: Parameters<FakeNet['net']['request']>) =>
      mock.fake?.net.request(...options),
  },
}));

describe('the Electron HTTP exchange', () => {
  let fake: FakeNet;

  beforeEach(() => {
    fake = new FakeNet();
    mock.fake = fake;
  });

  describeHttpExchange(() => createElectronHttpExchange({ session: fake.session }));

  describe('towards Electron', () => {
    let server: FaultyServer;
    const made: HttpExchange[] = [];

    beforeEach(async () => {
      server = await FaultyServer.start();
    });

    afterEach(async () => {
      for (const http of made.splice(0)) await http.close();
      await server.close();
    });

    function exchange(
      onLogin?: Parameters<typeof createElectronHttpExchange>[0]['onLogin'],
    ): HttpExchange {
      const http = createElectronHttpExchange({
        session: fake.session,
        ...(onLogin === undefined ? {} : { onLogin }),
      });
      made.push(http);
      return http;
    }

    const post = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
      method: 'POST',
      url: server.url(path),
      lane: 0,
      body: '<body/>',
      timeoutMs: 10_000,
      maxBytes: 1_000_000,
      ...more,
    });

    const proxy: AuthInfo = {
      isProxy: true,
      scheme: 'basic',
      host: 'proxy.example',
      port: 3128,
      realm: 'office',
    };

    it("asks in the account's session, urgently, past the cache, following nothing", async () => {
      await exchange().send(post('/good'));
      expect(fake.requests[0]?.options).toMatchObject({
        session: fake.session,
        priority: 'highest',
        redirect: 'manual',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      });
      expect(fake.requests[0]?.options).not.toHaveProperty('useSessionCookies');
    });

    it('never lets two requests of a lane overlap', async () => {
      const http = exchange();
      const controller = new AbortController();
      const arrived = once(server, 'arrival');
      const first = codeOf(http.send(post('/silent', { signal: controller.signal })));
      const second = http.send(post('/good'));
      await arrived;
      expect(fake.requests).toHaveLength(1);
      controller.abort();
      expect(await first).toBe('network.aborted');
      expect((await second).body).toBe(goodBody);
    });

    it('counts the time a request waits for its lane', async () => {
      const http = exchange();
      const arrived = once(server, 'arrival');
      const first = codeOf(http.send(post('/silent')));
      await arrived;
      expect(await codeOf(http.send(post('/good', { timeoutMs: 20 })))).toBe('network.timeout');
      expect(fake.requests).toHaveLength(1);
      await http.close();
      expect(await first).toBe('network.aborted');
    });

    it('lets a redirect go that it does not follow', async () => {
      expect((await exchange().send(post('/redirect'))).status).toBe(302);
      expect(fake.requests[0]?.aborted).toBe(true);
    });

    it('opens sockets for both lanes ahead of need', () => {
      exchange().warm?.('https://chat.example/http-bind?secret', 1);
      expect(fake.preconnected).toEqual([{ url: 'https://chat.example', numSockets: 2 }]);
    });

    it("answers a proxy's question with what it is given", async () => {
      fake.challenge = proxy;
      const asked: AuthInfo[] = [];
      const http = exchange(async (question) => {
        asked.push(question);
        return { username: 'me', password: 'secret' };
      });
      expect((await http.send(post('/good'))).body).toBe(goodBody);
      expect(asked).toEqual([proxy]);
      expect(fake.requests[0]?.credentials).toEqual(['me', 'secret']);
    });

    it.each([
      ['nobody to ask', undefined],
      ['no credentials', async () => undefined],
      ['a failure to ask', () => Promise.reject(new Error('closed'))],
    ])("names a proxy's question that meets %s", async (_name, onLogin) => {
      fake.challenge = proxy;
      const thrown = await exchange(onLogin)
        .send(post('/good'))
        .catch((error: unknown) => error);
      expect(problemOf(thrown)).toMatchObject({
        code: 'network.proxy-auth',
        detail: 'basic at proxy.example:3128',
      });
      expect(fake.requests[0]?.aborted).toBe(true);
      expect(server.arrivals).toHaveLength(0);
    });

    it("hands over a server's own refusal as an answer", async () => {
      fake.challenge = { ...proxy, isProxy: false };
      expect((await exchange().send(post('/good'))).status).toBe(200);
      expect(fake.requests[0]?.credentials).toEqual([]);
    });

    it('fails on an address that is not of the web', async () => {
      expect(await codeOf(exchange().send(post('', { url: 'ftp://127.0.0.1/' })))).toBe(
        'network.failed',
      );
    });

    it('says handed over once Electron has the request', async () => {
      const onSent = vi.fn();
      await exchange().send(post('/good', { onSent }));
      expect(onSent).toHaveBeenCalledOnce();
    });
  });
});
