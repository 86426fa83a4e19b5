/**
 * Reads the certificate a TLS server shows: who issued it, for which names and when it is good (RFC 5280 §4).
 * Pure; the step `encryption` calls it.
 */
import type { DetailedPeerCertificate } from 'node:tls';
import type { Trust } from '../../../shared/certificate.ts';
import { describePeer, nameOf, namesOf, peerChain } from '../certificates/peer-certificate.ts';

export interface CertificateReading {
  /** Whom it names. */
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly validFrom: string;
  /** ISO 8601. */
  readonly validTo: string;
  /** The host names it is good for. */
  readonly names: readonly string[];
  /** From the server's own to the root, as far as it is known. */
  readonly chain: readonly string[];
  /** Why it is trusted; absent where it is not. */
  readonly trust?: Trust;
}

/** @param trust why it is trusted; undefined where it is not */
export function readCertificate(
  certificate: DetailedPeerCertificate,
  trust: Trust | undefined,
): CertificateReading {
  const { subject, issuer, validFrom, validTo } = describePeer(certificate);
  return {
    ...{ subject, issuer, validFrom, validTo },
    names: namesOf(certificate),
    chain: peerChain(certificate).map((each) => nameOf(each.subject)),
    ...(trust === undefined ? {} : { trust }),
  };
}

/** Where the authority a certificate comes from was added, in words; undefined where it was nowhere. */
export function addedTo(trust: Trust | undefined): string | undefined {
  if (trust === 'added') return 'Holdfast';
  return trust === 'system' ? 'this computer' : undefined;
}
