import { describe, expect, it } from 'vitest';
import { networkProblem } from '../../network-problem.ts';
import { createNodeHttpExchange } from '../../node-http-exchange.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { networkPath } from '../network-path.ts';
import type { Examination } from '../step.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { nameResolution } from './name-resolution.ts';

const http = createNodeHttpExchange();
const proxied = {
  'proxy-settings': {
    route: { scheme: 'http', host: 'proxy.example', port: 3128 },
  },
} as const;

/** @param known the names that can be found */
function examine(url: string, known: readonly string[], change: Partial<Examination> = {}) {
  const lookup = async (host: string) => {
    if (!known.includes(host)) throw networkProblem('network.name-not-found');
    return ['192.0.2.1', '192.0.2.2'];
  };
  const path = { ...networkPath({ http }), lookup };
  return nameResolution.examine(trialExamination(url, http, { readings: {}, path, ...change }));
}

describe('a name', () => {
  it('is found', async () => {
    expect(await examine('https://chat.example/bosh', ['chat.example'])).toMatchObject({
      state: 'good',
      result: 'The name chat.example was found: 192.0.2.1.',
      facts: [{ name: 'Addresses', value: '192.0.2.1, 192.0.2.2' }],
    });
  });

  it('is not found', async () => {
    expect(await examine('https://chat.example/bosh', [])).toMatchObject({
      state: 'bad',
      result: 'The name chat.example could not be found.',
      reading: { of: 'server', problem: { code: 'network.name-not-found' } },
    });
  });

  it.each(['https://192.0.2.7/bosh', 'https://[2001:db8::7]/bosh'])(
    'is not looked for where the address is a number: %s',
    async (url) => {
      expect(await examine(url, [])).toMatchObject({ state: 'good' });
    },
  );

  it('that the proxy looks up need not be known here', async () => {
    const outcome = await examine('https://chat.example/bosh', ['proxy.example'], {
      readings: proxied,
    });
    expect(outcome).toMatchObject({
      state: 'good',
      result: 'This computer cannot look up chat.example itself; the proxy does that.',
      reading: { of: 'proxy', isServerUnknownHere: true },
    });
  });

  it('of the proxy has to be known here', async () => {
    const outcome = await examine('https://chat.example/bosh', ['chat.example'], {
      readings: proxied,
    });
    expect(outcome).toMatchObject({
      state: 'bad',
      result: 'The name of the proxy, proxy.example, could not be found.',
    });
  });

  it('is not waited for without end', async () => {
    const clock = createManualClock();
    const path = { ...networkPath({ http }), lookup: () => new Promise<never>(() => {}) };
    const outcome = examine('https://chat.example/bosh', [], { clock, path });
    clock.advance(15_000);
    expect((await outcome).reading.problem?.code).toBe('network.timeout');
  });

  it('is looked up by the system', async () => {
    const outcome = await nameResolution.examine(
      trialExamination('http://localhost:1/', http, { readings: {} }),
    );
    expect(outcome.reading.addresses).toContain('127.0.0.1');
  });
});
