import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpExchange } from '../../http-exchange.ts';
import { createNodeHttpExchange } from '../../node-http-exchange.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { TrialManager, type TrialRequest } from '../testing/trial-manager.ts';
import { requestSize } from './request-size.ts';

let manager: TrialManager;
let http: HttpExchange;

beforeEach(async () => {
  manager = await TrialManager.start();
  http = createNodeHttpExchange();
});
afterEach(async () => {
  await http.close();
  await manager.stop();
});

const examine = () => requestSize.examine(trialExamination(manager.url, http));

/** Does this to requests over a size. */
function refuseOver(bytes: number, how: (request: TrialRequest) => void): void {
  manager.treat = (request) => {
    if (request.bytes <= bytes) return false;
    how(request);
    return true;
  };
}

const status = (code: number) => (request: TrialRequest) =>
  void request.response.writeHead(code).end();

describe('the size of a request', () => {
  it('has no limit that Holdfast could meet', async () => {
    const sizes: number[] = [];
    manager.on('request', ({ kind, bytes }) => kind === 'create' && sizes.push(bytes));
    expect(await examine()).toMatchObject({ state: 'good', reading: { largest: 512 * 1024 } });
    expect(sizes).toEqual([4, 16, 64, 256, 512].map((size) => size * 1024));
  });

  it.each([
    ['413', status(413), 'network.request-too-large'],
    ['403', status(403), 'network.forbidden'],
    [
      'a reset',
      ({ incoming }: TrialRequest) => void incoming.socket.resetAndDestroy(),
      'network.reset',
    ],
  ])('is narrowed down where larger ones meet %s', async (_name, how, code) => {
    refuseOver(100_000, how);
    const { state, reading } = await examine();
    expect(state).toBe('limited');
    expect(reading.problem?.code).toBe(code);
    expect(reading.largest).toBeLessThanOrEqual(100_000);
    expect(reading.largest).toBeGreaterThan(87_000);
    expect(reading.refused).toBeGreaterThan(100_000);
    expect(reading.refused).toBeLessThan(115_000);
  });

  it('is not blamed for a single failure', async () => {
    let failures = 0;
    manager.treat = ({ incoming, bytes }) => {
      if (bytes < 50_000 || failures > 0) return false;
      failures += 1;
      incoming.socket.resetAndDestroy();
      return true;
    };
    expect(await examine()).toMatchObject({ state: 'good' });
    expect(failures).toBe(1);
  });

  it('is not to blame where even the smallest fails', async () => {
    refuseOver(0, status(502));
    expect(await examine()).toMatchObject({
      state: 'bad',
      reading: { largest: 0, problem: { code: 'network.bad-gateway' } },
    });
  });
});
