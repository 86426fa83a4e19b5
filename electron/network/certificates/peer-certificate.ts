/**
 * What the certificate of a TLS server says, as `node:tls` hands it over: its chain, and what OpenSSL's names
 * for faults mean. The Node adapter and the doctor read it.
 */
import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';
import type { Certificate, CertificateFault } from '../../../shared/certificate.ts';

/** The longest chain that is followed. */
const longestChain = 10;

/** From the server's own to the root, as far as it is known. */
export function peerChain(certificate: DetailedPeerCertificate): DetailedPeerCertificate[] {
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

export function describePeer(certificate: PeerCertificate): Certificate {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: isoTime(certificate.valid_from),
    validTo: isoTime(certificate.valid_to),
    fingerprint: certificate.fingerprint256,
  };
}

/** The common name, else the organisation: what a person would call it. */
export function nameOf(name: PeerCertificate['subject'] | undefined): string {
  const text = [name?.CN ?? name?.O ?? name?.OU].flat()[0] ?? 'nobody';
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 120);
}

/** The host names and addresses it is good for (RFC 5280 §4.2.1.6). */
export function namesOf({ subjectaltname = '' }: PeerCertificate): string[] {
  return [...subjectaltname.matchAll(/(?:DNS|IP Address):([^,]+)/g)].map(([, name = '']) =>
    name.trim(),
  );
}

/** @param code Node's `authorizationError`: one of OpenSSL's X509_V_ERR_*, or its own. */
export function certificateFault(code: string): CertificateFault {
  switch (code) {
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

function isoTime(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}
