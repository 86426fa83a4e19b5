/** Reads a file with certificate authorities, as companies hand them out: PEM, one or several, or DER (RFC 7468, RFC 5280). */
import { X509Certificate } from 'node:crypto';
import type { Certificate } from '../../../shared/certificate.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { describePeer } from './peer-certificate.ts';

export interface AuthorityCertificate {
  readonly pem: string;
  readonly certificate: Certificate;
}

/** More in one file are somebody's whole trust store. */
const mostInFile = 20;

/**
 * The authorities in a file.
 * @param now epoch ms
 * @throws ProblemError `input.authority-unreadable` (no certificate in it), `input.authority-none` (a server's
 *   own certificate), `input.authority-expired` or `input.authority-too-many`
 */
export function readAuthorities(file: Uint8Array, now: number): AuthorityCertificate[] {
  const certificates = certificatesIn(Buffer.from(file));
  if (certificates.length === 0) throw new ProblemError(unreadable);
  if (certificates.length > mostInFile) throw new ProblemError(tooMany);
  const authorities = certificates.filter(({ ca }) => ca);
  if (authorities.length === 0) throw new ProblemError(noAuthority);
  const current = authorities.filter(({ validTo }) => Date.parse(validTo) > now);
  if (current.length === 0) throw new ProblemError(expired);
  return current.map((certificate) => ({
    pem: certificate.toString(),
    certificate: describePeer(certificate.toLegacyObject()),
  }));
}

/** What an authority's certificate says. */
export function describeAuthority(pem: string): Certificate {
  return describePeer(new X509Certificate(pem).toLegacyObject());
}

function certificatesIn(file: Buffer): X509Certificate[] {
  const blocks = file
    .toString('latin1')
    .match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END [^-]*-----/g);
  // PEM calls some certificates by longer names, and Node reads the short one only.
  const texts = blocks?.map((block) => block.replace(/(BEGIN|END) (TRUSTED |X509 )/g, '$1 '));
  return (texts ?? [file]).flatMap((one) => {
    try {
      return [new X509Certificate(one)];
    } catch {
      return [];
    }
  });
}

function input(code: string, message: string, advice: string): Problem {
  return { code, source: 'input', message, advice, retry: 'never' };
}

const unreadable = input(
  'input.authority-unreadable',
  'There is no certificate in this file.',
  'Ask whoever runs the network for the certificate of its authority, as a .pem, .crt or .cer file.',
);
const noAuthority = input(
  'input.authority-none',
  'This is the certificate of a server, not of an authority.',
  'Ask whoever runs the network for the certificate of its authority.',
);
const expired = input(
  'input.authority-expired',
  'The certificate of this authority has run out.',
  'Ask whoever runs the network for the present one.',
);
const tooMany = input(
  'input.authority-too-many',
  'There are too many certificates in this file.',
  'Choose a file with the certificate of one authority.',
);
