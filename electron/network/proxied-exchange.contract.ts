/**
 * What every adapter of the HTTP port must do where the way out is a proxy, run by each adapter's own test. The
 * server has a name that no resolver knows: who reaches it has left the name to the proxy.
 */
import { once } from 'node:events';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../shared/problem.ts';
import type { ProxyQuestion, ProxySetting } from '../../shared/proxy.ts';
import { FaultyServer, goodBody } from './faulty-server.ts';
import { codeOf, freePort } from './http-exchange.contract.ts';
import type { HttpExchange, HttpRequest } from './http-exchange.ts';
import type { ProxyKeys } from './proxies/proxy-keys.ts';
import type { ProxyCredentials } from './proxies/route.ts';
import {
  proxyRealm,
  ScriptedProxy,
  type ScriptedProxyOptions,
} from './proxies/testing/scripted-proxy.ts';
import { createAuthority, type ThrowawayAuthority } from './throwaway-certificates.ts';

/** Made by the adapter under test. */
export type CreateProxied = (settings: {
  /** Trusted beside the system's. */
  readonly ca: string;
  /** Read for each connection. */
  readonly setting: () => ProxySetting;
  readonly keys: ProxyKeys;
}) => HttpExchange;

/** Where adapters may differ: Chromium tells less of what a proxy said. */
export interface ProxyTelling {
  /** Called what where a proxy forbids, and where it cannot reach the server. */
  readonly refusal: string;
  readonly gateway: string;
  /** Called what where something else answers in its place. */
  readonly stranger: string;
}

const name = 'chat.outside.test';
const known: ProxyCredentials = { username: 'me', password: 'secret' };

/** Keys that a test holds; what was asked is noted. */
class TestKeys implements ProxyKeys {
  credentials: ProxyCredentials | undefined;
  readonly asked: { question: Partial<ProxyQuestion>; refused: ProxyCredentials | undefined }[] =
    [];

  async find(): Promise<ProxyCredentials | undefined> {
    return this.credentials;
  }

  ask(question: Partial<ProxyQuestion>, refused?: ProxyCredentials): void {
    this.asked.push({ question, refused });
  }
}

export function describeProxiedExchange(create: CreateProxied, telling: ProxyTelling): void {
  describe('through a proxy', () => {
    let authority: ThrowawayAuthority;
    let server: FaultyServer;
    let keys: TestKeys;
    let setting: ProxySetting;
    const leftovers: { close(): Promise<void> }[] = [];

    beforeAll(async () => {
      authority = await createAuthority([`DNS:${name}`], ['IP:127.0.0.1']);
    });

    beforeEach(async () => {
      server = await FaultyServer.start(authority.certificates[0]);
      keys = new TestKeys();
      setting = { mode: 'none' };
    });

    afterEach(async () => {
      for (const leftover of leftovers.splice(0).reverse()) await leftover.close();
      await server.close();
    });

    async function startProxy(options: ScriptedProxyOptions = {}): Promise<ScriptedProxy> {
      const proxy = await ScriptedProxy.start(options);
      leftovers.push(proxy);
      setting = { mode: 'manual', proxy: proxy.address };
      return proxy;
    }

    function exchange(): HttpExchange {
      const http = create({ ca: authority.ca, setting: () => setting, keys });
      leftovers.push(http);
      return http;
    }

    const post = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
      method: 'POST',
      url: server.url(path, name),
      lane: 0,
      body: '<body/>',
      timeoutMs: 10_000,
      maxBytes: 1_000_000,
      ...more,
    });

    const authorityOfServer = () => new URL(server.url('/', name)).host;

    it('reaches a server that only the proxy can name, over one tunnel for each lane', async () => {
      const proxy = await startProxy();
      const http = exchange();
      for (let round = 0; round < 3; round += 1) {
        const answers = await Promise.all([0, 1].map((lane) => http.send(post('/good', { lane }))));
        expect(answers.map(({ body }) => body)).toEqual([goodBody, goodBody]);
        expect(answers[1]?.proxy).toEqual(proxy.address);
      }
      expect(proxy.requests).toEqual(
        Array(2).fill({ authority: authorityOfServer(), authorization: undefined }),
      );
      expect(server.connections).toBe(2);
    });

    it('speaks TLS to a proxy that does', async () => {
      const proxy = await startProxy({ certificate: authority.certificates[1] as never });
      expect(proxy.address.scheme).toBe('https');
      expect((await exchange().send(post('/good'))).body).toBe(goodBody);
    });

    it('gets along with a proxy that speaks HTTP/1.0 and keeps no connection', async () => {
      keys.credentials = known;
      const proxy = await startProxy({ version: '1.0', asks: 'basic' });
      const http = exchange();
      for (const path of ['/close-after', '/good']) {
        expect((await http.send(post(path))).body).toBe(goodBody);
      }
      expect(proxy.requests.length).toBeGreaterThan(2);
    });

    it('counts bytes as it does without one', async () => {
      await startProxy();
      const { bytesSent, bytesReceived } = await exchange().send(
        post('/good', { body: 'x'.repeat(1000) }),
      );
      expect(bytesSent).toBeGreaterThan(1080);
      expect(bytesSent).toBeLessThan(1500);
      expect(bytesReceived).toBeGreaterThan(Buffer.byteLength(goodBody) + 80);
      expect(bytesReceived).toBeLessThan(Buffer.byteLength(goodBody) + 500);
    });

    it('reaches this computer without it', async () => {
      const proxy = await startProxy({ says: '403 Forbidden' });
      const own = await FaultyServer.start();
      leftovers.push(own);
      const answer = await exchange().send(post('', { url: own.url('/good') }));
      expect(answer.body).toBe(goodBody);
      expect(answer.proxy).toBe('none');
      expect(proxy.requests).toEqual([]);
    });

    it.each(['basic', 'digest'] as const)('answers a proxy that asks for %s', async (asks) => {
      keys.credentials = known;
      await startProxy({ asks });
      const http = exchange();
      for (const lane of [0, 1]) {
        expect((await http.send(post('/good', { lane }))).body).toBe(goodBody);
      }
      expect(keys.asked).toEqual([]);
    });

    it('does not wait for somebody to say who they are, and asks them', async () => {
      const proxy = await startProxy({ asks: 'basic' });
      const error = await exchange()
        .send(post('/good'))
        .catch((thrown: unknown) => thrown);
      expect(problemOf(error)).toMatchObject({
        code: 'network.proxy-auth',
        source: 'network',
        detail: expect.stringContaining(`127.0.0.1:${proxy.address.port}`),
      });
      expect(keys.asked).toEqual([
        {
          question: { proxy: proxy.address, realm: proxyRealm, scheme: 'basic' },
          refused: undefined,
        },
      ]);
      expect(server.connections).toBe(0);
    });

    it('goes on with what they say', async () => {
      await startProxy({ asks: 'basic' });
      const http = exchange();
      expect(await codeOf(http.send(post('/good')))).toBe('network.proxy-auth');
      keys.credentials = known;
      expect((await http.send(post('/good'))).body).toBe(goodBody);
    });

    it('asks again where the proxy refuses what they said, and gives it no second time', async () => {
      const wrong = { ...known, password: 'not this one' };
      keys.credentials = wrong;
      const proxy = await startProxy({ asks: 'basic' });
      expect(await codeOf(exchange().send(post('/good')))).toBe('network.proxy-auth');
      expect(keys.asked).toMatchObject([{ refused: wrong }]);
      const given = proxy.requests.filter(({ authorization }) => authorization !== undefined);
      expect(given).toHaveLength(1);
    });

    it('keeps its secrets to itself', async () => {
      keys.credentials = { username: 'who-i-am', password: 'what-i-know' };
      await startProxy({ asks: 'basic' });
      const error = await exchange()
        .send(post('/good'))
        .catch((thrown: unknown) => thrown);
      expect(JSON.stringify(problemOf(error))).not.toMatch(/who-i-am|what-i-know/);
    });

    it.each([
      ['403 Forbidden', 'refusal'],
      ['502 Bad Gateway', 'gateway'],
      ['504 Gateway Timeout', 'gateway'],
    ] as const)('says that it was the proxy that said %s', async (says, kind) => {
      await startProxy({ says });
      const error = await exchange()
        .send(post('/good'))
        .catch((thrown: unknown) => thrown);
      expect(problemOf(error)).toMatchObject({ code: telling[kind], source: 'network' });
    });

    it('says that a web page stands where the proxy should', async () => {
      await startProxy({ says: '200 OK' });
      const error = exchange().send(post('/good'));
      expect(await codeOf(error)).not.toBe('fulfilled');
      await startProxy({ says: '302 Found' });
      expect(await codeOf(exchange().send(post('/good')))).toBe(telling.stranger);
    });

    it('says that the proxy cannot be reached', async () => {
      setting = {
        mode: 'manual',
        proxy: { scheme: 'http', host: '127.0.0.1', port: await freePort() },
      };
      expect(await codeOf(exchange().send(post('/good')))).toBe('network.proxy-unreachable');
    });

    it('gives up on a proxy that never answers when the time is over, closing its connection', async () => {
      const proxy = await startProxy({ isSilent: true });
      const closed = once(proxy, 'closed');
      expect(await codeOf(exchange().send(post('/good', { timeoutMs: 100 })))).toBe(
        'network.timeout',
      );
      await closed;
    });

    it('can be called off while the proxy is asked', async () => {
      const proxy = await startProxy({ isSilent: true });
      const asked = once(proxy, 'asked');
      const closed = once(proxy, 'closed');
      const controller = new AbortController();
      const code = codeOf(exchange().send(post('/good', { signal: controller.signal })));
      await asked;
      controller.abort();
      expect(await code).toBe('network.aborted');
      await closed;
    });

    it('repeats over new connections what is called off in the turn of a new choice', async () => {
      await startProxy();
      const http = exchange();
      const controller = new AbortController();
      const arrived = once(server, 'arrival');
      const held = codeOf(http.send(post('/silent', { signal: controller.signal })));
      await arrived;
      const after = await startProxy();
      const reopened = http.reopen?.();
      controller.abort();
      const again = http.send(post('/good'));
      await reopened;
      expect(await held).toBe('network.aborted');
      expect((await again).body).toBe(goodBody);
      expect(after.requests).toHaveLength(1);
    });

    it('goes by another choice from the next connection on', async () => {
      const before = await startProxy();
      const http = exchange();
      await http.send(post('/good'));
      const arrived = once(server, 'arrival');
      const held = codeOf(http.send(post('/silent', { lane: 1 })));
      await arrived;
      const after = await startProxy();
      await http.reopen?.();
      expect(await held).toBe('network.reset');
      expect((await http.send(post('/good'))).body).toBe(goodBody);
      expect(before.requests.length).toBeLessThanOrEqual(2);
      expect(after.requests).toHaveLength(1);
    });
  });
}
