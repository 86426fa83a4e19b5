/**
 * Whom Chromium believes in one account's session: its own verdict by the system's authorities, those a person
 * added, and the account's exceptions. The Electron adapter installs it and asks it what it saw.
 */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Certificate, Request, Session } from 'electron';
import type { CertificateFailure, CertificateFault } from '../../shared/certificate.ts';
import { certificateFailure } from './certificates/certificate-problem.ts';
import { describePeer, nameOf } from './certificates/peer-certificate.ts';
import type { TrustReading } from './certificates/peer-trust.ts';
import type { TrustSettings } from './certificates/trust-settings.ts';
import { authorityOf } from './certificates/verify-chain.ts';
import type { TlsReading } from './http-exchange.ts';

/** The verdicts a verification may end in (Electron, `setCertificateVerifyProc`). */
const verdicts = { trust: 0, asChromium: -3 } as const;
type Verdict = (typeof verdicts)[keyof typeof verdicts];

const longestChain = 10;

export class ElectronTrust {
  readonly #session: Session;
  readonly #settings: TrustSettings;
  readonly #readings = new Map<string, TlsReading>();
  readonly #failures = new Map<string, CertificateFailure>();

  constructor(session: Session, settings: TrustSettings) {
    this.#session = session;
    this.#settings = settings;
  }

  /** Chromium keeps what it was told: to be called again where the settings have changed. */
  install(): void {
    this.#readings.clear();
    this.#failures.clear();
    this.#session.setCertificateVerifyProc(null);
    this.#session.setCertificateVerifyProc((request, answer) => {
      this.#judge(request).then(answer, () => answer(verdicts.asChromium));
    });
  }

  /** What TLS told about the last connection to a host, as far as Chromium shows it. */
  reading(host: string): TlsReading | undefined {
    return this.#readings.get(host);
  }

  /** Why the certificate of a host was refused. */
  failure(host: string): CertificateFailure | undefined {
    return this.#failures.get(host);
  }

  async #judge(request: Request): Promise<Verdict> {
    const { hostname: host, certificate, verificationResult, isIssuedByKnownRoot } = request;
    const chain = chainOf(certificate);
    const [own] = chain;
    if (own === undefined) return verdicts.asChromium;
    if (verificationResult === 'net::OK') {
      const validated = chainOf(request.validatedCertificate ?? certificate);
      this.#trusted(host, validated, isIssuedByKnownRoot ? 'public' : 'system');
      return verdicts.asChromium;
    }
    const isOtherName = !isFor(own, host);
    if (!isOtherName && (await this.#isTrustedHere(host, chain, verificationResult))) {
      return verdicts.trust;
    }
    const fault = isOtherName ? 'other-name' : faultOf(verificationResult, own);
    const described = chain.map((one) => describePeer(one.toLegacyObject()));
    this.#readings.delete(host);
    this.#failures.set(host, certificateFailure(host, fault, described));
    return verdicts.asChromium;
  }

  async #isTrustedHere(
    host: string,
    chain: readonly X509Certificate[],
    result: string,
  ): Promise<boolean> {
    const { authorities, exceptions } = this.#settings;
    const [own] = chain;
    const isExcepted = exceptions().some(
      (exception) =>
        exception.host === host && exception.certificate.fingerprint === own?.fingerprint256,
    );
    if (isExcepted) {
      this.#trusted(host, chain, 'exception');
      return true;
    }
    if (result !== 'net::ERR_CERT_AUTHORITY_INVALID') return false;
    const ders = chain.map(({ raw }) => raw);
    const root = await authorityOf(ders, authorities(), Date.now());
    if (root === undefined) return false;
    // A server need not send along what its clients know.
    this.#trusted(host, [...chain, root], 'added');
    return true;
  }

  #trusted(host: string, chain: readonly X509Certificate[], trust: TrustReading['trust']): void {
    const [own] = chain;
    const root = chain.at(-1);
    if (own === undefined || root === undefined) return;
    const { issuer, valid_to: validTo } = own.toLegacyObject();
    const isOfThisPlace = trust === 'system' || trust === 'added';
    this.#failures.delete(host);
    this.#readings.set(host, {
      protocol: 'TLS',
      issuer: nameOf(issuer),
      validTo: new Date(validTo).toISOString(),
      fingerprint: (isOfThisPlace ? root : own).fingerprint256,
      trust,
      ...(trust === 'exception' ? {} : { root: nameOf(root.toLegacyObject().subject) }),
    });
  }
}

function isFor(certificate: X509Certificate, hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
}

/** The server's own first. */
function chainOf(certificate: Certificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (
    let current: Certificate | undefined = certificate;
    current !== undefined && chain.length < longestChain;
    current = current.issuerCert
  ) {
    chain.push(new X509Certificate(current.data));
  }
  return chain;
}

/** Chromium names the worst: dates come after the authority and the name. */
function faultOf(result: string, own: X509Certificate): CertificateFault {
  switch (result) {
    case 'net::ERR_CERT_AUTHORITY_INVALID':
      return 'unknown-issuer';
    case 'net::ERR_CERT_COMMON_NAME_INVALID':
      return 'other-name';
    case 'net::ERR_CERT_DATE_INVALID':
      return Date.parse(own.validFrom) > Date.now() ? 'not-yet-valid' : 'expired';
    default:
      return 'other';
  }
}
