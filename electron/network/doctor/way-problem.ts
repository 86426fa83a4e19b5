/** What keeps the doctor from reaching what it looks at, if the first steps found anything. Pure. */
import type { Problem } from '../../../shared/problem.ts';
import type { Readings } from './readings.ts';

const way = [
  'proxy-settings',
  'name-resolution',
  'connection',
  'proxy-sign-in',
  'encryption',
] as const;

/** The first problem on the way to the target; undefined where it can be reached. */
export function wayProblem(readings: Readings): Problem | undefined {
  return way.map((id) => readings[id]?.problem).find((problem) => problem !== undefined);
}
