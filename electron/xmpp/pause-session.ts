/** Leaving a BOSH session to the next process for as long as the manager grants (XEP-0124 §10). */
import type { BoshSession } from '../bosh/client/bosh-session.ts';

/** Nobody waits longer than this for Holdfast to close, in ms. */
const PATIENCE_MS = 1_000;

/**
 * Pauses a session where that keeps it longer than silence would. Resolves once the manager has the pause, as
 * far as can be seen, and within a second.
 */
export async function pauseSession(session: BoshSession): Promise<void> {
  const { granted, nextRid = 0, exchanges } = session.reading();
  const { maxpause = 0, inactivity = 0 } = granted;
  if (maxpause <= inactivity || session.state !== 'open') return;
  const isHeld = exchanges.some(({ outcome }) => outcome === 'in-flight');
  // What is held comes back once the manager has the pause; ejabberd never answers the pause itself.
  const isTaken = () => {
    const now = session.reading();
    const inFlight = now.exchanges.filter(({ outcome }) => outcome === 'in-flight');
    const isMade = now.exchanges.some(({ rid }) => rid >= nextRid);
    if (isHeld) return isMade && !inFlight.some(({ rid }) => rid < nextRid);
    return isMade && (inFlight.length === 0 || now.heldRequest !== undefined);
  };
  await new Promise<void>((resolve) => {
    const late = setTimeout(resolve, PATIENCE_MS);
    session.on('change', () => {
      if (!isTaken()) return;
      clearTimeout(late);
      resolve();
    });
    session.pause(maxpause);
  });
}
