/**
 * Names what Node's sockets and TLS report when an exchange fails. The Node adapter calls it.
 * Codes: Node.js "Common system errors", OpenSSL's X509_V_ERR_*.
 */
import type { ProblemError } from '../../shared/problem.ts';
import { type NetworkFailure, networkProblem } from './network-problem.ts';

const byCode: Readonly<Record<string, NetworkFailure>> = {
  ECONNREFUSED: 'network.refused',
  ENOTFOUND: 'network.name-not-found',
  EAI_AGAIN: 'network.name-not-found',
  EAI_NODATA: 'network.name-not-found',
  EAI_NONAME: 'network.name-not-found',
  EAI_FAIL: 'network.name-not-found',
  EHOSTUNREACH: 'network.unreachable',
  EHOSTDOWN: 'network.unreachable',
  ENETUNREACH: 'network.unreachable',
  ENETDOWN: 'network.unreachable',
  EADDRNOTAVAIL: 'network.unreachable',
  ETIMEDOUT: 'network.timeout',
  ECONNRESET: 'network.reset',
  ECONNABORTED: 'network.reset',
  EPIPE: 'network.reset',
  EPROTO: 'network.tls',
};

/** What a certificate check or a handshake is called when it fails. */
const tlsCode =
  /^(ERR_SSL_|ERR_TLS_|CERT_|CRL_|UNABLE_TO_|INVALID_(CA|PURPOSE))|CERT|HOSTNAME_MISMATCH/;

/** The network problem behind an error of Node's sockets; its cause is kept. */
export function nodeFailure(error: unknown): ProblemError {
  const code = codeOf(error);
  const failure = byCode[code] ?? (tlsCode.test(code) ? 'network.tls' : 'network.failed');
  const text = error instanceof Error ? error.message : String(error);
  const detail = code === '' || text.includes(code) ? text : `${code}: ${text}`;
  return networkProblem(failure, { detail: detail.slice(0, 300), cause: error });
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  // Happy Eyeballs: every address failed, each with a code of its own.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}
