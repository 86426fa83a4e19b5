/** A modal dialog with room for a whole story: a heading that stays, content that scrolls. Escape closes it. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './button.tsx';
import { classes } from './class-names.ts';
import styles from './wide-dialog.module.css';

interface WideDialogProps {
  readonly title: string;
  /** Under the title, such as whose this is. */
  readonly about?: ReactNode;
  /** Under the content, always in sight. */
  readonly footer?: ReactNode;
  /** As high as the window allows from the start, and wider. */
  readonly isTall?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Open as long as it is rendered; fills a narrow window. */
export function WideDialog({
  title,
  about,
  footer,
  isTall = false,
  onClose,
  children,
}: WideDialogProps) {
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={classes(styles.scrim)}
    >
      <Modal className={classes(styles.modal, isTall && styles.tall)}>
        <Dialog className={classes(styles.dialog)}>
          <header className={styles.header}>
            <div className={styles.titles}>
              <Heading slot="title" level={2}>
                {title}
              </Heading>
              {about !== undefined && <p className={styles.about}>{about}</p>}
            </div>
            <IconButton name="Close" onPress={onClose}>
              <X aria-hidden="true" />
            </IconButton>
          </header>
          <div className={styles.content}>{children}</div>
          {footer !== undefined && <footer className={styles.footer}>{footer}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
