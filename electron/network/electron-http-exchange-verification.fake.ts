/**
 * The way Chromium verifies a server's certificate, for the fake of Electron's `net`: its own verdict by the worst
 * fault, which a session's verification may overrule.
 */
import { once } from 'node:events';
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect,
  type DetailedPeerCertificate,
  type TLSSocket,
} from 'node:tls';
import type { Certificate, Session } from 'electron';
import { certificateFault, peerChain } from './certificates/peer-certificate.ts';

export type VerifyProc = NonNullable<Parameters<Session['setCertificateVerifyProc']>[0]>;

/** @throws Error with Chromium's name, such as `net::ERR_CERT_AUTHORITY_INVALID`. */
export async function verifiedConnection(
  options: ConnectionOptions & { readonly hostname: string },
  verify: VerifyProc | undefined,
): Promise<TLSSocket> {
  const { hostname, ...connection } = options;
  const socket = connect({ ...connection, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
  } catch (error) {
    throw new Error('net::ERR_SSL_PROTOCOL_ERROR', { cause: error });
  }
  const peer = socket.getPeerCertificate(true);
  const result = verdictOf(socket, peer, hostname, options.ca !== undefined);
  const certificate = asElectron(peerChain(peer));
  const answer = verify === undefined ? -3 : await asked(verify, hostname, certificate, result);
  const error = answer === 0 || (answer === -3 && result === 'net::OK') ? undefined : result;
  if (error === undefined) return socket;
  socket.destroy();
  throw new Error(error);
}

function asked(
  verify: VerifyProc,
  hostname: string,
  certificate: Certificate,
  verificationResult: string,
): Promise<number> {
  return new Promise((resolve) =>
    verify(
      {
        ...{ hostname, certificate, validatedCertificate: certificate, verificationResult },
        // Nothing in a test is signed by one of the world's authorities.
        ...{ isIssuedByKnownRoot: false, errorCode: verificationResult === 'net::OK' ? 0 : -1 },
      },
      resolve,
    ),
  );
}

/** Authority, name, dates, in this order (Chromium's MapCertStatusToNetError). */
function verdictOf(
  socket: TLSSocket,
  peer: DetailedPeerCertificate,
  hostname: string,
  isAuthorityKnown: boolean,
): string {
  const { authorized, authorizationError } = socket;
  const fault = authorized ? undefined : certificateFault(String(authorizationError));
  // OpenSSL tells the last of its complaints; nobody signed for a test whom this computer knows.
  if (fault === 'unknown-issuer' || (fault !== undefined && !isAuthorityKnown)) {
    return 'net::ERR_CERT_AUTHORITY_INVALID';
  }
  if (checkServerIdentity(hostname, peer)) return 'net::ERR_CERT_COMMON_NAME_INVALID';
  if (fault === undefined) return 'net::OK';
  const isDate = fault === 'expired' || fault === 'not-yet-valid';
  return isDate ? 'net::ERR_CERT_DATE_INVALID' : 'net::ERR_CERT_INVALID';
}

function asElectron([own, ...rest]: readonly DetailedPeerCertificate[]): Certificate {
  const pem = own?.raw.toString('base64').replace(/(.{64})(?!$)/g, '$1\n');
  return {
    data: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
    ...(rest.length > 0 ? { issuerCert: asElectron(rest) } : {}),
  } as Certificate;
}
