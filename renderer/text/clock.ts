/** The time as something to render by. */
import { useEffect, useState } from 'react';
import { nextMidnight, startOfDay } from './dates.ts';

/** Today's midnight; renders again when the day changes, also after sleep. */
export function useToday(): number {
  const [today, setToday] = useState(() => startOfDay(Date.now()));
  useEffect(() => {
    const update = () => setToday(startOfDay(Date.now()));
    const timer = setTimeout(update, nextMidnight(Date.now()) - Date.now() + 50);
    window.addEventListener('focus', update);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', update);
    };
  });
  return today;
}

/** Whole seconds until a moment, never below zero; renders again each second while there are any. */
export function useSecondsUntil(moment: number): number {
  const [now, setNow] = useState(Date.now);
  const seconds = Math.max(0, Math.ceil((moment - now) / 1000));
  useEffect(() => {
    const left = moment - Date.now();
    if (left <= 0) return;
    const timer = setTimeout(() => setNow(Date.now()), left % 1000 || 1000);
    return () => clearTimeout(timer);
  });
  return seconds;
}
