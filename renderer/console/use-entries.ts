/** Reads the XML console again and again while it is open: the host records only as long as somebody does. */
import { useEffect, useState } from 'react';
import { type Problem, problemOf } from '../../shared/problem.ts';
import type { XmlEntry } from '../../shared/xml-console.ts';
import { usePage } from '../state/page-context.tsx';
import { withNew } from './entries.ts';

/** How often it is read, in ms. */
const EVERY_MS = 600;

export interface Entries {
  /** Absent until they were read for the first time: what happens before is not recorded. */
  readonly held: readonly XmlEntry[] | undefined;
  /** Why they cannot be read now. */
  readonly problem: Problem | undefined;
  /** Forgets those held so far. */
  clear(): void;
}

/** @param discreet see the command; another choice reads everything anew */
export function useEntries(accountId: string, discreet: boolean): Entries {
  const { commands } = usePage();
  const [held, setHeld] = useState<readonly XmlEntry[]>();
  const [problem, setProblem] = useState<Problem>();
  const [clearedAt, setClearedAt] = useState(0);

  useEffect(() => {
    let last = clearedAt;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    setHeld(undefined);
    const read = async (): Promise<void> => {
      try {
        const { entries } = await commands['console.read']({ accountId, after: last, discreet });
        if (isOver) return;
        last = Math.max(last, entries.at(-1)?.number ?? 0);
        setHeld((before) => withNew(before ?? [], entries));
        setProblem(undefined);
      } catch (thrown) {
        if (!isOver) setProblem(problemOf(thrown));
      }
      if (!isOver) timer = setTimeout(() => void read(), EVERY_MS);
    };
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [commands, accountId, discreet, clearedAt]);

  return {
    held,
    problem,
    clear: () => setClearedAt(held?.at(-1)?.number ?? clearedAt),
  };
}
