import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProxySetting } from '../../../shared/proxy.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { DesktopProxy } from './desktops/desktop-settings.ts';
import { RouteFinder } from './route-finder.ts';

const chat = new URL('https://chat.example.org/http-bind');
const system: ProxySetting = { mode: 'system' };
const pac: ProxySetting = { mode: 'pac', url: 'http://pac.example/p.pac' };
const proxy = { scheme: 'http', host: 'proxy.example', port: 3128 } as const;

describe('the routes to a server', () => {
  let script: string;
  let fetched: number;
  let desktop: DesktopProxy;
  let read: number;
  let now: number;
  let network: string;
  let finder: RouteFinder;

  beforeEach(() => {
    for (const name of ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']) {
      vi.stubEnv(name, undefined);
    }
    [script, fetched, desktop, read, now, network] = ['', 0, undefined, 0, 0, 'home'];
    const http: HttpExchange = {
      async send() {
        fetched += 1;
        const counts = { bytesSent: 0, bytesReceived: 0, httpVersion: '1.1' };
        return { status: script === '' ? 404 : 200, headers: {}, body: script, ...counts };
      },
      async close() {},
    };
    finder = new RouteFinder({
      createHttp: () => http,
      readDesktop: async () => {
        read += 1;
        return desktop;
      },
      network: () => network,
      now: () => now,
    });
    return () => vi.unstubAllEnvs();
  });

  it.each(['http://localhost:5280/', 'https://127.0.0.1/', 'https://[::1]/'])(
    'lead straight to %s, whatever is chosen',
    (url) => {
      const setting: ProxySetting = { mode: 'manual', proxy };
      expect(finder.routesTo(new URL(url), setting)).toEqual({ routes: ['direct'] });
    },
  );

  it('are those that were chosen, known at once', () => {
    expect(finder.routesTo(chat, { mode: 'none' })).toEqual({ routes: ['direct'] });
    expect(finder.routesTo(chat, { mode: 'manual', proxy })).toEqual({ routes: [proxy] });
  });

  it("are the environment's, known at once, before the desktop's", () => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.example:3128');
    desktop = { pac: 'http://pac.example/' };
    expect(finder.routesTo(chat, system)).toEqual({ routes: [proxy] });
    expect(read).toBe(0);
  });

  it("are the desktop's, past those it leaves out", async () => {
    desktop = { proxy, bypass: ['example.com'] };
    expect(await finder.routesTo(chat, system)).toEqual({ routes: [proxy] });
    expect(await finder.routesTo(new URL('https://a.example.com/'), system)).toEqual({
      routes: ['direct'],
    });
  });

  it('wait for the desktop once, and follow it later', async () => {
    expect(finder.routesTo(chat, system)).toBeInstanceOf(Promise);
    expect(await finder.routesTo(chat, system)).toEqual({ routes: ['direct'] });
    desktop = { proxy, bypass: [] };
    expect(finder.routesTo(chat, system)).toEqual({ routes: ['direct'] });
    now += 31_000;
    expect(finder.routesTo(chat, system)).toEqual({ routes: ['direct'] });
    await vi.waitFor(() => expect(finder.routesTo(chat, system)).toEqual({ routes: [proxy] }));
    expect(read).toBe(3);
  });

  it("are a script's, which is fetched once in a while", async () => {
    script = 'function FindProxyForURL() { return "PROXY proxy.example:3128; DIRECT"; }';
    for (let round = 0; round < 3; round += 1) {
      expect(await finder.routesTo(chat, pac)).toEqual({ routes: [proxy, 'direct'] });
    }
    expect(fetched).toBe(1);
    now += 31 * 60_000;
    await finder.routesTo(chat, pac);
    expect(fetched).toBe(2);
  });

  it('are those of the script as this network has it', async () => {
    script = 'function FindProxyForURL() { return "PROXY proxy.example:3128"; }';
    await finder.routesTo(chat, pac);
    network = 'office';
    script = 'function FindProxyForURL() { return "DIRECT"; }';
    expect(await finder.routesTo(chat, pac)).toEqual({ routes: ['direct'] });
    network = 'home';
    expect(await finder.routesTo(chat, pac)).toEqual({ routes: [proxy] });
  });

  it('are those of a script that the desktop names', async () => {
    script = 'function FindProxyForURL() { return "PROXY proxy.example:3128"; }';
    desktop = { pac: 'http://pac.example/p.pac' };
    expect(await finder.routesTo(chat, system)).toEqual({ routes: [proxy] });
  });

  it('lead straight where a script cannot be used, which is said and soon tried again', async () => {
    const { routes, problem } = await finder.routesTo(chat, pac);
    expect(routes).toEqual(['direct']);
    expect(problem?.problem).toMatchObject({ code: 'network.pac-failed' });
    await finder.routesTo(chat, pac);
    expect(fetched).toBe(1);
    script = 'function FindProxyForURL() { return "PROXY proxy.example:3128"; }';
    now += 31_000;
    expect(await finder.routesTo(chat, pac)).toEqual({ routes: [proxy] });
  });
});
