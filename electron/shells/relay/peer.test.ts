import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isTrustworthy, peerReader } from './peer.ts';

function request(
  remoteAddress: string,
  headers: IncomingHttpHeaders = {},
  encrypted = false,
): IncomingMessage {
  const socket = { remoteAddress, ...(encrypted ? { encrypted } : {}) };
  return { socket, connection: socket, headers } as unknown as IncomingMessage;
}

describe('who sends a request', () => {
  it('is the other end of the connection, whatever the request says', () => {
    const peerOf = peerReader([]);
    const headers = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' };
    expect(peerOf(request('198.51.100.7', headers))).toEqual({
      address: '198.51.100.7',
      secure: false,
    });
    expect(peerOf(request('198.51.100.7', {}, true)).secure).toBe(true);
  });

  it('is safe from listeners on this computer', () => {
    const peerOf = peerReader([]);
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
      expect(peerOf(request(address))).toEqual({ address, secure: true });
    }
    expect(peerOf(request('::ffff:10.0.0.1')).secure).toBe(false);
    expect(peerOf(request('')).secure).toBe(false);
  });

  it('is who a trusted proxy says', () => {
    const peerOf = peerReader(['10.0.0.0/24']);
    const headers = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' };
    expect(peerOf(request('10.0.0.7', headers))).toEqual({ address: '192.0.2.1', secure: true });
    expect(peerOf(request('::ffff:10.0.0.7', headers)).address).toBe('192.0.2.1');
    expect(peerOf(request('10.0.1.7', headers))).toEqual({ address: '10.0.1.7', secure: false });
  });

  it('is not who the client says it is', () => {
    const peerOf = peerReader(['loopback']);
    const headers = {
      'x-forwarded-for': '127.0.0.1, 203.0.113.9, 192.0.2.1',
      'x-forwarded-proto': 'https, http',
    };
    expect(peerOf(request('127.0.0.1', headers))).toEqual({ address: '192.0.2.1', secure: false });
  });

  it('is the first on the way that is not trusted', () => {
    const peerOf = peerReader(['loopback', '10.0.0.0/8']);
    const headers = { 'x-forwarded-for': '192.0.2.1, 10.1.1.1', 'x-forwarded-proto': 'https' };
    expect(peerOf(request('127.0.0.1', headers)).address).toBe('192.0.2.1');
  });

  it('is not safe behind a proxy that does not say so', () => {
    const peerOf = peerReader(['loopback']);
    expect(peerOf(request('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' })).secure).toBe(false);
    expect(peerOf(request('127.0.0.1')).secure).toBe(false);
  });

  it.each([
    ['loopback', true],
    ['10.0.0.1', true],
    ['2001:db8::/32', true],
    ['example.org', false],
    ['10.0.0.0/40', false],
    ['', false],
  ])('trusts “%s”: %s', (proxies, possible) => {
    expect(isTrustworthy(proxies)).toBe(possible);
  });
});
