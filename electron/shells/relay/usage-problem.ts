/** A wrong command line as a Problem. Used where the relay's command line is read. */
import { ProblemError } from '../../../shared/problem.ts';

/** @param advice what would be right. */
export function usageProblem(message: string, advice: string): ProblemError {
  return new ProblemError({
    ...{ code: 'app.usage', source: 'input', message, advice, retry: 'never' },
  });
}
