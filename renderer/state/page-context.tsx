/** How components reach the store: a context and hooks that read one part of the state each. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { PageStore } from './page-store.ts';
import type { AccountState, State } from './state.ts';

const PageContext = createContext<PageStore | undefined>(undefined);

/** Gives the store to everything inside. */
export const PageProvider = PageContext.Provider;

/** The store, for commands and loads. */
export function usePage(): PageStore {
  const store = useContext(PageContext);
  if (!store) throw new Error('PageProvider is missing');
  return store;
}

/** One part of the state; renders again when that part is another one (`select` must not build new objects). */
export function usePageState<T>(select: (state: State) => T): T {
  const store = usePage();
  return useSyncExternalStore(store.subscribe, () => select(store.getState()));
}

/** All accounts, in the order they were added. */
export function useAccounts(): ReadonlyMap<string, AccountState> {
  return usePageState((state) => state.accounts);
}

/** One account, or undefined where there is none of this id. */
export function useAccount(accountId: string | undefined): AccountState | undefined {
  return usePageState((state) =>
    accountId === undefined ? undefined : state.accounts.get(accountId),
  );
}
