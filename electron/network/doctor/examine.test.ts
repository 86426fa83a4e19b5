import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DoctorRun, doctorRunSchema, doctorStepIds } from '../../../shared/doctor.ts';
import type { HttpExchange } from '../http-exchange.ts';
import { createNodeHttpExchange } from '../node-http-exchange.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { type ExamineOptions, examine } from './examine.ts';
import { networkPath } from './network-path.ts';
import { TrialManager } from './testing/trial-manager.ts';

let manager: TrialManager;
let http: HttpExchange;
let clock: ManualClock;
let runs: DoctorRun[];

beforeEach(async () => {
  manager = await TrialManager.start();
  http = createNodeHttpExchange();
  clock = createManualClock();
  runs = [];
});
afterEach(async () => {
  await http.close();
  await manager.stop();
});

const begin = (options: Partial<ExamineOptions> = {}) =>
  examine({
    ...{ jid: 'me@chat.example', endpoint: manager.url, mechanisms: ['SCRAM-SHA-1'], clock },
    ...{ path: networkPath({ http }), signal: new AbortController().signal },
    // Nobody publishes anything here, and nobody outside is asked.
    hostMetaOrigin: 'https://127.0.0.1:1',
    onChange: (run) => runs.push(run),
    ...options,
  });

const stateOf = (run: DoctorRun | undefined, id: string) =>
  run?.steps.find((step) => step.id === id)?.state;

describe('an examination', () => {
  it('takes all steps in their order, tells each change, and ends with a verdict', async () => {
    manager.grants = { wait: '2' };
    // Whoever is held comes back when its time is over, and the time is over at once.
    manager.on('held', () => {
      setImmediate(() => {
        clock.advance(2_000);
        manager.release();
      });
    });
    const run = await begin({ accountId: 'a' });
    expect(doctorRunSchema.parse(run)).toEqual(run);
    expect(run).toMatchObject({
      ...{ jid: 'me@chat.example', endpoint: manager.url, accountId: 'a', state: 'done' },
      verdict: { outcome: 'clear', findings: [] },
      learned: { endpoint: manager.url, oneConnection: false },
    });
    expect(run.steps.map(({ id }) => id)).toEqual(doctorStepIds);
    expect(runs[0]?.steps.every(({ state }) => state === 'waiting')).toBe(true);
    const begun = doctorStepIds.filter((id) =>
      runs.some((each) => stateOf(each, id) === 'running'),
    );
    expect(begun).toEqual(doctorStepIds.filter((id) => stateOf(run, id) !== 'skipped'));
    expect(runs.at(-1)).toEqual(run);
  });

  it('skips what would tell nothing, and says why', async () => {
    const gone = await TrialManager.start();
    const { url } = gone;
    await gone.stop();
    const run = await begin({ endpoint: url });
    expect(stateOf(run, 'connection')).toBe('bad');
    const skipped = run.steps.filter(({ state }) => state === 'skipped');
    expect(skipped.map(({ id }) => id)).toContain('held-request');
    expect(skipped.every(({ result }) => result)).toBe(true);
    expect(run.verdict).toMatchObject({ outcome: 'blocked', findings: [{ code: 'refused' }] });
  });

  it('can be stopped in the middle of a step, and tells what it found so far', async () => {
    const stop = new AbortController();
    const held = once(manager, 'held');
    const examining = begin({ signal: stop.signal });
    await held;
    stop.abort();
    const run = await examining;
    expect(run.state).toBe('stopped');
    expect(run.verdict?.outcome).toBe('unfinished');
    expect(stateOf(run, 'bosh-session')).toBe('good');
    expect(run.steps.find(({ id }) => id === 'two-at-once')).toMatchObject({
      state: 'skipped',
      result: 'The examination was stopped.',
    });
    expect(stateOf(run, 'held-request')).toBe('skipped');
  });

  it('outlives a fault of its own', async () => {
    const lookup = () => Promise.reject(new TypeError('a fault'));
    const endpoint = manager.url.replace('127.0.0.1', 'localhost');
    const run = await begin({ endpoint, path: networkPath({ http, lookup }) });
    expect(run.steps[1]).toMatchObject({ state: 'bad', code: 'app.unexpected' });
    expect(run.state).toBe('done');
  });
});
