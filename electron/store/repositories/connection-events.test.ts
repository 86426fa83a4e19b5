import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventOf } from '../../../shared/connection-history.ts';
import { HISTORY_MS } from '../../../shared/connection-history.ts';
import { ACCOUNT, accountNamed, openScratchStore, type ScratchStore } from '../scratch-store.ts';

let store: ScratchStore;
beforeEach(() => {
  store = openScratchStore();
});
afterEach(() => store.remove());

function state(id: string, at: number, until = at): EventOf<'state'> {
  return { id, at, until, kind: 'state', state: 'up' };
}
function rung(id: string, at: number): EventOf<'rung'> {
  return { id, at, kind: 'rung', name: 'login', reason: 'no session is stored' };
}
const ids = () => store.connectionEvents.list(ACCOUNT).map(({ id }) => id);

describe('what happened to a connection', () => {
  it('is kept in the order it began, each event as it was told last', () => {
    store.connectionEvents.put(ACCOUNT, state('a', 1000));
    store.connectionEvents.put(ACCOUNT, rung('b', 2000));
    store.connectionEvents.put(ACCOUNT, state('a', 1000, 3000));
    expect(store.connectionEvents.list(ACCOUNT)).toEqual([state('a', 1000, 3000), rung('b', 2000)]);
  });

  it('is forgotten a day after it ended', () => {
    store.connectionEvents.put(ACCOUNT, state('long', 0, 5000));
    store.connectionEvents.put(ACCOUNT, rung('short', 4000));
    store.connectionEvents.put(ACCOUNT, state('next', HISTORY_MS + 4500));
    expect(ids()).toEqual(['long', 'next']);
    store.connectionEvents.put(ACCOUNT, state('last', HISTORY_MS + 5001));
    expect(ids()).toEqual(['next', 'last']);
  });

  it('is bounded for each kind, and one kind does not drive out another', () => {
    store.connectionEvents.put(ACCOUNT, state('first', 0));
    for (let at = 1; at <= 510; at += 1) store.connectionEvents.put(ACCOUNT, rung(`r${at}`, at));
    expect(ids()).toHaveLength(501);
    expect(ids().slice(0, 2)).toEqual(['first', 'r11']);
  });

  it('leaves out what another version wrote otherwise', () => {
    store.connectionEvents.put(ACCOUNT, state('a', 1000));
    store.connectionEvents.put(ACCOUNT, rung('b', 2000));
    store.database.run("UPDATE connection_events SET event = '{}' WHERE id = 'a'");
    expect(ids()).toEqual(['b']);
  });

  it('goes with its account, and is nobody else’s', () => {
    store.accounts.insert(accountNamed('other'));
    store.connectionEvents.put('other', state('a', 1000));
    expect(ids()).toEqual([]);
    store.accounts.remove('other');
    store.accounts.insert(accountNamed('other'));
    expect(store.connectionEvents.list('other')).toEqual([]);
  });
});
