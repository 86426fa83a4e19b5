import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from '../../../shared/problem.ts';
import { createAuthority, type ThrowawayAuthority } from '../throwaway-certificates.ts';
import { describeAuthority, readAuthorities } from './authority-file.ts';

describe('a file of authorities', () => {
  let one: ThrowawayAuthority;
  let other: ThrowawayAuthority;

  beforeAll(async () => {
    [one, other] = await Promise.all([createAuthority(['DNS:a.example']), createAuthority()]);
  });

  const read = (file: string | Uint8Array, now = Date.now()) =>
    readAuthorities(typeof file === 'string' ? Buffer.from(file) : file, now);
  const codeOf = (work: () => unknown): string => {
    try {
      work();
      return 'read';
    } catch (error) {
      return problemOf(error).code;
    }
  };

  it('is read as PEM, with whatever stands around it', () => {
    const [authority] = read(`Bag Attributes\n  x: 1\n${one.ca}\nthe end`);
    expect(authority).toEqual({
      pem: one.ca,
      certificate: {
        subject: 'authority',
        issuer: 'authority',
        validFrom: expect.stringMatching(/Z$/),
        validTo: expect.stringMatching(/Z$/),
        fingerprint: new X509Certificate(one.ca).fingerprint256,
      },
    });
    expect(describeAuthority(one.ca)).toEqual(authority?.certificate);
  });

  it('is read as DER', () => {
    const [authority] = read(new X509Certificate(one.ca).raw);
    expect(authority?.pem).toBe(one.ca);
  });

  it('is read with Windows line ends and under the old name', () => {
    const text = one.ca.replaceAll('CERTIFICATE', 'X509 CERTIFICATE').replaceAll('\n', '\r\n');
    expect(read(text)).toHaveLength(1);
  });

  it('may hold several, of which servers are left out', () => {
    const certificates = `${one.ca}${one.certificates[0]?.cert}${other.ca}`;
    expect(read(certificates).map(({ pem }) => pem)).toEqual([one.ca, other.ca]);
  });

  it.each(['', 'hello', '<html>', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'is more than %j',
    (file) => {
      expect(codeOf(() => read(file))).toBe('input.authority-unreadable');
    },
  );

  it('is refused with a server’s own certificate, an old one, and a whole store', () => {
    expect(codeOf(() => read(one.certificates[0]?.cert ?? ''))).toBe('input.authority-none');
    expect(codeOf(() => read(one.ca, Date.now() + 9e9))).toBe('input.authority-expired');
    expect(codeOf(() => read(one.ca.repeat(21)))).toBe('input.authority-too-many');
  });
});
