/** A chain of certificates as a person can check it: whom each names, who issued it, when it is good. */
import type { Certificate } from '../../shared/certificate.ts';
import { FactList } from '../controls/fact-list.tsx';
import styles from './certificates.module.css';

/** @param chain the server's own first */
export function CertificateChain({ chain }: { chain: readonly Certificate[] }) {
  return (
    <ol className={styles.chain} aria-label="Certificates">
      {chain.map((certificate) => (
        <li key={certificate.fingerprint}>
          <CertificateFacts certificate={certificate} />
        </li>
      ))}
    </ol>
  );
}

/** What one certificate says. */
export function CertificateFacts({ certificate }: { certificate: Certificate }) {
  const { subject, issuer, validFrom, validTo, fingerprint } = certificate;
  return (
    <FactList>
      <div>
        <dt>For</dt>
        <dd>
          <bdi>{subject}</bdi>
        </dd>
      </div>
      <div>
        <dt>Issued by</dt>
        <dd>
          <bdi>{issuer}</bdi>
        </dd>
      </div>
      <div>
        <dt>Valid</dt>
        <dd>
          {formatDay(validFrom)} to {formatDay(validTo)}
        </dd>
      </div>
      <div>
        <dt>SHA-256</dt>
        <dd>
          <code className={styles.fingerprint}>{fingerprint}</code>
        </dd>
      </div>
    </FactList>
  );
}

function formatDay(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time)
    ? iso
    : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(time);
}
