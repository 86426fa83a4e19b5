import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeHttpExchange } from '../../node-http-exchange.ts';
import type { Readings } from '../readings.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { startTrialProxy, type TrialProxy } from '../testing/trial-proxy.ts';
import { connection } from './connection.ts';

const http = createNodeHttpExchange();
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

/** A port that takes connections and says nothing, and one that takes none. */
async function ports(): Promise<{ open: number; closed: number }> {
  const [one, other] = [createServer(), createServer()];
  for (const server of [one, other]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const [open, closed] = [one, other].map((server) => (server.address() as AddressInfo).port);
  await once(other.close(), 'close');
  undo.push(() => once(one.close(), 'close'));
  return { open: open ?? 0, closed: closed ?? 0 };
}

async function proxy(refusal?: string): Promise<TrialProxy> {
  const started = await startTrialProxy(refusal);
  undo.push(() => started.stop());
  return started;
}

const through = ({ route }: Pick<TrialProxy, 'route'>): Readings => ({
  'proxy-settings': { route },
});

const examine = (url: string, readings: Readings = {}) =>
  connection.examine(trialExamination(url, http, { readings }));

describe('the connection', () => {
  it('is accepted', async () => {
    const { open } = await ports();
    expect(await examine(`https://127.0.0.1:${open}/bosh`)).toMatchObject({
      state: 'good',
      result: `The server accepts connections at 127.0.0.1:${open}.`,
      reading: { to: 'server' },
    });
  });

  it('is refused', async () => {
    const { closed } = await ports();
    expect(await examine(`https://127.0.0.1:${closed}/bosh`)).toMatchObject({
      state: 'bad',
      reading: { problem: { code: 'network.refused' } },
    });
  });

  it('goes through a proxy that lets it', async () => {
    const { open } = await ports();
    const willing = await proxy();
    const outcome = await examine(`https://127.0.0.1:${open}/bosh`, through(willing));
    expect(outcome).toMatchObject({
      state: 'good',
      result: `The proxy lets connections to 127.0.0.1:${open} through.`,
      reading: { to: 'proxy', tunnel: { status: 200 } },
    });
    expect(willing.asked).toEqual([`127.0.0.1:${open}`]);
  });

  it.each([
    ['403 Forbidden', 'network.proxy-refused'],
    ['405 Method Not Allowed', 'network.proxy-answer'],
    ['502 Bad Gateway', 'network.proxy-gateway'],
    ['504 Gateway Timeout', 'network.proxy-gateway'],
    ['hang up', 'network.proxy-hung-up'],
  ])('meets a proxy that answers %s', async (refusal, code) => {
    const outcome = await examine('https://chat.example/bosh', through(await proxy(refusal)));
    expect(outcome).toMatchObject({ state: 'bad', reading: { problem: { code } } });
  });

  it('meets a proxy that wants to know who asks', async () => {
    const asking = await proxy('407 Who?\r\nProxy-Authenticate: Basic realm="Company"');
    expect(await examine('https://chat.example/bosh', through(asking))).toMatchObject({
      state: 'limited',
      reading: { tunnel: { status: 407, schemes: ['basic'], realm: 'Company' } },
    });
  });

  it('meets a proxy that is not there', async () => {
    const { closed: port } = await ports();
    const gone = { scheme: 'http', host: '127.0.0.1', port } as const;
    const outcome = await examine('https://chat.example/bosh', through({ route: gone }));
    expect(outcome).toMatchObject({
      state: 'bad',
      result: `The proxy 127.0.0.1:${port} cannot be reached.`,
      reading: { problem: { code: 'network.proxy-unreachable' } },
    });
  });

  it('is not tried where the name is not known', () => {
    const problem = { code: 'network.name-not-found' } as never;
    const readings = { 'name-resolution': { host: 'x', of: 'server', addresses: [], problem } };
    const { pointless } = connection;
    expect(pointless(readings as Readings, {} as never)).toBe(
      'The name of the server could not be found.',
    );
  });
});
