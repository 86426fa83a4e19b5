/** When a broken connection is tried again, counting down. */
import { useSecondsUntil } from '../text/clock.ts';

/** Belongs outside of live regions: a countdown read out each second would be unbearable. */
export function NextTry({ at }: { at: number }) {
  const seconds = useSecondsUntil(at);
  return <span>{seconds === 0 ? 'trying now' : `next try in ${seconds} s`}</span>;
}
