/**
 * Names what Chromium's network stack reports when an exchange fails (`net::ERR_…`, its
 * net_error_list.h). The Electron adapter calls it.
 */
import type { ProblemError } from '../../shared/problem.ts';
import { type NetworkFailure, networkProblem } from './network-problem.ts';

/** The first pattern that fits a code without its `ERR_` decides. */
const byCode: readonly (readonly [pattern: RegExp, failure: NetworkFailure])[] = [
  [/^PROXY_AUTH_/, 'network.proxy-auth'],
  [/^PROXY_CERTIFICATE_INVALID$/, 'network.proxy-tls'],
  [/^(PROXY_CONNECTION_FAILED|NO_SUPPORTED_PROXIES)$/, 'network.proxy-unreachable'],
  [/^SOCKS_CONNECTION_HOST_UNREACHABLE$/, 'network.proxy-gateway'],
  [/^(TUNNEL|SOCKS)_CONNECTION_FAILED$/, 'network.proxy-failed'],
  [/^(PAC_|MANDATORY_PROXY_CONFIGURATION_FAILED)/, 'network.pac-failed'],
  [/^(PROXY_HTTP_1_1_REQUIRED|UNEXPECTED_PROXY_AUTH)$/, 'network.proxy-answer'],
  [/^(CERT_|CERTIFICATE_|SSL_|BAD_SSL_|ECH_)/, 'network.tls'],
  [/^CONNECTION_REFUSED$/, 'network.refused'],
  [/^(NAME_|DNS_|ICANN_NAME_COLLISION)/, 'network.name-not-found'],
  [/^(CONNECTION_)?TIMED_OUT$/, 'network.timeout'],
  [/^RESPONSE_HEADERS_TOO_BIG$/, 'network.too-large'],
  [
    /^(INTERNET_DISCONNECTED|ADDRESS_(UNREACHABLE|INVALID)|NETWORK_ACCESS_DENIED|CONNECTION_FAILED)$/,
    'network.unreachable',
  ],
  [
    // The last two: the computer moved to another network, or fell asleep.
    /^(CONNECTION_(RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|CONTENT_LENGTH_MISMATCH|INCOMPLETE_|SOCKET_NOT_CONNECTED|HTTP2_|QUIC_|ABORTED|NETWORK_CHANGED|NETWORK_IO_SUSPENDED)/,
    'network.reset',
  ],
];

/** The network problem behind an error of Electron's `net`; its cause is kept. */
export function electronFailure(error: unknown): ProblemError {
  const text = error instanceof Error ? error.message : String(error);
  const code = /\bERR_([A-Z\d_]+)/.exec(text)?.[1] ?? '';
  const failure = byCode.find(([pattern]) => pattern.test(code))?.[1] ?? 'network.failed';
  return networkProblem(failure, { detail: text.slice(0, 300), cause: error });
}
