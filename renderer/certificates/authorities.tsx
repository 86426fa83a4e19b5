/** The certificate authorities that a person added: what they are, how to add one, how to remove one. */
import { useState } from 'react';
import type { Authority } from '../../shared/certificate.ts';
import { Button } from '../controls/button.tsx';
import { ConfirmDialog } from '../controls/dialog.tsx';
import { SettingsEntry, SettingsList, SettingsSection } from '../controls/settings-section.tsx';
import { usePage, usePageState } from '../state/page-context.tsx';
import { AddAuthority } from './add-authority.tsx';
import { CertificateFacts } from './certificate-chain.tsx';

export function Authorities() {
  const { commands } = usePage();
  const authorities = usePageState((state) => state.authorities);
  const [removing, setRemoving] = useState<Authority>();
  return (
    <SettingsSection
      title="Certificate authorities"
      text="Some companies read encrypted traffic and sign it with an authority of their own. Holdfast trusts those this computer knows; add another here if whoever runs the network gave you its file."
      action={<AddAuthority />}
    >
      {authorities.length > 0 && (
        <SettingsList name="Certificate authorities">
          {authorities.map((authority) => (
            <SettingsEntry key={authority.certificate.fingerprint}>
              <CertificateFacts certificate={authority.certificate} />
              <Button onPress={() => setRemoving(authority)}>Remove</Button>
            </SettingsEntry>
          ))}
        </SettingsList>
      )}
      {removing && (
        <ConfirmDialog
          title="Remove authority?"
          text={`Holdfast no longer trusts what ${removing.certificate.subject} signed. Where the network needs it, accounts cannot connect any more.`}
          action="Remove"
          onClose={() => setRemoving(undefined)}
          onConfirm={() =>
            commands['authorities.remove']({
              fingerprint: removing.certificate.fingerprint,
            }).then(() => undefined)
          }
        />
      )}
    </SettingsSection>
  );
}
