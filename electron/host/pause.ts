/** A pause that can be cut short: by an abort, or by whoever asks to go on now. */

export interface Pause {
  /** Resolves with how the pause ended; never rejects. */
  readonly over: Promise<'elapsed' | 'asked' | 'aborted'>;
  /** Ends it now. */
  skip(): void;
}

/** @param ms How long, at most. */
export function pause(ms: number, signal: AbortSignal): Pause {
  const { promise, resolve } = Promise.withResolvers<'elapsed' | 'asked' | 'aborted'>();
  const timer = setTimeout(() => resolve('elapsed'), ms);
  const abort = () => resolve('aborted');
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  const over = promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  });
  return { over, skip: () => resolve('asked') };
}
