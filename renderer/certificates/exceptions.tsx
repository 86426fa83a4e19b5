/** The certificates an account trusts by somebody's decision, each to be taken back. */
import { useState } from 'react';
import type { Account } from '../../shared/contract/records.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { Button } from '../controls/button.tsx';
import { ProblemNote } from '../controls/problem-note.tsx';
import { SettingsEntry, SettingsList } from '../controls/settings-section.tsx';
import { usePage } from '../state/page-context.tsx';
import { CertificateFacts } from './certificate-chain.tsx';

/** Nothing where there are none. */
export function Exceptions({ account }: { account: Account }) {
  const { commands } = usePage();
  const [refused, setRefused] = useState<Problem>();
  const { id: accountId, exceptions = [] } = account;
  if (exceptions.length === 0) return null;
  return (
    <>
      <h4>Trusted by exception</h4>
      <SettingsList name="Trusted by exception">
        {exceptions.map(({ host, certificate }) => (
          <SettingsEntry key={`${host} ${certificate.fingerprint}`}>
            <div>
              <p>
                <bdi>{host}</bdi>
              </p>
              <CertificateFacts certificate={certificate} />
            </div>
            <Button
              onPress={() =>
                void commands['certificates.revoke']({
                  accountId,
                  fingerprint: certificate.fingerprint,
                }).catch((thrown: unknown) => setRefused(problemOf(thrown)))
              }
            >
              Take back
            </Button>
          </SettingsEntry>
        ))}
      </SettingsList>
      {refused && <ProblemNote problem={refused} />}
    </>
  );
}
