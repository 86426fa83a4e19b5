/**
 * Reads the certificate a TLS server shows: who issued it, for which names and when it is good, and what is
 * wrong with it (RFC 5280 §6, RFC 6125). Pure but for the lists of roots it is given; the step `encryption` calls it.
 */
import type { DetailedPeerCertificate } from 'node:tls';

/** Why a certificate is not to be trusted. */
export type CertificateFault =
  | 'expired'
  | 'not-yet-valid'
  | 'other-name'
  | 'unknown-issuer'
  | 'other';

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

/** The longest chain that is followed. */
const longestChain = 10;

/**
 * @param authorizationError Node's code for what is wrong with it, if anything
 * @param isWellKnown whether a root of this SHA-256 fingerprint comes with Node
 */
export function readCertificate(
  certificate: DetailedPeerCertificate,
  authorizationError: string | undefined,
  isWellKnown: (fingerprint: string) => boolean,
): CertificateReading {
  const chain = chainOf(certificate);
  const root = chain.at(-1);
  const isComplete = root !== undefined && root.issuerCertificate === root;
  const fault = faultOf(authorizationError);
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: new Date(certificate.valid_from).toISOString(),
    validTo: new Date(certificate.valid_to).toISOString(),
    names: [...(certificate.subjectaltname ?? '').matchAll(/(?:DNS|IP Address):([^,]+)/g)].map(
      ([, name = '']) => name.trim(),
    ),
    chain: chain.map(({ subject }) => nameOf(subject)),
    isRootLocal: fault === undefined && isComplete && !isWellKnown(root.fingerprint256),
    ...(fault === undefined ? {} : { fault }),
  };
}

function chainOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (
    let current: DetailedPeerCertificate | undefined = certificate;
    current?.subject !== undefined && chain.length < longestChain;
    current = current.issuerCertificate === current ? undefined : current.issuerCertificate
  ) {
    chain.push(current);
  }
  return chain;
}

/** The common name, else the organisation: what a person would call it. */
function nameOf(name: DetailedPeerCertificate['subject'] | undefined): string {
  const text = [name?.CN ?? name?.O ?? name?.OU].flat()[0] ?? 'nobody';
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 120);
}

function faultOf(code: string | undefined): CertificateFault | undefined {
  switch (code) {
    case undefined:
    case '':
      return undefined;
    case 'CERT_HAS_EXPIRED':
      return 'expired';
    case 'CERT_NOT_YET_VALID':
      return 'not-yet-valid';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return 'other-name';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED':
      return 'unknown-issuer';
    default:
      return 'other';
  }
}
