import { describe, expect, it } from 'vitest';
import { networks } from './matrix.ts';

/** What the matrix is to hold, in the words it was asked for, and the rows that hold it. */
const ASKED_FOR: Readonly<Record<string, readonly string[]>> = {
  'squid open': ['squid-open'],
  'squid Basic': ['squid-basic'],
  'squid Digest': ['squid-digest'],
  'squid NTLM': ['squid-ntlm'],
  'squid denying CONNECT': ['squid-denies-connect'],
  'squid cutting at 10 s and at 30 s': ['squid-cuts-10s', 'squid-cuts-30s'],
  tinyproxy: ['tinyproxy', 'tinyproxy-basic'],
  'nginx that buffers': ['nginx-buffers'],
  'nginx that cuts': ['nginx-cuts-10s'],
  'nginx that answers 502/504': ['nginx-502', 'nginx-504'],
  'nginx that limits bodies': ['nginx-limits-bodies'],
  'haproxy that buffers': ['haproxy-buffers'],
  'haproxy that cuts, and answers 502/504': ['haproxy-cuts-30s', 'haproxy-502', 'haproxy-503'],
  'haproxy that limits bodies': ['haproxy-limits-bodies'],
  'HTTP/1.0 only': ['http-1.0'],
  'a TLS-inspecting proxy with a company CA': ['inspected', 'inspected-unknown'],
  'a SOCKS5 proxy': ['socks5', 'socks5-password'],
  'PAC with different answers per URL': ['pac-per-address', 'pac-socks'],
  'captive portals of three kinds': ['portal-redirects', 'portal-page', 'portal-certificate'],
  'a proxy that closes idle connections': ['closes-idle', 'nat-forgets'],
  'a proxy that allows one connection': ['one-connection', 'nginx-one-request'],
  'a proxy that drips': ['drips'],
  'a proxy that strips headers': ['strips-headers'],
  'DNS only at the proxy': ['squid-open', 'name-unknown'],
  '300 ms delay with jitter': ['delay-300ms'],
  '2% loss': ['loss-2-percent'],
  'both at once': ['delay-and-loss'],
  'a certificate that ran out, and a clock that is wrong': ['certificate-expired', 'clock-wrong'],
};

describe('the matrix of networks', () => {
  const names = networks.map(({ name }) => name);

  it('has at least thirty, each by a name of its own', () => {
    expect(new Set(names).size).toBe(networks.length);
    expect(networks.length).toBeGreaterThanOrEqual(30);
  });

  it.each(Object.entries(ASKED_FOR))('holds %s', (_, rows) => {
    expect(names).toEqual(expect.arrayContaining([...rows]));
  });

  it('names both the problem and the verdict where nothing gets through', () => {
    for (const { name, problem, verdict } of networks) {
      expect({ name, has: verdict !== undefined }).toEqual({ name, has: problem !== undefined });
    }
  });
});
