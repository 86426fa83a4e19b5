import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../shared/problem.ts';
import { climb, type LadderEvent, ladderStart } from './ladder.ts';

const half = () => 0.5;

function problem(code: string, retry: Problem['retry'] = 'later'): Problem {
  return { code, source: 'endpoint', message: 'It ended.', advice: '', retry };
}

describe('the resume ladder', () => {
  it('goes on with a stored session first', () => {
    const { step } = climb(
      ladderStart,
      { type: 'start', session: { silentMs: 4_000, inactivityMs: 60_000 } },
      half,
    );
    expect(step).toEqual({ do: 're-attach', reason: 'a session silent for 4 s is stored' });
  });

  it('asks for a session older than its inactivity too, and says why', () => {
    const { step } = climb(
      ladderStart,
      { type: 'start', session: { silentMs: 90_000, inactivityMs: 60_000 } },
      half,
    );
    expect(step.do).toBe('re-attach');
    expect(step).toHaveProperty('reason', expect.stringContaining('may be gone'));
  });

  it('signs in where no session is stored', () => {
    expect(climb(ladderStart, { type: 'start' }, half).step.do).toBe('login');
  });

  it('signs in at once, without a pause, where the stored session is gone', () => {
    const { state, step } = climb(
      ladderStart,
      {
        type: 'ended',
        rung: 're-attach',
        problem: problem('endpoint.item-not-found', 'never'),
        onlineMs: 0,
      },
      half,
    );
    expect(step).toEqual({
      do: 'login',
      reason: 'the stored session ended: endpoint.item-not-found',
    });
    expect(state.failures).toBe(0);
  });

  it('pauses before signing in where a re-attached session lasted, since then others were cut off too', () => {
    const { step } = climb(
      ladderStart,
      {
        type: 'ended',
        rung: 're-attach',
        problem: problem('endpoint.item-not-found', 'now'),
        onlineMs: 60_000,
      },
      half,
    );
    expect(step).toMatchObject({ do: 'wait', ms: 500 });
  });

  it('waits longer after each failed sign-in', () => {
    let state = ladderStart;
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      const next = climb(
        state,
        { type: 'ended', rung: 'login', problem: problem('network.refused'), onlineMs: 0 },
        half,
      );
      state = next.state;
      if (next.step.do === 'wait') pauses.push(next.step.ms);
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000]);
  });

  it('forgets earlier failures after a good while online', () => {
    const { state, step } = climb(
      { failures: 6 },
      { type: 'ended', rung: 'login', problem: problem('endpoint.gone'), onlineMs: 60_000 },
      half,
    );
    expect(state.failures).toBe(1);
    expect(step).toMatchObject({ do: 'wait', ms: 500 });
  });

  it('counts a session that ended right after it began', () => {
    const { state } = climb(
      { failures: 2 },
      { type: 'ended', rung: 'login', problem: problem('endpoint.gone'), onlineMs: 1_000 },
      half,
    );
    expect(state.failures).toBe(3);
  });

  it('gives up on what only a person can mend', () => {
    const refused = problem('server.not-authorized', 'never');
    const { step } = climb(
      ladderStart,
      { type: 'ended', rung: 'login', problem: refused, onlineMs: 0 },
      half,
    );
    expect(step).toEqual({ do: 'give-up', problem: refused });
  });

  it.each(['re-attach', 'login'] as const)(
    'does not fight over the resource with another program (%s)',
    (rung) => {
      const { step } = climb(
        ladderStart,
        { type: 'ended', rung, problem: problem('server.conflict', 'now'), onlineMs: 0 },
        half,
      );
      expect(step).toMatchObject({
        do: 'give-up',
        problem: { retry: 'never', advice: expect.stringContaining('sign in again') },
      });
    },
  );

  it('keeps trying through any outage, never pausing longer than a minute', () => {
    const outage = fc.array(
      fc.record({
        type: fc.constant('ended' as const),
        rung: fc.constantFrom('re-attach' as const, 'login' as const),
        problem: fc.constantFrom(problem('network.reset'), problem('endpoint.gone', 'now')),
        onlineMs: fc.constantFrom(0, 10, 59_999, 60_000),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(
        outage,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (events: LadderEvent[], r) => {
          let state = ladderStart;
          for (const event of events) {
            const next = climb(state, event, () => r);
            state = next.state;
            expect(['wait', 'login']).toContain(next.step.do);
            if (next.step.do === 'wait') {
              expect(next.step.ms).toBeLessThanOrEqual(60_000);
              expect(climb(state, { type: 'waited', asked: false }, half).step.do).toBe('login');
            }
          }
        },
      ),
    );
  });
});
