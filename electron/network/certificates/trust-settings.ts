/** What one account trusts beside the usual authorities: the host says it, the adapters go by it. */
import type { CertificateException } from '../../../shared/certificate.ts';

export interface TrustSettings {
  /** PEM of the authorities that the person added. */
  readonly authorities: () => readonly string[];
  /** Certificates that are trusted though something is wrong with them. */
  readonly exceptions: () => readonly Pick<CertificateException, 'host' | 'certificate'>[];
}

/** Trusts nothing beside the usual. */
export const usualTrust: TrustSettings = { authorities: () => [], exceptions: () => [] };
