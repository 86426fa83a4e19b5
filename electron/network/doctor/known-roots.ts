/** The roots that Node brings along, those of Mozilla's program: any other was installed on this computer. */
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/** Whether a root comes with Node. @param fingerprint SHA-256, in pairs with colons */
export function isWellKnownRoot(fingerprint: string): boolean {
  return rootCertificates.some((pem) => new X509Certificate(pem).fingerprint256 === fingerprint);
}
