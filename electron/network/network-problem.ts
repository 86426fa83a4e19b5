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
  | ProxyFailure
  | 'network.too-large'
  | 'network.failed';

/** Those that are a proxy's doing, or that of what chooses one. */
export type ProxyFailure =
  | 'network.proxy-auth'
  | 'network.proxy-auth-unsupported'
  | 'network.proxy-unreachable'
  | 'network.proxy-tls'
  | 'network.proxy-refused'
  | 'network.proxy-gateway'
  | 'network.proxy-failed'
  | 'network.proxy-answer'
  | 'network.pac-failed';

const words: Record<
  NetworkFailure,
  { message: string; advice: string; retry: 'now' | 'later' | 'never' }
> = {
  'network.aborted': {
    message: 'Holdfast called the request off.',
    advice: 'There is nothing to do.',
    retry: 'never',
  },
  'network.timeout': {
    message: 'No answer came from the server in time.',
    advice:
      'The network may be slow, or the server busy. Check that other websites open; Holdfast keeps trying.',
    retry: 'later',
  },
  'network.reset': {
    message: 'The connection was cut before the server’s answer was complete.',
    advice:
      'The network or the server did that. Holdfast tries again; if it keeps happening, examine the connection.',
    retry: 'now',
  },
  'network.refused': {
    message: 'The server does not accept connections at this address.',
    advice:
      'The server may be restarting, or a firewall may answer in its place. If it lasts, check the BOSH address.',
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
    message: 'No secure connection to the server could be made.',
    advice:
      'The address may be wrong, or the network may stand in between. Ask whoever runs the server or the network.',
    retry: 'later',
  },
  'network.proxy-auth': {
    message: 'The proxy of this network asks for a name and password.',
    advice: 'Sign in to the proxy, or ask whoever runs the network.',
    retry: 'later',
  },
  'network.proxy-auth-unsupported': {
    message: 'The proxy of this network asks for a kind of sign-in that Holdfast cannot do here.',
    advice:
      'The Holdfast desktop app can. Or ask whoever runs the network for another way through.',
    retry: 'later',
  },
  'network.proxy-unreachable': {
    message: 'The proxy could not be reached.',
    advice:
      'If this computer has moved to another network, change the proxy under Accounts. If not, ask whoever runs the network.',
    retry: 'later',
  },
  'network.proxy-tls': {
    message: 'No secure connection to the proxy could be made.',
    advice: 'Check the kind of proxy under Accounts, or ask whoever runs the network.',
    retry: 'later',
  },
  'network.proxy-refused': {
    message: 'The proxy of this network does not let this connection through.',
    advice: 'Ask whoever runs the network to allow the server, or try another network.',
    retry: 'later',
  },
  'network.proxy-gateway': {
    message: 'The proxy of this network could not reach the server.',
    advice: 'Check that the address is spelled correctly. Holdfast keeps trying.',
    retry: 'later',
  },
  'network.proxy-failed': {
    message: 'The proxy of this network did not make the connection.',
    advice:
      'It may not allow the server, or not reach it. Holdfast keeps trying; if it lasts, ask whoever runs the network.',
    retry: 'later',
  },
  'network.proxy-answer': {
    message: 'What answers at the address of the proxy is no proxy.',
    advice: 'Check the proxy under Accounts, or ask whoever runs the network.',
    retry: 'later',
  },
  'network.pac-failed': {
    message: 'The script that chooses the proxy of this network could not be used.',
    advice: 'Check its address under Accounts, or ask whoever runs the network.',
    retry: 'later',
  },
  'network.too-large': {
    message: 'The server’s answer was larger than Holdfast accepts.',
    advice: 'Try again. If it keeps happening, tell whoever runs the server.',
    retry: 'later',
  },
  'network.failed': {
    message: 'The request did not get through to the server.',
    advice:
      'Neither the network nor the server said why. Holdfast tries again; if it keeps happening, examine the connection.',
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
