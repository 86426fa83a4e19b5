/** Certificates as a person is shown them: what one says, why one is not trusted, and what is trusted all the same. */
import { z } from 'zod';

export const certificateSchema = z.object({
  /** Whom it names, as a person would call it. */
  subject: z.string(),
  issuer: z.string(),
  /** ISO 8601. */
  validFrom: z.string(),
  /** ISO 8601. */
  validTo: z.string(),
  /** SHA-256 of the whole certificate, in pairs with colons. */
  fingerprint: z.string(),
});
/** See {@link certificateSchema}. */
export type Certificate = z.infer<typeof certificateSchema>;

/** Why a certificate is not to be trusted (RFC 5280 §6, RFC 6125). */
export const certificateFaultSchema = z.enum([
  'expired',
  'not-yet-valid',
  'other-name',
  'unknown-issuer',
  'other',
]);
export type CertificateFault = z.infer<typeof certificateFaultSchema>;

export const certificateFailureSchema = z.object({
  /** The name that was connected to. */
  host: z.string(),
  fault: certificateFaultSchema,
  /** From the server's own towards the root, as far as it is known. */
  chain: z.array(certificateSchema).min(1),
  /** A person may decide to trust it all the same; never where it is for another name. */
  mayBeExcepted: z.boolean(),
});
/** See {@link certificateFailureSchema}. */
export type CertificateFailure = z.infer<typeof certificateFailureSchema>;

export const certificateExceptionSchema = z.object({
  host: z.string(),
  certificate: certificateSchema,
  /** Epoch ms. */
  addedAt: z.number(),
});
/** A certificate that one account trusts because somebody said so. */
export type CertificateException = z.infer<typeof certificateExceptionSchema>;

export const authoritySchema = z.object({
  certificate: certificateSchema,
  /** Epoch ms. */
  addedAt: z.number(),
});
/** An authority that a person added; every account trusts what it signs. */
export type Authority = z.infer<typeof authoritySchema>;

/**
 * Why a certificate is trusted: its root comes with Holdfast, is only installed on this computer, was added by
 * the person; or the person excepted it.
 */
export const trustSchema = z.enum(['public', 'system', 'added', 'exception']);
/** See {@link trustSchema}. */
export type Trust = z.infer<typeof trustSchema>;
