import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionEvent } from '../../shared/connection-history.ts';
import { HISTORY_MS } from '../../shared/connection-history.ts';
import type { Problem } from '../../shared/problem.ts';
import type { ConnectionEventsRepository } from '../store/store.ts';
import { ConnectionHistory, stateAfter } from './connection-history.ts';

const START = 1_000_000;
const HERE = { enabled: true, hasSession: true };
const reset: Problem = {
  code: 'network.reset',
  source: 'network',
  message: 'The connection was closed early.',
  advice: '',
  retry: 'now',
};

let now: number;
let told: ConnectionEvent[];
let kept: Map<string, ConnectionEvent>;
let history: ConnectionHistory;

function open(repository?: Partial<ConnectionEventsRepository>): ConnectionHistory {
  return new ConnectionHistory({
    accountId: 'a',
    kept: {
      list: async () => [...kept.values()],
      put: async (_account, event) => void kept.set(event.id, event),
      ...repository,
    },
    publish: (event) => {
      if (event.type === 'connection-event') told.push(event.event);
    },
    log: () => undefined,
    now: () => now,
  });
}

function pass(ms: number): void {
  now += ms;
  vi.advanceTimersByTime(ms);
}

const states = () =>
  [...kept.values()].flatMap((event) =>
    event.kind === 'state' ? [[event.state, event.at - START, event.until - START]] : [],
  );
const problems = () => [...kept.values()].filter((event) => event.kind === 'problem');

beforeEach(() => {
  vi.useFakeTimers();
  now = START;
  told = [];
  kept = new Map();
  history = open();
  history.begin(true);
});
afterEach(async () => {
  await history.close();
  vi.useRealTimers();
});

describe('the state of a connection', () => {
  it('is recovering while there is a session to go on with, and down without one until it is up', () => {
    const states: string[] = [];
    let state = stateAfter(undefined, { phase: 'opening-session' }, HERE);
    for (const [phase, hasSession] of [
      ['online', true],
      ['reconnecting', true],
      ['online', true],
      ['reconnecting', true],
      ['reconnecting', false],
      ['opening-session', true],
      ['signing-in', true],
      ['catching-up', true],
      ['failed', false],
    ] as const) {
      states.push(state);
      state = stateAfter(state, { phase }, { enabled: true, hasSession });
    }
    expect([...states, state]).toEqual([
      ...['recovering', 'up', 'recovering', 'up', 'recovering', 'down', 'down', 'down', 'up'],
      'down',
    ]);
  });

  it('is signed out where somebody wanted it so, and in no trouble between two sessions', () => {
    const offline = { phase: 'offline' } as const;
    expect(stateAfter('up', offline, { enabled: false, hasSession: false })).toBe('signed-out');
    expect(stateAfter('up', offline, { enabled: true, hasSession: false })).toBe('recovering');
  });
});

describe('the history of a connection', () => {
  it('has each state from its beginning to the next, without a hole', () => {
    pass(1000);
    history.connection({ phase: 'online', since: now }, HERE);
    pass(5000);
    history.connection({ phase: 'reconnecting', since: now, problem: reset }, HERE);
    pass(200);
    history.connection({ phase: 'online', since: now }, HERE);
    expect(states()).toEqual([
      ['recovering', 0, 1000],
      ['up', 1000, 6000],
      ['recovering', 6000, 6200],
      ['up', 6200, 6200],
    ]);
    expect(told.filter((event) => event.kind === 'state' && event.problem)).toMatchObject([
      { problem: reset },
      { problem: reset },
    ]);
  });

  it('has the last reason for each state', () => {
    const gateway = { ...reset, code: 'network.bad-gateway' };
    for (const problem of [reset, gateway]) {
      history.connection({ phase: 'reconnecting', since: now, problem }, HERE);
      expect([...kept.values()]).toMatchObject([{ state: 'recovering', problem }]);
    }
  });

  it('knows after a kill when Holdfast was last running, to half a minute', () => {
    history.connection({ phase: 'online', since: now }, HERE);
    for (let beat = 1; beat <= 3; beat += 1) pass(30_000);
    pass(5000);
    expect(states()).toEqual([
      ['recovering', 0, 0],
      ['up', 0, 90_000],
    ]);
  });

  it('knows after quitting to the moment', async () => {
    history.connection({ phase: 'online', since: now }, HERE);
    pass(5000);
    await history.close();
    expect(states().at(-1)).toEqual(['up', 0, 5000]);
  });

  it('leaves a hole where the computer was asleep', () => {
    history.connection({ phase: 'online', since: now }, HERE);
    pass(30_000);
    now += 600_000;
    vi.advanceTimersByTime(30_000);
    expect(states().slice(1)).toEqual([
      ['up', 0, 30_000],
      ['up', 630_000, 630_000],
    ]);
  });

  it('has a problem once, however often the session tells of it', () => {
    const problem = { ...reset, at: now };
    history.problem(problem);
    history.problem(problem);
    pass(500);
    history.problem({ ...reset, at: now });
    expect(problems()).toMatchObject([{ times: 1, at: START }]);
    history.connection({ phase: 'online', since: now }, HERE);
    history.problem({ ...reset, at: now });
    expect(problems()).toHaveLength(1);
  });

  it('counts a problem that comes again, and begins anew after the connection was up', () => {
    history.problem({ ...reset, at: now });
    pass(4000);
    history.problem({ ...reset, at: now });
    expect(problems()).toMatchObject([{ times: 2, until: START + 4000 }]);
    history.connection({ phase: 'online', since: now }, HERE);
    pass(4000);
    history.problem({ ...reset, at: now });
    expect(problems()).toMatchObject([{ times: 2 }, { times: 1 }]);
  });

  it('tells what is older than a day no more, but always the state it is in', async () => {
    history.rung('login', 'no session is stored');
    now += HISTORY_MS + 1;
    expect(await history.list()).toMatchObject([{ kind: 'state' }]);
  });

  it('goes on where it cannot be kept', async () => {
    await history.close();
    history = open({ put: () => Promise.reject(new Error('the disk is full')) });
    history.begin(true);
    history.connection({ phase: 'online', since: now }, HERE);
    await expect(history.close()).resolves.toBeUndefined();
  });
});
