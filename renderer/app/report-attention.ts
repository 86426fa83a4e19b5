/** Tells the host that somebody looks, for as long as somebody does. Used by the window once. */
import { useEffect } from 'react';
import { useAttention } from '../state/attention.ts';
import { usePage } from '../state/page-context.tsx';

/** The host takes who has not looked for a minute to be away, in ms. */
const AGAIN_AFTER_MS = 15_000;

export function useReportAttention(): void {
  const { commands } = usePage();
  const isLooking = useAttention();
  useEffect(() => {
    if (!isLooking) return;
    // It is said again soon: what goes wrong once does no harm.
    const tell = () => void commands['attention.here']({}).catch(() => {});
    tell();
    const timer = setInterval(tell, AGAIN_AFTER_MS);
    return () => clearInterval(timer);
  }, [commands, isLooking]);
}
