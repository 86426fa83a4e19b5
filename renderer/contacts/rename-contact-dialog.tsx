/** Gives a contact another name, which only you see. */
import { useState } from 'react';
import { FormDialog } from '../controls/dialog.tsx';
import { Field } from '../controls/field.tsx';
import { usePage } from '../state/page-context.tsx';

interface RenameContactDialogProps {
  readonly accountId: string;
  readonly jid: string;
  /** Empty where there is none yet. */
  readonly name: string;
  readonly onClose: () => void;
}

/** Open as long as it is rendered. */
export function RenameContactDialog({ accountId, jid, name, onClose }: RenameContactDialogProps) {
  const { commands } = usePage();
  const [typed, setTyped] = useState(name);
  return (
    <FormDialog
      title="Rename contact"
      action="Rename"
      onClose={onClose}
      onSubmit={() =>
        commands['contacts.rename']({ accountId, jid, name: typed.trim() }).then(() => undefined)
      }
    >
      <Field
        label="Name"
        value={typed}
        onChange={setTyped}
        hint={`Only you see it. Left empty, the address is shown: ${jid}`}
        autoComplete="off"
        maxLength={1024}
        autoFocus
      />
    </FormDialog>
  );
}
