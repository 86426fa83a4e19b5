/** HTTP/2, where the shell's HTTP speaks it. */
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import type { Handlers } from '../dispatch.ts';
import type { Publish } from '../host-state.ts';
import type { Http2Switch } from '../http2-switch.ts';

export function http2Commands(
  http2: Http2Switch | undefined,
  publish: Publish,
): Pick<Handlers, 'http2.switchOff'> {
  return {
    async 'http2.switchOff'({ willBeOff }) {
      if (!http2) throw new ProblemError(neverOn);
      http2.switchOff(willBeOff);
      publish({ type: 'http2', http2: http2.http2 });
      return {};
    },
  };
}

const neverOn: Problem = {
  code: 'input.no-http2',
  source: 'input',
  message: 'Holdfast uses no HTTP/2 here.',
  advice: '',
  retry: 'never',
};
