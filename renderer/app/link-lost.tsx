/** Says that Holdfast itself is out of reach: only the browser shell can lose it. */
import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { classes } from '../controls/class-names.ts';
import { usePageState } from '../state/page-context.tsx';
import styles from './banner.module.css';

/** The browser connects again within this many milliseconds where the break was only a hiccup. */
const PATIENCE = 1200;

/** Shown while the link is lost, above everything else. */
export function LinkLost() {
  const lost = usePageState((state) => state.link === 'lost');
  return lost ? <Banner /> : null;
}

function Banner() {
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWaited(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  if (!waited) return null;
  return (
    <div className={classes(styles.banner, styles.waiting)} role="alert">
      <Unplug aria-hidden="true" />
      <p>
        <strong>Holdfast is not running.</strong> Start it again; this page then goes on by itself.
        What you type here stays.
      </p>
    </div>
  );
}
