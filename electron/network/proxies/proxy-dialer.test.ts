import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../../shared/problem.ts';
import { codeOf, freePort } from '../http-exchange.contract.ts';
import { networkProblem } from '../network-problem.ts';
import { ProxyDialer } from './proxy-dialer.ts';
import type { ProxyKeys } from './proxy-keys.ts';
import type { ProxyCredentials, ProxyRoute, Route } from './route.ts';
import type { FoundRoutes, RouteFinder } from './route-finder.ts';
import { ScriptedProxy, type ScriptedProxyOptions } from './testing/scripted-proxy.ts';

describe('dialling through proxies', () => {
  let greeter: Server;
  let target: URL;
  let credentials: ProxyCredentials | undefined;
  let asked: number;
  const leftovers: (() => unknown)[] = [];

  beforeEach(async () => {
    const sockets = new Set<Socket>();
    greeter = createServer((socket) => {
      sockets.add(socket.on('error', () => {}));
      socket.write('hello');
    }).listen(0, '127.0.0.1');
    await once(greeter, 'listening');
    target = new URL(`https://chat.outside.test:${(greeter.address() as { port: number }).port}`);
    [credentials, asked] = [undefined, 0];
    leftovers.push(async () => {
      for (const socket of sockets) socket.destroy();
      greeter.close();
    });
  });

  afterEach(async () => {
    for (const leave of leftovers.splice(0).reverse()) await leave();
  });

  async function startProxy(options?: ScriptedProxyOptions): Promise<ScriptedProxy> {
    const proxy = await ScriptedProxy.start(options);
    leftovers.push(() => proxy.close());
    return proxy;
  }

  function dialer(found: FoundRoutes | Promise<FoundRoutes>): ProxyDialer {
    const keys: ProxyKeys = {
      find: async () => credentials,
      ask: () => {
        asked += 1;
      },
    };
    const finder = { routesTo: () => found } as unknown as RouteFinder;
    return new ProxyDialer({ finder, keys, setting: () => ({ mode: 'system' }) });
  }

  async function dial(dialing: ProxyDialer) {
    const dialed = await dialing.dial(target, new AbortController().signal);
    if (dialed?.through !== 'nothing') {
      const socket = dialed?.socket;
      leftovers.push(() => socket?.destroy());
      expect(String((await once(socket as Socket, 'data'))[0])).toBe('hello');
    }
    return dialed?.through;
  }

  const dead = async (): Promise<ProxyRoute> => ({
    ...{ scheme: 'http', host: '127.0.0.1', port: await freePort() },
  });

  it('knows at once where no proxy is used', () => {
    const { signal } = new AbortController();
    expect(dialer({ routes: ['direct'] }).dial(target, signal)).toBeUndefined();
    const plain = new URL('http://chat.outside.test/');
    expect(dialer({ routes: [] as Route[] }).dial(plain, signal)).toBeUndefined();
  });

  it('takes the next route where a proxy cannot be reached, and that one first from then on', async () => {
    const [gone, proxy] = [await dead(), await startProxy()];
    const dialing = dialer({ routes: [gone, proxy.address] });
    expect(await dial(dialing)).toEqual(proxy.address);
    // Back again, it stays the second choice for a while.
    let knocks = 0;
    const back = createServer((socket) => {
      knocks += 1;
      socket.destroy();
    }).listen(gone.port, '127.0.0.1');
    await once(back, 'listening');
    leftovers.push(() => back.close());
    await dial(dialing);
    expect(knocks).toBe(0);
    expect(proxy.requests).toHaveLength(2);
  });

  it('takes the straight way where the script allows it, and says what failed before where asked', async () => {
    expect(await dial(dialer({ routes: [await dead(), 'direct'] }))).toBe('nothing');
    const problem = networkProblem('network.pac-failed');
    const found = Promise.resolve({ routes: ['direct' as const], problem });
    const dialed = await dialer(found).dial(target, new AbortController().signal);
    expect(dialed).toEqual({ through: 'nothing', problem });
  });

  it('does not go round a proxy that says no', async () => {
    const [strict, proxy] = [await startProxy({ says: '403 Forbidden' }), await startProxy()];
    expect(await codeOf(dial(dialer({ routes: [strict.address, proxy.address] })))).toBe(
      'network.proxy-refused',
    );
    expect(proxy.requests).toEqual([]);
  });

  it('says what was wrong with the first where none can be reached', async () => {
    const [first, second] = [await dead(), await dead()];
    const error = await dial(dialer({ routes: [first, second] })).catch((thrown) => thrown);
    expect(problemOf(error)).toMatchObject({
      code: 'network.proxy-unreachable',
      detail: expect.stringContaining(String(first.port)),
    });
  });

  it('uses the credentials of the address the proxy was named by', async () => {
    const proxy = await startProxy({ asks: 'basic' });
    const own = { username: 'me', password: 'secret' };
    await dial(dialer({ routes: [{ ...proxy.address, credentials: own }] }));
    expect(asked).toBe(0);
    const wrong = { ...proxy.address, credentials: { ...own, password: 'wrong' } };
    expect(await codeOf(dial(dialer({ routes: [wrong] })))).toBe('network.proxy-auth');
    expect(asked).toBe(1);
  });

  it('prefers what somebody typed to that', async () => {
    const proxy = await startProxy({ asks: 'basic' });
    credentials = { username: 'me', password: 'secret' };
    const wrong = { ...proxy.address, credentials: { username: 'me', password: 'wrong' } };
    await dial(dialer({ routes: [wrong] }));
    expect(asked).toBe(0);
  });

  it('answers without being asked again, and once more where a nonce has grown stale', async () => {
    const proxy = await startProxy({ asks: 'digest', nonceUses: 2 });
    credentials = { username: 'me', password: 'secret' };
    const dialing = dialer({ routes: [proxy.address] });
    for (let round = 0; round < 3; round += 1) await dial(dialing);
    // Asked; twice with its nonce; stale; with the next.
    expect(proxy.requests.map(({ authorization }) => authorization?.slice(0, 6))).toEqual([
      undefined,
      ...Array(4).fill('Digest'),
    ]);
    expect(asked).toBe(0);
  });

  it('takes two connections opened at once through the same question', async () => {
    const proxy = await startProxy({ asks: 'digest' });
    credentials = { username: 'me', password: 'secret' };
    const dialing = dialer({ routes: [proxy.address] });
    await Promise.all([dial(dialing), dial(dialing)]);
    expect(asked).toBe(0);
  });

  it('says plainly what it cannot do', async () => {
    const proxy = await startProxy({ asks: 'ntlm' });
    const error = await dial(dialer({ routes: [proxy.address] })).catch((thrown) => thrown);
    expect(problemOf(error)).toMatchObject({
      code: 'network.proxy-auth-unsupported',
      detail: expect.stringContaining('asks for negotiate, ntlm'),
    });
    expect(asked).toBe(0);
  });

  it.each([
    [{ babbles: '220 mail.example ESMTP\r\n' }, 'network.proxy-answer'],
    [{ hangsUp: true }, 'network.reset'],
    [{ says: '405 Method Not Allowed' }, 'network.proxy-answer'],
    [{ says: '429 Too Many Requests' }, 'network.proxy-refused'],
    [{ says: '503 Service Unavailable' }, 'network.proxy-gateway'],
  ] as const)('calls %j %s', async (options, code) => {
    const proxy = await startProxy(options);
    expect(await codeOf(dial(dialer({ routes: [proxy.address] })))).toBe(code);
  });

  it('says that a proxy speaks no TLS, or speaks nothing else', async () => {
    const proxy = await startProxy();
    const secure = { ...proxy.address, scheme: 'https' as const };
    expect(await codeOf(dial(dialer({ routes: [secure] })))).toBe('network.proxy-tls');
  });

  it('says so where a SOCKS proxy is none', async () => {
    const proxy = await startProxy();
    const socks = { ...proxy.address, scheme: 'socks5' as const };
    expect(await codeOf(dial(dialer({ routes: [socks] })))).toBe('network.proxy-answer');
  });
});
