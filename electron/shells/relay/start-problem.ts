/** Why the relay cannot start, as a Problem. Used by `relay.ts` and `monitor.ts`. */
import { ProblemError } from '../../../shared/problem.ts';

export function startProblem(message: string, advice: string, cause: unknown): ProblemError {
  return new ProblemError(
    {
      ...{ code: 'app.cannot-start', source: 'app', message, advice, retry: 'never' },
      detail: cause instanceof Error ? cause.message : String(cause),
    },
    { cause },
  );
}
