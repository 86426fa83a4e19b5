/**
 * Decides whether the TLS server at the other end of a socket is to be trusted, for one exchange of the Node
 * adapter. Sockets are opened without OpenSSL's own refusal, so that a certificate can be shown and excepted;
 * nothing is written to one before this has judged it.
 */
import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { CertificateFault, Trust } from '../../../shared/certificate.ts';
import { ProblemError } from '../../../shared/problem.ts';
import { certificateFailure, certificateProblem } from './certificate-problem.ts';
import { certificateFault, describePeer, nameOf, namesOf, peerChain } from './peer-certificate.ts';
import { base64Of, type Reach, type RootStore } from './root-store.ts';
import type { TrustSettings } from './trust-settings.ts';

/** Why a certificate is trusted, and the root it ends in where that is known. */
export interface TrustReading {
  readonly trust: Trust;
  readonly root?: string;
  /**
   * SHA-256 that tells whether a later connection is to the same: the certificate's own, or that of an authority
   * of this place, for those who inspect TLS make a new certificate for every connection.
   */
  readonly fingerprint: string;
}

export class PeerTrust {
  readonly #settings: TrustSettings;
  readonly #roots: RootStore;
  /** Hosts whose certificates only the system's roots explain. */
  readonly #wide = new Set<string>();
  constructor(settings: TrustSettings, roots: RootStore) {
    this.#settings = settings;
    this.#roots = roots;
  }

  /** Options for a TLS connection that this is going to judge. */
  optionsFor(host: string) {
    const secureContext = this.#context(this.#wide.has(host) ? 'wide' : 'usual');
    return {
      rejectUnauthorized: false,
      ...(secureContext === undefined ? {} : { secureContext }),
    };
  }

  /** For a server that is not judged here: all roots at once. */
  get widest() {
    return this.#context('wide');
  }

  /**
   * To be asked once, when the handshake is done.
   * @returns undefined where another connection is to be made, which will know more roots.
   * @throws ProblemError `network.certificate-…`
   */
  judge(socket: TLSSocket, host: string): TrustReading | undefined {
    const own = socket.getPeerCertificate(true);
    const chain = peerChain(own);
    if (socket.authorized) return this.#reading(chain, own.fingerprint256);
    // Node types it as an Error, and sets the code.
    const code = String(socket.authorizationError);
    const fault = this.#faultOf(code, chain, host);
    // Looked at last by Node, and only where nothing else is wrong.
    const isOtherName = chain.length === 0 || checkServerIdentity(host, own) !== undefined;
    const isExcepted =
      !isOtherName &&
      this.#settings
        .exceptions()
        .some(
          (exception) =>
            exception.host === host && exception.certificate.fingerprint === own.fingerprint256,
        );
    if (isExcepted) return { trust: 'exception', fingerprint: own.fingerprint256 };
    if (fault === 'unknown-issuer' && !this.#wide.has(host)) {
      this.#wide.add(host);
      return undefined;
    }
    const described = chain.map(describePeer);
    throw new ProblemError(
      certificateProblem(
        certificateFailure(host, isOtherName ? 'other-name' : fault, described),
        namesOf(own),
      ),
      { cause: new Error(code) },
    );
  }

  /**
   * OpenSSL tells the last of its complaints, and dates come late: a certificate that anybody could have made
   * must not pass for one that merely ran out.
   */
  #faultOf(
    code: string,
    chain: readonly DetailedPeerCertificate[],
    host: string,
  ): CertificateFault {
    const fault = certificateFault(code);
    if (fault !== 'expired' && fault !== 'not-yet-valid') return fault;
    return this.#isSignedByKnown(chain, host) ? fault : 'unknown-issuer';
  }

  #isSignedByKnown(chain: readonly DetailedPeerCertificate[], host: string): boolean {
    const added = new Set(this.#settings.authorities().map(base64Of));
    const certificates = chain.map(({ raw }) => new X509Certificate(raw));
    const known = certificates.findIndex(
      ({ raw }) =>
        added.has(raw.toString('base64')) ||
        this.#roots.isBundled(raw) ||
        (this.#wide.has(host) && this.#roots.isInstalled(raw)),
    );
    return (
      known >= 0 &&
      certificates
        .slice(0, known)
        .every((certificate, index) => isSignedBy(certificate, certificates[index + 1]))
    );
  }

  #context(reach: Reach) {
    return this.#roots.context(reach, this.#settings.authorities());
  }

  #reading(chain: readonly DetailedPeerCertificate[], fingerprint: string): TrustReading {
    const root = chain.at(-1);
    const trust = this.#trustOf(chain);
    const isOfThisPlace = trust === 'system' || trust === 'added';
    return {
      trust,
      fingerprint: isOfThisPlace ? (root?.fingerprint256 ?? fingerprint) : fingerprint,
      ...(root === undefined ? {} : { root: nameOf(root.subject) }),
    };
  }

  #trustOf(chain: readonly DetailedPeerCertificate[]): Trust {
    const added = new Set(this.#settings.authorities().map(base64Of));
    if (chain.some(({ raw }) => added.has(raw.toString('base64')))) return 'added';
    const root = chain.at(-1);
    return root !== undefined && this.#roots.isBundled(root.raw) ? 'public' : 'system';
  }
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate | undefined): boolean {
  return (
    issuer?.ca === true && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  );
}
