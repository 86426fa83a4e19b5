/** Where a certificate is the problem: shows it, and lets a person trust it all the same where that may be. */
import { useState } from 'react';
import type { CertificateFailure } from '../../shared/certificate.ts';
import type { Problem } from '../../shared/problem.ts';
import { Button } from '../controls/button.tsx';
import { FormDialog, TellDialog } from '../controls/dialog.tsx';
import { usePage } from '../state/page-context.tsx';
import { AddAuthority } from './add-authority.tsx';
import { CertificateChain } from './certificate-chain.tsx';
import styles from './certificates.module.css';

interface TrustButtonProps {
  readonly accountId: string;
  readonly problem: Problem | undefined;
}

/** Nothing where the problem is another. */
export function TrustButton({ accountId, problem }: TrustButtonProps) {
  // What is being looked at stays, whatever the connection meets meanwhile.
  const [shown, setShown] = useState<Problem>();
  const close = (): void => setShown(undefined);
  return (
    <>
      {problem?.certificate && <Button onPress={() => setShown(problem)}>Show certificate</Button>}
      {shown?.certificate &&
        (shown.certificate.mayBeExcepted ? (
          <ExceptionDialog accountId={accountId} failure={shown.certificate} onClose={close} />
        ) : (
          <TellDialog title="Certificate" onClose={close}>
            <p className={styles.text}>{shown.message} No exception can be made for that.</p>
            <CertificateChain chain={shown.certificate.chain} />
          </TellDialog>
        ))}
    </>
  );
}

function ExceptionDialog({
  accountId,
  failure,
  onClose,
}: {
  accountId: string;
  failure: CertificateFailure;
  onClose: () => void;
}) {
  const { commands } = usePage();
  const [own] = failure.chain;
  return (
    <FormDialog
      title="Trust this certificate?"
      action="Trust it"
      danger
      onClose={onClose}
      onSubmit={() =>
        commands['certificates.except']({
          accountId,
          fingerprint: own?.fingerprint ?? '',
        }).then(() => undefined)
      }
    >
      <p className={styles.text}>
        Whoever shows this certificate in the name of <bdi>{failure.host}</bdi> could read your
        password and messages. Trust it only if whoever runs the server or the network has told you
        its SHA-256. It counts for this account alone, and you can take it back under Accounts.
      </p>
      <CertificateChain chain={failure.chain} />
      {failure.fault === 'unknown-issuer' && (
        <div className={styles.instead}>
          <p className={styles.text}>
            If you were given the file of the authority that signed it, add that instead.
          </p>
          <AddAuthority onAdded={onClose} />
        </div>
      )}
    </FormDialog>
  );
}
