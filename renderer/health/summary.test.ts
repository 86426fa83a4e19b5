import { describe, expect, it } from 'vitest';
import { type Account, connectionPhaseSchema } from '../../shared/contract/records.ts';
import { type Health, sessionStateSchema } from '../../shared/health.ts';
import type { Problem } from '../../shared/problem.ts';
import { summarise } from './summary.ts';

const now = 1_000_000;

const account: Account = {
  id: 'a',
  jid: 'juliet@example.org',
  enabled: true,
  connection: { phase: 'online', since: 0 },
};

const health: Health = {
  takenAt: now,
  state: 'open',
  endpoint: 'https://example.org/http-bind',
  granted: {},
  window: [{ state: 'held', rid: 5 }, { state: 'free' }],
  held: 1,
  exchanges: [],
  roundTrip: { median: 4.2, worst: 9, samples: 3 },
  retries: 0,
  bytesSent: 0,
  bytesReceived: 0,
  orderingGuard: 0,
};

const problem: Problem = {
  code: 'network.html-answer',
  source: 'network',
  message: 'A web page came back.',
  advice: 'Sign in to this network.',
  retry: 'later',
};

describe('the summary of a session', () => {
  it('says in one sentence that all is well', () => {
    expect(summarise(account, health, now)).toEqual({
      tone: 'good',
      title: 'Connected',
      word: 'open',
      sentence: 'The server holds 1 request and answers in 4 ms.',
    });
  });

  it('does without a round trip that was not measured yet', () => {
    const { roundTrip: _, ...fresh } = health;
    expect(summarise(account, fresh, now).sentence).toBe(
      'The server holds 1 request and answers when there is news.',
    );
  });

  it('tells the requests under way while none is held', () => {
    const window: Health['window'] = [{ state: 'in-flight', rid: 5 }, { state: 'free' }];
    expect(summarise(account, { ...health, held: 0, window }, now).sentence).toBe(
      '1 request is on the way to the server. The server answers in 4 ms.',
    );
    expect(summarise(account, { ...health, held: 0, window: [] }, now).sentence).toContain(
      'No request is on the way.',
    );
  });

  it('tells of a broken session what happened, what to do, the next try and the time left', () => {
    const broken: Health = {
      ...health,
      state: 'broken',
      lastProblem: { ...problem, at: now },
      retryAt: now + 7_500,
      inactivityDeadline: now + 41_000,
    };
    expect(summarise(account, broken, now)).toMatchObject({
      tone: 'trouble',
      title: 'Trying again',
      word: 'broken',
      sentence: 'A web page came back. Sign in to this network.',
      next: 'Next try in 8 s. The session can go on for another 41 s.',
    });
    expect(summarise(account, broken, now + 50_000).next).toBe(
      'Trying now. The session may have ended on the server; a new one takes its place.',
    );
  });

  it.each(sessionStateSchema.options)('has words for %s', (state) => {
    const summary = summarise(account, { ...health, state }, now);
    expect(summary.word).toBe(state);
    expect(summary.title).toMatch(/^[A-Z][a-z ]+$/u);
    expect(summary.sentence).toMatch(/\.$/u);
  });
});

describe('the summary of an account without a session', () => {
  it('says that it is signed out', () => {
    const connection = { phase: 'offline' as const, since: 0 };
    expect(summarise({ ...account, enabled: false, connection }, undefined, now)).toMatchObject({
      tone: 'off',
      title: 'Not connected',
      sentence: 'This account is signed out, so there is no session with the server.',
    });
  });

  it('says why it failed and what to do', () => {
    const connection = { phase: 'failed' as const, since: 0, problem };
    expect(summarise({ ...account, connection }, undefined, now).sentence).toBe(
      'A web page came back. Sign in to this network.',
    );
  });

  it('counts down to the next try', () => {
    const connection = { phase: 'reconnecting' as const, since: 0, problem, retryAt: now + 3_000 };
    const next = (at: number) => summarise({ ...account, connection }, undefined, at).next;
    expect(next(now)).toBe('Next try in 3 s.');
    expect(next(now + 3_000)).toBe('Trying now.');
  });

  it.each(connectionPhaseSchema.options)('has words for %s', (phase) => {
    const summary = summarise({ ...account, connection: { phase, since: 0 } }, undefined, now);
    expect(summary.word).toBe(phase);
    expect(summary.sentence).toMatch(/\.$/u);
  });
});
