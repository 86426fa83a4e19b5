/** Modal dialogs: a form that asks for something, and a question before something is lost. Escape closes both. */
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { Button } from './button.tsx';
import { classes } from './class-names.ts';
import styles from './dialog.module.css';
import { ProblemNote } from './problem-note.tsx';

interface FormDialogProps {
  readonly title: string;
  /** The words on the button that does it. */
  readonly action: string;
  readonly onClose: () => void;
  /**
   * Does it; the dialog closes when the promise resolves, and shows the problem where it rejects.
   * Returns false where the form is not filled in right (and says so in its fields).
   */
  readonly onSubmit: () => Promise<void> | false;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

/** A dialog with a form; it is open as long as it is rendered. */
export function FormDialog({
  title,
  action,
  onClose,
  onSubmit,
  danger = false,
  children,
}: FormDialogProps) {
  const formId = useId();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    event.stopPropagation();
    if (busy) return;
    const work = onSubmit();
    if (work === false) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await work;
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setBusy(false);
    }
  };

  return (
    <Frame onClose={onClose} danger={danger}>
      <Heading slot="title" level={2} className={classes(styles.title)}>
        {title}
      </Heading>
      <form
        id={formId}
        noValidate
        className={classes(styles.form)}
        onSubmit={(event) => void submit(event)}
      >
        {children}
      </form>
      {problem && <ProblemNote problem={problem} />}
      <div className={classes(styles.actions)}>
        <Button onPress={onClose} autoFocus={danger}>
          Cancel
        </Button>
        <Button type="submit" form={formId} weight={danger ? 'danger' : 'primary'} isPending={busy}>
          {action}
        </Button>
      </div>
    </Frame>
  );
}

interface TellDialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Tells something and asks nothing. */
export function TellDialog({ title, onClose, children }: TellDialogProps) {
  return (
    <Frame onClose={onClose}>
      <Heading slot="title" level={2} className={classes(styles.title)}>
        {title}
      </Heading>
      {children}
      <div className={classes(styles.actions)}>
        <Button onPress={onClose} autoFocus>
          Close
        </Button>
      </div>
    </Frame>
  );
}

interface FrameProps {
  readonly onClose: () => void;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

/** What every dialog stands in; Escape and a press beside it close it. */
function Frame({ onClose, danger = false, children }: FrameProps) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={classes(styles.scrim)}
    >
      <Modal className={classes(styles.modal)}>
        <Dialog className={classes(styles.dialog)} {...(danger ? { role: 'alertdialog' } : {})}>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmDialogProps {
  readonly title: string;
  /** What will be lost, and what will not. */
  readonly text: string;
  readonly action: string;
  readonly onClose: () => void;
  readonly onConfirm: () => Promise<void>;
}

/** Asks before something is lost; the focus is on Cancel. */
export function ConfirmDialog({ title, text, action, onClose, onConfirm }: ConfirmDialogProps) {
  return (
    <FormDialog title={title} action={action} danger onClose={onClose} onSubmit={onConfirm}>
      <p className={styles.text} dir="auto">
        {text}
      </p>
    </FormDialog>
  );
}
