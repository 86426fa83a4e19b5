/** Epoch milliseconds with fractions that never go back, whatever is done to the wall clock in between. */
export function createClock(): () => number {
  let offset = performance.timeOrigin;
  let last = 0;
  return () => {
    const elapsed = performance.now();
    const drift = Date.now() - (offset + elapsed);
    // A suspended machine stops the monotonic clock; a corrected wall clock jumps. Follow either, forwards.
    if (Math.abs(drift) > 100) offset += drift;
    last = Math.max(last, offset + elapsed);
    return last;
  };
}
