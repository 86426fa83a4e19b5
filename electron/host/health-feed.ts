/**
 * Tells the page the connection's health: at once, and then at most every 100 ms, the last change always
 * told. The reading is taken from the session when it is told, so it is never an old one.
 */
import type { Health } from '../../shared/health.ts';

const LEAST_MS = 100;

export interface HealthFeed {
  /** Something changed. */
  changed(): void;
  /** Something changed that nobody should wait for. */
  changedNow(): void;
  /** Nothing more is told. */
  close(): void;
}

/** @param read Takes the reading; `tell` passes it on. */
export function createHealthFeed(read: () => Health, tell: (health: Health) => void): HealthFeed {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  let closed = false;

  const changed = () => {
    if (closed) return;
    if (timer) {
      again = true;
      return;
    }
    tell(read());
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      changed();
    }, LEAST_MS);
  };
  const changedNow = () => {
    clearTimeout(timer);
    timer = undefined;
    again = false;
    changed();
  };
  const close = () => {
    closed = true;
    clearTimeout(timer);
  };
  return { changed, changedNow, close };
}
