/**
 * The failures of an HTTP exchange in plain words: every adapter of `http-exchange.ts` makes its errors
 * here, so that one fault reads the same whichever stack met it.
 */
import { ProblemError } from '../../shared/problem.ts';

/** The codes an {@link import('./http-exchange.ts').HttpExchange} fails with. */
export type NetworkFailure =
  | 'network.aborted'
  | 'network.timeout'
  | 'network.reset'
  | 'network.refused'
  | 'network.unreachable'
  | 'network.name-not-found'
  | 'network.tls'
  | 'network.proxy-auth'
  | 'network.too-large'
  | 'network.failed';

const words: Record<
  NetworkFailure,
  { message: string; advice: string; retry: 'now' | 'later' | 'never' }
> = {
  'network.aborted': {
    message: 'The request was called off.',
    advice: '',
    retry: 'never',
  },
  'network.timeout': {
    message: 'The server did not answer in time.',
    advice: 'Check that other websites open. Holdfast keeps trying.',
    retry: 'later',
  },
  'network.reset': {
    message: 'The connection was cut before the answer was complete.',
    advice: 'If this keeps happening, something between here and the server closes connections.',
    retry: 'now',
  },
  'network.refused': {
    message: 'The server does not accept connections at this address.',
    advice: 'The server may be restarting. If it lasts, check the BOSH address under Advanced.',
    retry: 'later',
  },
  'network.unreachable': {
    message: 'There is no way to the server from this network.',
    advice: 'Check that this computer is online. Holdfast goes on as soon as it is.',
    retry: 'later',
  },
  'network.name-not-found': {
    message: 'The name of the server could not be found.',
    advice: 'Check that this computer is online and that the address is spelled correctly.',
    retry: 'later',
  },
  'network.tls': {
    message: 'The secure connection could not be made.',
    advice:
      'The certificate may be wrong or the network may be inspecting traffic. Ask whoever runs the server or the network.',
    retry: 'later',
  },
  'network.proxy-auth': {
    message: 'The proxy of this network asks for a name and password.',
    advice: 'Sign in to the proxy, or ask whoever runs the network.',
    retry: 'never',
  },
  'network.too-large': {
    message: 'The answer was larger than Holdfast accepts.',
    advice: 'Try again. If it keeps happening, tell whoever runs the server.',
    retry: 'later',
  },
  'network.failed': {
    message: 'The request could not be completed.',
    advice: 'Holdfast tries again. If it keeps happening, copy the connection report.',
    retry: 'later',
  },
};

/** The {@link ProblemError} of a failed exchange. `detail` must hold no secret and no credential. */
export function networkProblem(
  code: NetworkFailure,
  options: { readonly detail?: string; readonly cause?: unknown } = {},
): ProblemError {
  const { detail, cause } = options;
  return new ProblemError(
    { code, source: 'network', ...words[code], ...(detail === undefined ? {} : { detail }) },
    cause === undefined ? undefined : { cause },
  );
}
