import { afterEach, beforeEach, expect, it } from 'vitest';
import { openScratchStore, type ScratchStore } from '../scratch-store.ts';

let store: ScratchStore;
beforeEach(() => {
  store = openScratchStore();
});
afterEach(() => store.remove());

it('keeps one key for each proxy, until it is removed', () => {
  const [one, other] = ['http://proxy.example:3128', 'https://proxy.example:3128'];
  expect(store.proxyKeys.get(one)).toBeUndefined();
  store.proxyKeys.put(one, 'first');
  store.proxyKeys.put(one, 'second');
  store.proxyKeys.put(other, 'third');
  expect([store.proxyKeys.get(one), store.proxyKeys.get(other)]).toEqual(['second', 'third']);
  expect(store.proxyKeys.list()).toEqual([one, other]);
  store.proxyKeys.remove(one);
  expect([store.proxyKeys.get(one), store.proxyKeys.get(other)]).toEqual([undefined, 'third']);
});
