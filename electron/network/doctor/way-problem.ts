/** What keeps the doctor from reaching what it looks at, if the first steps found anything. Pure. */
import type { Problem } from '../../../shared/problem.ts';
import type { Readings } from './readings.ts';

const way = ['name-resolution', 'connection', 'proxy-sign-in', 'encryption'] as const;

/** What to say is in the way to the target; undefined where it can be reached. */
export function wayProblem(readings: Readings): Problem | undefined {
  const met = way.map((id) => readings[id]?.problem).find((problem) => problem !== undefined);
  // Where the settings could not be read, there may be a way that nobody knows of.
  return met && (readings['proxy-settings']?.problem ?? met);
}
