import { expect, it } from 'vitest';
import { electronFailure } from './electron-failure.ts';

it.each([
  ['CONNECTION_REFUSED', 'network.refused'],
  ['CONNECTION_RESET', 'network.reset'],
  ['CONNECTION_CLOSED', 'network.reset'],
  ['EMPTY_RESPONSE', 'network.reset'],
  ['HTTP2_PING_FAILED', 'network.reset'],
  ['NETWORK_CHANGED', 'network.reset'],
  ['NETWORK_IO_SUSPENDED', 'network.reset'],
  ['CONNECTION_TIMED_OUT', 'network.timeout'],
  ['TIMED_OUT', 'network.timeout'],
  ['NAME_NOT_RESOLVED', 'network.name-not-found'],
  ['DNS_TIMED_OUT', 'network.name-not-found'],
  ['INTERNET_DISCONNECTED', 'network.unreachable'],
  ['ADDRESS_UNREACHABLE', 'network.unreachable'],
  ['PROXY_CONNECTION_FAILED', 'network.proxy-unreachable'],
  ['TUNNEL_CONNECTION_FAILED', 'network.proxy-failed'],
  ['SOCKS_CONNECTION_FAILED', 'network.proxy-failed'],
  ['SOCKS_CONNECTION_HOST_UNREACHABLE', 'network.proxy-gateway'],
  ['NO_SUPPORTED_PROXIES', 'network.proxy-unreachable'],
  ['PAC_SCRIPT_FAILED', 'network.pac-failed'],
  ['MANDATORY_PROXY_CONFIGURATION_FAILED', 'network.pac-failed'],
  ['UNEXPECTED_PROXY_AUTH', 'network.proxy-answer'],
  ['CERT_AUTHORITY_INVALID', 'network.tls'],
  ['CERTIFICATE_TRANSPARENCY_REQUIRED', 'network.tls'],
  ['SSL_PROTOCOL_ERROR', 'network.tls'],
  ['PROXY_CERTIFICATE_INVALID', 'network.proxy-tls'],
  ['PROXY_AUTH_UNSUPPORTED', 'network.proxy-auth'],
  ['RESPONSE_HEADERS_TOO_BIG', 'network.too-large'],
  ['CONTENT_DECODING_FAILED', 'network.failed'],
  ['BLOCKED_BY_ADMINISTRATOR', 'network.failed'],
])('calls net::ERR_%s %s', (name, code) => {
  const cause = new Error(`net::ERR_${name}`);
  const error = electronFailure(cause);
  expect(error.problem).toMatchObject({ code, source: 'network', detail: cause.message });
  expect(error.cause).toBe(cause);
});

it('keeps an error it does not know', () => {
  expect(electronFailure('odd').problem).toMatchObject({ code: 'network.failed', detail: 'odd' });
});
