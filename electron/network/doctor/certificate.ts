/**
 * Reads the certificate a TLS server shows: who issued it, for which names and when it is good, and what is
 * wrong with it (RFC 5280 §6, RFC 6125). Pure but for the lists of roots it is given; the step `encryption` calls it.
 */
import type { DetailedPeerCertificate } from 'node:tls';
import type { CertificateFault } from '../../../shared/certificate.ts';
import {
  certificateFault,
  describePeer,
  nameOf,
  peerChain,
} from '../certificates/peer-certificate.ts';

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
  /** The root was installed on this computer: it is none of those that browsers and systems bring along. */
  readonly isRootLocal: boolean;
  readonly fault?: CertificateFault;
}

/**
 * @param authorizationError Node's code for what is wrong with it, if anything
 * @param isWellKnown whether a root of this SHA-256 fingerprint comes with Node
 */
export function readCertificate(
  certificate: DetailedPeerCertificate,
  authorizationError: string | undefined,
  isWellKnown: (fingerprint: string) => boolean,
): CertificateReading {
  const described = describePeer(certificate);
  const chain = peerChain(certificate);
  const root = chain.at(-1);
  const isComplete = root !== undefined && root.issuerCertificate === root;
  const fault = authorizationError ? certificateFault(authorizationError) : undefined;
  return {
    subject: described.subject,
    issuer: described.issuer,
    validFrom: described.validFrom,
    validTo: described.validTo,
    names: [...(certificate.subjectaltname ?? '').matchAll(/(?:DNS|IP Address):([^,]+)/g)].map(
      ([, name = '']) => name.trim(),
    ),
    chain: chain.map(({ subject }) => nameOf(subject)),
    isRootLocal: fault === undefined && isComplete && !isWellKnown(root.fingerprint256),
    ...(fault === undefined ? {} : { fault }),
  };
}
