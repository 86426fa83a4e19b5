import { describe, expect, it } from 'vitest';
import type { MessageState } from '../../../shared/contract/records.ts';
import { archiveConfirms, mayMove, type Rung } from './ladder.ts';

const states: MessageState[] = ['waiting', 'sending', 'sent', 'delivered', 'failed', 'received'];
const rungs: Rung[] = ['sent', 'delivered', 'failed'];

describe('mayMove', () => {
  const moves = new Set([
    'waiting sent',
    'waiting delivered',
    'waiting failed',
    'sending sent',
    'sending delivered',
    'sending failed',
    'sent delivered',
    'sent failed',
    'failed delivered',
  ]);

  it.each(states.flatMap((from) => rungs.map((to) => [from, to] as const)))(
    'from %s to %s goes upwards only',
    (from, to) => {
      expect(mayMove(from, to)).toBe(moves.has(`${from} ${to}`));
    },
  );
});

describe('archiveConfirms', () => {
  it('believes in what is on its way, and in what the server never took before', () => {
    const confirmed = states.filter((state) => archiveConfirms(state, false));
    expect(confirmed).toEqual(['waiting', 'sending', 'failed']);
  });

  it('does not take the copy of a message that came back for a later try', () => {
    expect(states.filter((state) => archiveConfirms(state, true))).toEqual(['sending']);
  });
});
