import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { networkProblem } from '../../network-problem.ts';
import { createNodeHttpExchange } from '../../node-http-exchange.ts';
import type { FoundRoutes } from '../../proxies/route-finder.ts';
import { networkPath } from '../network-path.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { proxySettings } from './proxy-settings.ts';

const http = createNodeHttpExchange();
const examine = (found: FoundRoutes | Promise<FoundRoutes>) =>
  proxySettings.examine(
    trialExamination('https://chat.example/bosh', http, {
      path: networkPath({ http, routes: async () => found }),
    }),
  );

const proxyAt = (port: number) => ({ scheme: 'http', host: '127.0.0.1', port }) as const;

/** Two loopback ports: one that takes connections until `close`, one that takes none. */
async function ports() {
  const [one, other] = [createServer(), createServer()];
  for (const server of [one, other]) await once(server.listen(0, '127.0.0.1'), 'listening');
  const portOf = (server: typeof one) => (server.address() as AddressInfo).port;
  const found = { open: portOf(one), gone: portOf(other) };
  await once(other.close(), 'close');
  return { ...found, close: () => once(one.close(), 'close') };
}

describe('the proxy settings', () => {
  it('may name none for this address', async () => {
    expect(await examine({ routes: ['direct'] })).toMatchObject({
      state: 'good',
      result: 'No proxy is set for this address. Holdfast connects directly.',
    });
  });

  it('may name one', async () => {
    const route = { scheme: 'http', host: 'proxy.example', port: 3128 } as const;
    expect(await examine({ routes: [route] })).toMatchObject({
      ...{ state: 'good', reading: { route } },
      result: 'Requests go through the proxy proxy.example:3128.',
    });
  });

  it('may name several: the first that can be reached is used', async () => {
    const { open, gone, close } = await ports();
    const routes = [proxyAt(gone), proxyAt(open), 'direct'] as const;
    expect(await examine({ routes })).toMatchObject({
      ...{ state: 'limited', reading: { route: proxyAt(open) } },
      result: `The proxy 127.0.0.1:${gone} cannot be reached; the next way is used: 127.0.0.1:${open}.`,
      facts: [{ name: 'Ways, in order', value: `127.0.0.1:${gone}, 127.0.0.1:${open}, none` }],
    });
    const inOrder = await examine({ routes: [proxyAt(open), proxyAt(gone)] });
    expect(inOrder).toMatchObject({ state: 'good', reading: { route: proxyAt(open) } });
    const noneReached = await examine({ routes: [proxyAt(gone), proxyAt(gone)] });
    expect(noneReached.reading.route).toEqual(proxyAt(gone));
    await close();
  });

  it.each([
    [
      'a script that cannot be used',
      async () => ({ routes: ['direct'], problem: networkProblem('network.pac-failed') }) as const,
    ],
    [
      'settings that cannot be read',
      () => Promise.reject<FoundRoutes>(networkProblem('network.pac-failed')),
    ],
  ])('may be no use: %s', async (_name, find) => {
    expect(await examine(find())).toMatchObject({
      state: 'limited',
      result: expect.stringMatching(/could not be used\. Holdfast connects directly\.$/),
      reading: { route: 'direct', problem: { code: 'network.pac-failed' } },
    });
  });
});
