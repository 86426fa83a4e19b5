import type { ProxyConfig } from 'electron';
import { expect, it } from 'vitest';
import { chromiumRoutes } from './electron-http-exchange-routes.ts';

it('tells the ways Chromium takes, by the choice of proxy as it is now', async () => {
  const told: ProxyConfig[] = [];
  const asked: string[] = [];
  const session = {
    setProxy: async (config: ProxyConfig) => void told.push(config),
    resolveProxy: async (url: string) => {
      asked.push(url);
      return 'PROXY proxy.example:3128; DIRECT';
    },
  };
  const setting = { mode: 'pac', url: 'http://intranet.example/proxy.pac' } as const;
  const url = new URL('https://chat.example/bosh');
  expect(await chromiumRoutes(session, url, setting)).toEqual({
    routes: [{ scheme: 'http', host: 'proxy.example', port: 3128 }, 'direct'],
  });
  expect(told).toEqual([{ mode: 'pac_script', pacScript: setting.url }]);
  expect(asked).toEqual([url.href]);
});
