/**
 * Finds which of a few authorities a chain of certificates ends in (RFC 5280 §6), for Chromium, which cannot be
 * told of authorities beside the system's. The Electron adapter calls it; on Node OpenSSL decides.
 */
import { X509Certificate } from 'node:crypto';

/**
 * The authority that a chain ends in; undefined where it ends in none of these.
 * @param chain DER, the server's own first. @param authorities PEM. @param now epoch ms
 */
export async function authorityOf(
  chain: readonly Buffer[],
  authorities: readonly string[],
  now: number,
): Promise<X509Certificate | undefined> {
  if (authorities.length === 0) return undefined;
  // Large, and needed by few.
  const { Certificate, CertificateChainValidationEngine } = await import('pkijs');
  const read = (der: Buffer) => Certificate.fromBER(new Uint8Array(der));
  try {
    const engine = new CertificateChainValidationEngine({
      trustedCerts: authorities.map((pem) => read(new X509Certificate(pem).raw)),
      // The engine judges the last one, by all of them.
      certs: [...chain].reverse().map(read),
      checkDate: new Date(now),
    });
    const { result, certificatePath } = await engine.verify();
    const root = result ? certificatePath?.at(-1) : undefined;
    return root && new X509Certificate(Buffer.from(root.toSchema().toBER()));
  } catch {
    return undefined;
  }
}
