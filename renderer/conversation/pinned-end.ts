/**
 * Keeps a scrolled list at its end while it grows or the window shrinks, until the person scrolls up.
 * Being at the end is an intention: content that grows does not end it, only scrolling does.
 */
import { useCallback, useEffect, useRef, useState } from 'react';

/** Pixels from the end that still count as being there. */
const NEAR = 40;

/** Marks the element inside the scroller that grows with its rows. */
export const GROWING = 'data-rows';

export interface PinnedEnd {
  /** For the element that scrolls. */
  readonly scrollerRef: (element: HTMLElement | Window | null) => void;
  readonly atEnd: boolean;
  /** Goes to the end and stays there. */
  readonly goToEnd: () => void;
}

/**
 * @param startsAtEnd where the list begins
 * @param count the number of rows; a list of which all rows are in sight is at its end
 */
export function usePinnedEnd(startsAtEnd: boolean, count: number): PinnedEnd {
  const [scroller, setScroller] = useState<HTMLElement>();
  const [atEnd, setAtEnd] = useState(startsAtEnd);
  const pinned = useRef(startsAtEnd);
  const rows = useRef(count);
  rows.current = count;

  const pin = useCallback((next: boolean) => {
    pinned.current = next;
    setAtEnd(next);
  }, []);

  useEffect(() => {
    const growing = scroller?.querySelector(`[${GROWING}]`);
    if (!scroller || !growing) return;
    let lastTop = scroller.scrollTop;
    const isNear = (): boolean =>
      scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop <= NEAR;
    const onScroll = (): void => {
      const up = scroller.scrollTop < lastTop;
      lastTop = scroller.scrollTop;
      if (isNear()) pin(true);
      else if (up) pin(false);
    };
    const onResize = (): void => {
      if (!pinned.current && growing.childElementCount >= rows.current && isNear()) pin(true);
      if (pinned.current) scroller.scrollTop = scroller.scrollHeight;
    };
    const observer = new ResizeObserver(onResize);
    observer.observe(scroller);
    observer.observe(growing);
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', onScroll);
    };
  }, [scroller, pin]);

  const goToEnd = useCallback(() => {
    pin(true);
    if (scroller) scroller.scrollTop = scroller.scrollHeight;
  }, [scroller, pin]);

  const scrollerRef = useCallback((element: HTMLElement | Window | null) => {
    if (element instanceof HTMLElement) setScroller(element);
  }, []);

  return { scrollerRef, atEnd, goToEnd };
}
