/** Reads new messages out, politely: one as it is, several that come together as a count. */
import { useEffect, useRef, useState } from 'react';
import { VisuallyHidden } from '../controls/visually-hidden.tsx';
import { useAccounts } from '../state/page-context.tsx';
import { arrivalsBetween, arrivalWords } from './arrivals.ts';

/** A live region that is always there, because one that appears with its text is not read. */
export function Announcer() {
  const accounts = useAccounts();
  const before = useRef(accounts);
  const [words, setWords] = useState('');
  useEffect(() => {
    const arrivals = arrivalsBetween(before.current, accounts);
    before.current = accounts;
    if (arrivals.length > 0) setWords(arrivalWords(arrivals));
  }, [accounts]);
  return (
    <div role="status" aria-label="New messages">
      <VisuallyHidden>{words}</VisuallyHidden>
    </div>
  );
}
