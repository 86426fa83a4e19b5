/**
 * The panel's clock. Readings say when things began and end; what counts down or grows is worked out
 * from them and the time told here, so that nothing shown can drift from the session.
 */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

const SECOND = 1000;

/** The time in epoch ms, told once a second on the second, and at once when the page is looked at again. */
export function useClock(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = () => {
      clearTimeout(timer);
      setNow(Date.now());
      if (document.visibilityState === 'visible') {
        timer = setTimeout(tick, SECOND - (Date.now() % SECOND));
      }
    };
    tick();
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, []);
  return now;
}

/**
 * Keeps the style property `--now` of an element at the milliseconds since `origin`, so that style sheets
 * can move things without rendering again. Moves frame by frame, but not in steps smaller than a pixel,
 * and only where motion is welcome; elsewhere it moves whenever the component renders.
 * @param moves false where the axis stands still: the property is then `still`
 * @param span ms the element's inline size stands for
 */
export function useMovingNow(
  element: RefObject<HTMLElement | null>,
  { moves, origin, span, still }: { moves: boolean; origin: number; span: number; still: number },
): void {
  const shown = useRef(Number.NaN);
  useLayoutEffect(() => {
    shown.current = moves ? Math.max(0, Date.now() - origin) : still;
    element.current?.style.setProperty('--now', String(shown.current));
  });
  useEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    let frame: number | undefined;
    const draw = () => {
      frame = requestAnimationFrame(draw);
      const target = element.current;
      if (!target) return;
      const now = Date.now() - origin;
      if (now - shown.current < span / Math.max(1, target.clientWidth)) return;
      shown.current = now;
      target.style.setProperty('--now', String(now));
    };
    const startOrStop = () => {
      if (frame !== undefined) cancelAnimationFrame(frame);
      frame = undefined;
      if (moves && !still.matches) frame = requestAnimationFrame(draw);
    };
    startOrStop();
    still.addEventListener('change', startOrStop);
    return () => {
      if (frame !== undefined) cancelAnimationFrame(frame);
      still.removeEventListener('change', startOrStop);
    };
  }, [element, moves, origin, span]);
}
