/** Something that counts for all accounts: a heading, what it is, and a list of entries with what can be done. */
import { type ReactNode, useId } from 'react';
import styles from './settings-section.module.css';

interface SettingsSectionProps {
  readonly title: string;
  readonly text: string;
  /** Beside the heading. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function SettingsSection({ title, text, action, children }: SettingsSectionProps) {
  const heading = useId();
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <div className={styles.head}>
        <h3 id={heading}>{title}</h3>
        {action}
      </div>
      <p className={styles.text}>{text}</p>
      {children}
    </section>
  );
}

/** Entries of which the first child takes the room there is. */
export function SettingsList({ name, children }: { name: string; children: ReactNode }) {
  return (
    <ul className={styles.list} aria-label={name}>
      {children}
    </ul>
  );
}

export function SettingsEntry({ children }: { children: ReactNode }) {
  return <li className={styles.entry}>{children}</li>;
}
