import { describe, expect, it } from 'vitest';
import type { ConnectionSpan } from './connection-spans.ts';
import { daySentence, eventWords, gapWords, limitSentences } from './history-words.ts';
import type { Problem } from './problem.ts';

const MINUTE = 60_000;
const problem: Problem = {
  ...{ code: 'network.reset', source: 'network', retry: 'now', advice: '' },
  message: 'The connection was closed early.',
};

/** One after the other from 0 on. */
function spans(...given: [ConnectionSpan['state'], minutes: number][]): ConnectionSpan[] {
  let at = 0;
  return given.map(([state, minutes]) => {
    const from = at;
    at += minutes * MINUTE;
    const isTrouble = state === 'recovering' || state === 'down';
    return { state, from, to: at, ...(isTrouble && { problem }) };
  });
}

describe('the words for a day', () => {
  it('count the time Holdfast tried to be connected', () => {
    expect(daySentence(spans(['not-running', 60], ['recovering', 1], ['up', 59]))).toBe(
      'Connected for 59 min of 1 h. One interruption of 60 s.',
    );
    expect(daySentence(spans(['up', 50], ['down', 2], ['up', 5], ['recovering', 3]))).toBe(
      'Connected for 55 min of 1 h. 2 interruptions, the longest 3 min.',
    );
  });

  it('say so where there was nothing to count', () => {
    expect(daySentence(spans(['up', 60]))).toBe('Connected for 1 h of 1 h. No interruption.');
    expect(daySentence(spans(['unknown', 5], ['signed-out', 1]))).toBe(
      'There was no connection to keep in this time.',
    );
  });
});

describe('the words for a gap', () => {
  it('tell a lost session from one that went on, and from no Holdfast', () => {
    const outage = { from: 0, to: 1, isOpen: false, problem };
    expect(gapWords({ ...outage, isDown: true })).toBe(
      'No connection: The connection was closed early.',
    );
    expect(gapWords({ ...outage, isDown: false })).toMatch(/^Recovering: /u);
    expect(gapWords({ from: 0, to: 1, state: 'not-running' })).toBe('Holdfast was not running');
  });
});

describe('the words for an event', () => {
  it('say how often and for how long', () => {
    const event = { id: 'a', at: 0, until: 4000, kind: 'problem', problem } as const;
    expect(eventWords({ ...event, times: 1 })).toBe('The connection was closed early.');
    expect(eventWords({ ...event, times: 3 })).toBe(
      'The connection was closed early. 3 times within 4 s.',
    );
  });

  it('tell a start from a recovery', () => {
    const event = { id: 'a', at: 0, until: 1, kind: 'state', state: 'recovering' } as const;
    expect(eventWords(event)).toBe('Connecting');
    expect(eventWords({ ...event, problem })).toBe('Recovering: The connection was closed early.');
  });

  it('say what was learned, and that it was forgotten', () => {
    const event = { id: 'a', at: 0, kind: 'limits' } as const;
    expect(eventWords({ ...event, limits: { wait: 8, oneConnection: true } })).toBe(
      'Learned about this network: Requests held for more than 8 s are cut. A second request at the same time does not get through.',
    );
    expect(eventWords({ ...event, limits: { oneConnection: false } })).toBe(
      'Learned about this network: Nothing is in the way.',
    );
    expect(eventWords({ ...event, limits: {} })).toBe(
      'What was learned about this network was forgotten.',
    );
  });

  it('name the size that was refused', () => {
    expect(limitSentences({ largestRequest: 8000, refusedRequest: 9000 })).toEqual([
      'A request of 9.0 KB was refused for its size.',
    ]);
    expect(limitSentences({ largestRequest: 8000 })).toEqual([
      'Requests larger than 8.0 KB are refused.',
    ]);
  });
});
