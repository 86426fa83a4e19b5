/** What is known of the way to an endpoint once it has been examined. Pure; `AccountRuntime` calls it. */
import type { DoctorLearned } from '../../shared/doctor.ts';
import type { PathLimits } from '../../shared/path-limits.ts';

/** Holdfast asks for no longer wait, in s, and sends no larger requests, in bytes. */
const USUAL_WAIT_S = 60;
const USUAL_REQUEST = 500_000;

/** Known limits with what was measured in their place; what was not measured stays as it is. */
export function limitsAfter(known: PathLimits, learned: DoctorLearned): PathLimits {
  const { wait, oneConnection, largestRequest } = learned;
  const { wait: _wait, largestRequest: _largest, refusedRequest: _refused, ...rest } = known;
  const isFree = largestRequest !== undefined && largestRequest >= USUAL_REQUEST;
  const keptWait = wait ?? known.wait;
  return {
    ...rest,
    ...(oneConnection !== undefined && { oneConnection }),
    ...(keptWait !== undefined && keptWait < USUAL_WAIT_S && { wait: keptWait }),
    ...(largestRequest === undefined ? sizesOf(known) : isFree ? {} : { largestRequest }),
  };
}

function sizesOf({ largestRequest, refusedRequest }: PathLimits): PathLimits {
  return {
    ...(largestRequest !== undefined && { largestRequest }),
    ...(refusedRequest !== undefined && { refusedRequest }),
  };
}
