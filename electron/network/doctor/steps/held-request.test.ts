import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpExchange } from '../../http-exchange.ts';
import { createNodeHttpExchange } from '../../node-http-exchange.ts';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import type { Outcome } from '../step.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { answer, body, TrialManager } from '../testing/trial-manager.ts';
import { heldRequest } from './held-request.ts';

let manager: TrialManager;
let http: HttpExchange;
let clock: ManualClock;
let expected: number[];

beforeEach(async () => {
  manager = await TrialManager.start();
  http = createNodeHttpExchange();
  clock = createManualClock();
  expected = [];
});
afterEach(async () => {
  await http.close();
  await manager.stop();
});

/** Begins the step; it holds a request when this resolves. */
async function begin(signal = new AbortController().signal) {
  const held = once(manager, 'held');
  const outcome = heldRequest.examine(
    trialExamination(manager.url, http, {
      ...{ clock, signal },
      expect: (until) => expected.push(until - clock.now()),
    }),
  );
  await held;
  return { outcome };
}

describe('a held request', () => {
  it('comes back when its time is over: nothing cuts it', async () => {
    const { outcome } = await begin();
    expect(expected).toEqual([70_000]);
    clock.advance(70_000);
    manager.release();
    expect(await outcome).toMatchObject({
      state: 'good',
      result: 'A request waited 70 s at the server, and nothing cut it.',
      reading: { wait: 70, survivedMs: 70_000 },
    });
  });

  it('is waited for only as long as the server grants', async () => {
    manager.grants = { wait: '20' };
    const { outcome } = await begin();
    clock.advance(20_000);
    manager.release();
    expect(await outcome).toMatchObject({
      state: 'good',
      result: expect.stringContaining('which lets none wait longer'),
      reading: { wait: 20, survivedMs: 20_000 },
    });
  });

  it('that a gateway answers shows when, and how', async () => {
    const { outcome } = await begin();
    clock.advance(30_000);
    manager.takeHeld().response.writeHead(504, { Server: 'gateway/1' }).end();
    const { state, reading, facts } = await outcome;
    expect({ state, reading }).toMatchObject({
      state: 'limited',
      reading: { cutAfterMs: 30_000, problem: { code: 'network.gateway-timeout' } },
    });
    expect(facts).toContainEqual({ name: 'Detail', value: 'HTTP 504; Server: gateway/1' });
  });

  it('whose connection is reset shows when', async () => {
    const { outcome } = await begin();
    clock.advance(10_000);
    manager.takeHeld().incoming.socket.resetAndDestroy();
    expect((await outcome).reading).toMatchObject({
      cutAfterMs: 10_000,
      problem: { code: 'network.reset' },
    });
  });

  it('lost in silence is followed by shorter ones, until one comes back', async () => {
    const { outcome } = await begin();
    const shorter = once(manager, 'held');
    clock.advance(90_000);
    await shorter;
    const shortest = once(manager, 'held');
    clock.advance(50_000);
    await shortest;
    clock.advance(10_000);
    manager.release();
    expect(expected).toEqual([70_000, 30_000, 10_000]);
    expect(await outcome).toMatchObject({
      state: 'limited',
      result: 'A request that waits 70 s is lost without a word; one that waits 10 s comes back.',
      reading: { survivedMs: 10_000, cutAfterMs: 90_000 },
    });
  });

  it('lost in silence however short it is', async () => {
    const { outcome } = await begin();
    for (const ms of [90_000, 50_000]) {
      const next = once(manager, 'held');
      clock.advance(ms);
      await next;
    }
    clock.advance(30_000);
    expect(await outcome).toMatchObject({ state: 'bad', reading: { survivedMs: 0 } });
  });

  it('answered late was held back', async () => {
    const { outcome } = await begin();
    clock.advance(82_000);
    manager.release();
    expect(await outcome).toMatchObject({
      state: 'limited',
      result: 'The answer to a waiting request came 12 s late.',
      reading: { lateMs: 12_000 },
    });
  });

  it('ended by the server itself, as ejabberd does before a sign-in, is nobody’s cut', async () => {
    const { outcome } = await begin();
    clock.advance(30_000);
    const end = body({ type: 'terminate', condition: 'remote-stream-error' });
    answer(manager.takeHeld().response, end);
    const { state, reading } = (await outcome) as Outcome<'held-request'>;
    expect(state).toBe('good');
    expect(reading).toEqual({ wait: 70, survivedMs: 30_000 });
  });

  it('can be called off', async () => {
    const controller = new AbortController();
    const { outcome } = await begin(controller.signal);
    controller.abort();
    await expect(outcome).rejects.toThrow();
  });

  it('cannot be tried without a session', async () => {
    manager.treat = ({ response }) => {
      response.writeHead(503).end();
      return true;
    };
    const outcome = await heldRequest.examine(trialExamination(manager.url, http, { clock }));
    expect(outcome).toMatchObject({
      state: 'bad',
      reading: { survivedMs: 0, problem: { code: 'network.unavailable' } },
    });
  });
});
