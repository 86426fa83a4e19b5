/** Asks before a contact is removed. */
import { ConfirmDialog } from '../controls/dialog.tsx';
import { usePage } from '../state/page-context.tsx';

interface RemoveContactDialogProps {
  readonly accountId: string;
  readonly jid: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Open as long as it is rendered. */
export function RemoveContactDialog({ accountId, jid, name, onClose }: RemoveContactDialogProps) {
  const { commands } = usePage();
  return (
    <ConfirmDialog
      title="Remove contact?"
      text={`${name} leaves your contacts, and neither of you sees any more when the other is online. Your messages stay.`}
      action="Remove"
      onClose={onClose}
      onConfirm={() => commands['contacts.remove']({ accountId, jid }).then(() => undefined)}
    />
  );
}
