import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpExchange } from '../../http-exchange.ts';
import { createNodeHttpExchange } from '../../node-http-exchange.ts';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { TrialManager, type TrialRequest } from '../testing/trial-manager.ts';
import { twoAtOnce } from './two-at-once.ts';

let manager: TrialManager;
let http: HttpExchange;
let clock: ManualClock;

beforeEach(async () => {
  manager = await TrialManager.start();
  http = createNodeHttpExchange();
  clock = createManualClock();
});
afterEach(async () => {
  await http.close();
  await manager.stop();
});

/** Begins the step; the first request is held when this resolves. */
async function begin(signal = new AbortController().signal) {
  const held = once(manager, 'held');
  const outcome = twoAtOnce.examine(trialExamination(manager.url, http, { clock, signal }));
  await held;
  return { outcome };
}

describe('two requests at once', () => {
  it('get through where the second releases the first', async () => {
    const { outcome } = await begin();
    clock.advance(1_000);
    expect(await outcome).toMatchObject({ state: 'good', reading: { works: true } });
  });

  it('do not where the second is kept waiting', async () => {
    const { outcome } = await begin();
    manager.treat = () => true;
    const second = once(manager, 'request');
    clock.advance(1_000);
    await second;
    clock.advance(8_000);
    expect(await outcome).toMatchObject({
      state: 'limited',
      result: 'A second request does not get through while the first is waiting.',
      reading: { works: false },
    });
  });

  it('do not where the first comes back only because its time is over', async () => {
    manager.grants = { wait: '4' };
    const { outcome } = await begin();
    manager.treat = () => true;
    const second = once(manager, 'request');
    clock.advance(1_000);
    await second;
    clock.advance(2_600);
    manager.release();
    expect((await outcome).reading).toEqual({ works: false });
  });

  it('cannot be judged where the one that waits is cut by itself', async () => {
    const { outcome } = await begin();
    manager.treat = () => true;
    const second = once(manager, 'request');
    clock.advance(1_000);
    await second;
    manager.takeHeld().incoming.socket.resetAndDestroy();
    expect(await outcome).toMatchObject({
      state: 'limited',
      result: expect.stringContaining('could not be tried'),
      reading: {},
    });
  });

  it('are not needed where the server holds nothing', async () => {
    manager.grants = { wait: '0' };
    const outcome = twoAtOnce.examine(trialExamination(manager.url, http, { clock }));
    expect(await outcome).toMatchObject({ state: 'good', reading: { works: true } });
  });

  it.each([
    [
      'refused',
      (request: TrialRequest): boolean => {
        request.response.writeHead(429).end();
        return true;
      },
      'network.too-many-requests',
    ],
    [
      'reset',
      (request: TrialRequest): boolean => {
        request.incoming.socket.resetAndDestroy();
        return true;
      },
      'network.reset',
    ],
  ] as const)('do not where the second is %s', async (_name, treat, code) => {
    const { outcome } = await begin();
    manager.treat = treat;
    clock.advance(1_000);
    const { reading, facts } = await outcome;
    expect(reading).toEqual({ works: false });
    expect(facts).toContainEqual({ name: 'Problem', value: code });
  });

  it('can be called off', async () => {
    const controller = new AbortController();
    const { outcome } = await begin(controller.signal);
    controller.abort();
    await expect(outcome).rejects.toThrow();
  });
});
