import { once } from 'node:events';
import type { AuthInfo } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problemOf } from '../../shared/problem.ts';
import { usualTrust } from './certificates/trust-settings.ts';
import { FakeNet } from './electron-http-exchange.fake.ts';
import { createElectronHttpExchange } from './electron-http-exchange.ts';
import { FaultyServer, goodBody } from './faulty-server.ts';
import { codeOf, describeHttpExchange } from './http-exchange.contract.ts';
import type { HttpExchange, HttpRequest } from './http-exchange.ts';
import type { NetworkSettings } from './network-settings.ts';
import { describeProxiedExchange } from './proxied-exchange.contract.ts';
import { describeTrustedExchange } from './trusted-exchange.contract.ts';

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

  const unset: NetworkSettings = {
    proxySetting: () => ({ mode: 'none' }),
    proxyKeys: { find: async () => undefined, ask: () => {} },
    trust: usualTrust,
  };

  describeHttpExchange(() =>
    createElectronHttpExchange({ session: fake.session, settings: unset }),
  );

  describeProxiedExchange(
    ({ ca, keys, setting }) => {
      fake.ca = ca;
      return createElectronHttpExchange({
        session: fake.session,
        settings: { proxySetting: setting, proxyKeys: keys, trust: usualTrust },
      });
    },
    {
      refusal: 'network.proxy-failed',
      gateway: 'network.proxy-failed',
      stranger: 'network.proxy-failed',
    },
  );

  describeTrustedExchange((trust) =>
    createElectronHttpExchange({ session: fake.session, settings: { ...unset, trust } }),
  );

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

    function exchange(settings: Partial<NetworkSettings> = {}): HttpExchange {
      const http = createElectronHttpExchange({
        session: fake.session,
        settings: { ...unset, ...settings },
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

    it('opens sockets for both lanes ahead of need, once it knows which way', async () => {
      const http = exchange();
      http.warm?.('https://chat.example/http-bind?secret', 1);
      expect(fake.preconnected).toEqual([]);
      await http.reopen?.();
      expect(fake.preconnected).toEqual([{ url: 'https://chat.example', numSockets: 2 }]);
    });

    it('tells the session which proxy to use before anything is sent', async () => {
      const proxySetting = () => ({ mode: 'pac', url: 'http://pac.example/' }) as const;
      await exchange({ proxySetting }).send(post('/good'));
      expect(fake.proxies).toEqual([{ mode: 'pac_script', pacScript: 'http://pac.example/' }]);
    });

    it('tells it anew when it is to reopen, and closes what is open', async () => {
      const http = exchange();
      const closed = once(server, 'closed');
      await http.send(post('/good'));
      await http.reopen?.();
      await closed;
      expect(fake.proxies).toEqual([{ mode: 'direct' }, { mode: 'direct' }]);
    });

    it('goes on with the request by what is known of the proxy', async () => {
      fake.challenge = proxy;
      const asked: unknown[] = [];
      const find = async (address: unknown) => {
        asked.push(address);
        return { username: 'me', password: 'secret' };
      };
      const http = exchange({ proxyKeys: { find, ask: () => {} } });
      expect((await http.send(post('/good'))).body).toBe(goodBody);
      expect(asked).toEqual([{ scheme: 'http', host: 'proxy.example', port: 3128 }]);
      expect(fake.requests[0]?.credentials).toEqual(['me', 'secret']);
    });

    it("names a proxy's question that nobody has answered", async () => {
      fake.challenge = proxy;
      const thrown = await exchange()
        .send(post('/good'))
        .catch((error: unknown) => error);
      expect(problemOf(thrown)).toMatchObject({
        code: 'network.proxy-auth',
        detail: 'http://proxy.example:3128 asks for basic',
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
