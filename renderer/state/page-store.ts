/**
 * The one store of the page: takes the bridge's events through the reducer and tells React. Also carries
 * out the loads of conversations, because their beginning and end are part of the state.
 */
import type { Bridge } from '../../shared/contract/bridge.ts';
import { problemOf } from '../../shared/problem.ts';
import { type ChatKey, type PageEvent, reduce } from './reduce.ts';
import { initialState, type LoadPart, type State } from './state.ts';

/** Messages asked for at a time. */
const PAGE_SIZE = 60;

export interface PageStore {
  readonly commands: Bridge['commands'];
  getState(): State;
  /** Calls after every change. Returns how to stop. */
  subscribe(listener: () => void): () => void;
  tell(event: PageEvent): void;
  /** Loads the newest page of a conversation, or the page before what is held; the state says how it went. */
  load(chat: ChatKey, part: LoadPart): Promise<void>;
}

/** Connects a store to its bridge for the life of the page. */
export function createPageStore(bridge: Bridge): PageStore {
  const listeners = new Set<() => void>();
  let state = initialState;
  let loads = 0;

  const take = (event: Parameters<typeof reduce>[1]): void => {
    const next = reduce(state, event);
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };

  const load = async (chat: ChatKey, part: LoadPart): Promise<void> => {
    const conversation = state.accounts.get(chat.accountId)?.conversations.get(chat.jid);
    const before = part === 'older' ? conversation?.messages[0]?.position : undefined;
    loads += 1;
    const number = loads;
    take({ type: 'load-began', chat, load: number, part });
    try {
      const page = await bridge.commands['messages.load']({
        ...chat,
        limit: PAGE_SIZE,
        ...(before === undefined ? {} : { before }),
      });
      take({ type: 'load-ended', chat, load: number, page });
    } catch (thrown) {
      take({ type: 'load-failed', chat, load: number, problem: problemOf(thrown) });
    }
  };

  bridge.onLink((connected) => take({ type: 'link', link: connected ? 'up' : 'lost' }));
  bridge.subscribe(take);

  return {
    commands: bridge.commands,
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: take,
    load,
  };
}
