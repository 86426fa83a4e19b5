/** Whether somebody can be looking: the window is in front and has the focus. */
import { useSyncExternalStore } from 'react';

/** Renders again when the window gains or loses attention. */
export function useAttention(): boolean {
  return useSyncExternalStore(
    onChange,
    () => document.visibilityState === 'visible' && document.hasFocus(),
  );
}

function onChange(listener: () => void): () => void {
  window.addEventListener('focus', listener);
  window.addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    window.removeEventListener('focus', listener);
    window.removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
}
