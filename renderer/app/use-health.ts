/** What the health panel shows beside the reading: loaded from the host when somebody looks. */
import { useEffect, useState } from 'react';
import type { ConnectionEvent } from '../../shared/connection-history.ts';
import type { KnownLimits } from '../../shared/path-limits.ts';
import { usePage, usePageState } from '../state/page-context.tsx';

/** The last day of a connection, oldest first; loaded again after a gap in the events. */
export function useHistory(accountId: string | undefined): readonly ConnectionEvent[] | undefined {
  const { commands, tell } = usePage();
  const history = usePageState((state) => state.histories.get(accountId ?? ''));
  const isLoaded = history?.isLoaded ?? false;
  useEffect(() => {
    if (accountId === undefined || isLoaded) return;
    commands['health.history']({ accountId })
      .then(({ events }) => tell({ type: 'history-loaded', accountId, events }))
      // What is missing is the page's link to the host; it is loaded once that stands again.
      .catch(() => {});
  }, [accountId, isLoaded, commands, tell]);
  return isLoaded ? history?.events : undefined;
}

/**
 * What is known of the network; asked for again when something was learned or a session began.
 * @param sessionAt when that was, in epoch ms
 */
export function useLimits(
  accountId: string | undefined,
  history: readonly ConnectionEvent[] | undefined,
  sessionAt: number | undefined,
): KnownLimits | undefined {
  const { commands } = usePage();
  const [known, setKnown] = useState<{ readonly of: string; readonly limits: KnownLimits }>();
  const learned = history?.findLast(({ kind }) => kind === 'limits')?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what makes another answer likely
  useEffect(() => {
    if (accountId === undefined) return;
    let isLate = false;
    commands['health.limits']({ accountId })
      .then((limits) => {
        if (!isLate) setKnown({ of: accountId, limits });
      })
      .catch(() => {});
    return () => {
      isLate = true;
    };
  }, [accountId, learned, sessionAt, commands]);
  return known?.of === accountId ? known?.limits : undefined;
}
