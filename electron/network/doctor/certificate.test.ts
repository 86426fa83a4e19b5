import type { DetailedPeerCertificate } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { readCertificate } from './certificate.ts';

/** A certificate as Node describes it; its own issuer where none is given. */
function certificate(name: string, issuer?: DetailedPeerCertificate): DetailedPeerCertificate {
  const shown = {
    subject: { CN: name },
    issuer: { CN: issuer?.subject.CN ?? name },
    valid_from: 'Jan  1 00:00:00 2026 GMT',
    valid_to: 'Jan  1 00:00:00 2027 GMT',
    subjectaltname: 'DNS:chat.example, IP Address:192.0.2.1',
    fingerprint256: name,
  } as unknown as DetailedPeerCertificate;
  shown.issuerCertificate = issuer ?? shown;
  return shown;
}

const chain = certificate('chat.example', certificate('Middle', certificate('Root')));
describe('readCertificate', () => {
  it('tells whom it names, who issued it and the chain to the root', () => {
    expect(readCertificate(chain, 'public')).toEqual({
      ...{ subject: 'chat.example', issuer: 'Middle' },
      ...{ validFrom: '2026-01-01T00:00:00.000Z', validTo: '2027-01-01T00:00:00.000Z' },
      names: ['chat.example', '192.0.2.1'],
      chain: ['chat.example', 'Middle', 'Root'],
      trust: 'public',
    });
  });

  it('ends with a chain that never does', () => {
    const one = certificate('one');
    one.issuerCertificate = certificate('two', one);
    expect(readCertificate(one, undefined).chain).toHaveLength(10);
  });
});
