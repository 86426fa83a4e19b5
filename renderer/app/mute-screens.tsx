/** The two screens without any content: before the first snapshot, and when the host lets this page in no more. */
import { KeyRound, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { Mark } from '../controls/mark.tsx';
import styles from './mute-screens.module.css';

/** Before the first snapshot; normally too short to see, so the words fade in late. */
export function OpeningScreen({ lost }: { lost: boolean }) {
  if (!lost) {
    return (
      <Screen icon={<Mark />} title="Holdfast">
        <p className={styles.late}>Opening…</p>
      </Screen>
    );
  }
  return (
    <Screen icon={<Unplug aria-hidden="true" />} title="Holdfast is not running">
      <p>Start it again; this page then goes on by itself.</p>
    </Screen>
  );
}

/** The cookie is unknown or over, as after a restart of Holdfast with another key. */
export function LockedScreen() {
  return (
    <Screen icon={<KeyRound aria-hidden="true" />} title="Open Holdfast again from its link">
      <p>
        This page is no longer allowed in. Holdfast printed a link in the terminal when it started:
        open that one.
      </p>
    </Screen>
  );
}

function Screen({
  icon,
  title,
  children,
}: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
}) {
  return (
    <main className={styles.screen}>
      {icon}
      <h1>{title}</h1>
      {children}
    </main>
  );
}
