import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../shared/problem.ts';
import {
  climb as climbWith,
  type LadderEvent,
  type LadderState,
  ladderStart,
  type Means,
} from './ladder.ts';

const half = () => 0.5;

function climb(state: LadderState, event: LadderEvent, random: () => number, means: Means = {}) {
  return climbWith(state, event, means, random);
}

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
      { ...ladderStart, failures: 6 },
      { type: 'ended', rung: 'login', problem: problem('endpoint.gone'), onlineMs: 60_000 },
      half,
    );
    expect(state.failures).toBe(1);
    expect(step).toMatchObject({ do: 'wait', ms: 500 });
  });

  it('counts a session that ended right after it began', () => {
    const { state } = climb(
      { ...ladderStart, failures: 2 },
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
        rung: fc.constantFrom('re-attach', 'resume', 'fast', 'login'),
        problem: fc.constantFrom(
          problem('network.reset'),
          problem('endpoint.gone', 'now'),
          problem('endpoint.policy-violation'),
          problem('network.one-connection', 'now'),
          problem('network.request-too-large', 'now'),
          problem('server.not-resumed', 'now'),
          problem('server.feature-silent', 'now'),
        ),
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
          let atOnce = 0;
          for (const event of events) {
            const next = climb(state, event, () => r);
            state = next.state;
            expect(['wait', 'login']).toContain(next.step.do);
            atOnce =
              next.step.do === 'wait' || event.type !== 'ended' || event.onlineMs > 0
                ? 0
                : atOnce + 1;
            expect(atOnce).toBeLessThanOrEqual(7);
            if (next.step.do === 'wait') {
              expect(next.step.ms).toBeLessThanOrEqual(60_000);
              expect(climb(state, { type: 'waited', asked: false }, half).step.do).toBe('login');
            }
          }
        },
      ),
    );
  });

  describe('for a new session', () => {
    const stream = { silentMs: 40_000, keptMs: 300_000 };
    const gone: LadderEvent = {
      type: 'ended',
      rung: 're-attach',
      problem: problem('endpoint.item-not-found', 'now'),
      onlineMs: 0,
    };

    it('resumes the stream of the lost one while the server may keep it', () => {
      expect(climb(ladderStart, gone, half, { stream, token: true }).step).toEqual({
        do: 'resume',
        reason:
          'the stored session ended: endpoint.item-not-found; the server may keep its stream for 260 s more',
      });
    });

    it('uses a token where the stream is too old, and the password where there is no token', () => {
      const old = { silentMs: 300_001, keptMs: 300_000 };
      expect(climb(ladderStart, gone, half, { stream: old, token: true }).step).toMatchObject({
        do: 'fast',
        reason: expect.stringContaining('a token is stored'),
      });
      expect(climb(ladderStart, gone, half, { stream: old }).step.do).toBe('login');
    });

    it('resumes after a restart too', () => {
      expect(climb(ladderStart, { type: 'start' }, half, { stream }).step.do).toBe('resume');
    });

    it('tries to resume again after a fault that was the network’s', () => {
      const cut: LadderEvent = {
        type: 'ended',
        rung: 'resume',
        problem: problem('network.reset', 'now'),
        onlineMs: 0,
      };
      const { state, step } = climb(ladderStart, cut, half, { stream });
      expect(step.do).toBe('wait');
      expect(climb(state, { type: 'waited', asked: false }, half, { stream }).step.do).toBe(
        'resume',
      );
    });

    it.each([
      ['server.not-resumed', 'resume'],
      ['server.feature-silent', 'fast'],
    ] as const)('takes the next rung at once after %s', (code, rung) => {
      const ended: LadderEvent = {
        ...{ type: 'ended', rung, problem: problem(code, 'now'), onlineMs: 0 },
      };
      const { state, step } = climb(ladderStart, ended, half);
      expect(step).toEqual({ do: 'login', reason: `another way in is taken: ${code}` });
      expect(state.failures).toBe(0);
    });

    it('begins one with smaller requests at once where the session could not go on without', () => {
      const ended: LadderEvent = {
        ...{ type: 'ended', rung: 'login', onlineMs: 0 },
        problem: problem('network.request-too-large', 'now'),
      };
      expect(climb(ladderStart, ended, half).step.do).toBe('login');
    });

    it('begins one with a single connection at once, but not twice', () => {
      const ended: LadderEvent = {
        ...{ type: 'ended', rung: 'login', onlineMs: 0 },
        problem: problem('network.one-connection', 'now'),
      };
      expect(climb(ladderStart, ended, half).step.do).toBe('login');
      expect(climb(ladderStart, { ...ended, polling: true }, half).step.do).toBe('wait');
    });
  });

  it('slows down where the manager found it too fast, whatever the rung', () => {
    for (const rung of ['re-attach', 'login'] as const) {
      const { step } = climb(
        ladderStart,
        { type: 'ended', rung, problem: problem('endpoint.policy-violation'), onlineMs: 0 },
        half,
      );
      expect(step).toMatchObject({ do: 'wait', ms: 10_000 });
    }
  });

  describe('where the server names another address', () => {
    const sentTo = (detail: string, onlineMs = 0): LadderEvent => ({
      ...{ type: 'ended', rung: 'login', onlineMs, endpoint: 'https://a.example/bosh' },
      problem: { ...problem('endpoint.see-other-uri', 'now'), detail },
    });
    const there = 'https://b.example/bosh';

    it('signs in there at once, with nothing of the session before', () => {
      const means = { token: true, stream: { silentMs: 0, keptMs: 1 } };
      expect(climb(ladderStart, sentTo(there), half, means).step).toEqual({
        ...{ do: 'login', reason: 'the server asks to use b.example', endpoint: there },
      });
    });

    it('stays there until the next pause', () => {
      let { state } = climb(ladderStart, sentTo(there), half);
      const silent = problem('server.feature-silent', 'now');
      const ended = { type: 'ended', rung: 'login', problem: silent, onlineMs: 0 } as const;
      const next = climb(state, ended, half);
      expect(next.step).toMatchObject({ do: 'login', endpoint: there });
      const failed = { ...ended, problem: problem('network.refused') };
      ({ state } = climb(next.state, failed, half));
      expect(climb(state, { type: 'waited', asked: false }, half).step).not.toHaveProperty(
        'endpoint',
      );
    });

    it('follows three, then gives up, and follows again after a time online', () => {
      let state = ladderStart;
      for (let hop = 0; hop < 3; hop++) {
        const next = climb(state, sentTo(there), half);
        expect(next.step.do).toBe('login');
        state = next.state;
      }
      expect(climb(state, sentTo(there), half).step).toMatchObject({
        do: 'give-up',
        problem: { message: expect.stringContaining('without end'), retry: 'never' },
      });
      expect(climb(state, sentTo(there, 1_000), half).step.do).toBe('login');
    });

    it.each(['http://b.example/bosh', 'nowhere', ''])('does not follow %j', (address) => {
      expect(climb(ladderStart, sentTo(address), half).step).toMatchObject({
        do: 'give-up',
        problem: { code: 'endpoint.see-other-uri', message: expect.stringContaining('not safe') },
      });
    });
  });
});
