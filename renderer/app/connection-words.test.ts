import { expect, it } from 'vitest';
import {
  type Account,
  type ConnectionPhase,
  connectionPhaseSchema,
} from '../../shared/contract/records.ts';
import { mostPressing, phaseTone, phaseWords } from './connection-words.ts';

function account(phase: ConnectionPhase): Account {
  return { id: phase, jid: 'a@b.example', enabled: true, connection: { phase, since: 1 } };
}

it('has words for every phase', () => {
  for (const phase of connectionPhaseSchema.options) expect(phaseWords(phase)).not.toBe('');
});

it('is alarmed only where the person has to do something', () => {
  expect(connectionPhaseSchema.options.filter((phase) => phaseTone(phase) === 'bad')).toEqual([
    'failed',
  ]);
});

it('puts what needs the person before what goes on by itself', () => {
  const phases: ConnectionPhase[] = ['offline', 'online', 'reconnecting', 'failed'];
  expect(mostPressing(phases.map(account))?.id).toBe('failed');
  expect(mostPressing(phases.slice(0, 3).map(account))?.id).toBe('reconnecting');
  expect(mostPressing(phases.slice(0, 2).map(account))?.id).toBe('online');
  expect(mostPressing([])).toBeUndefined();
});
