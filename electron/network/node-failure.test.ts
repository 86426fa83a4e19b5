import { expect, it } from 'vitest';
import { nodeFailure } from './node-failure.ts';

function failed(code: string, message = 'it failed'): Error {
  return Object.assign(new Error(message), { code });
}

it.each([
  ['ECONNREFUSED', 'network.refused'],
  ['ECONNRESET', 'network.reset'],
  ['EPIPE', 'network.reset'],
  ['ETIMEDOUT', 'network.timeout'],
  ['ENOTFOUND', 'network.name-not-found'],
  ['EAI_AGAIN', 'network.name-not-found'],
  ['ENETUNREACH', 'network.unreachable'],
  ['EHOSTUNREACH', 'network.unreachable'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network.tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'network.tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'network.tls'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'network.tls'],
  ['CERT_HAS_EXPIRED', 'network.tls'],
  ['CRL_HAS_EXPIRED', 'network.tls'],
  ['HOSTNAME_MISMATCH', 'network.tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'network.tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'network.tls'],
  ['EPROTO', 'network.tls'],
  ['EMFILE', 'network.failed'],
])('calls %s %s', (code, expected) => {
  const cause = failed(code);
  const error = nodeFailure(cause);
  expect(error.problem).toMatchObject({ code: expected, detail: `${code}: it failed` });
  expect(error.cause).toBe(cause);
});

it('goes by the first of several addresses that failed', () => {
  const error = new AggregateError([failed('ENETUNREACH'), failed('ECONNREFUSED')]);
  expect(nodeFailure(error).problem.code).toBe('network.unreachable');
});

it('says a code once', () => {
  const error = failed('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1');
  expect(nodeFailure(error).problem.detail).toBe('connect ECONNREFUSED 127.0.0.1:1');
});
