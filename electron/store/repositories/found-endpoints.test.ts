import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScratchStore, type ScratchStore } from '../scratch-store.ts';

let store: ScratchStore;
beforeEach(() => {
  store = openScratchStore();
});
afterEach(() => store.remove());

const found = (name: string, at: number) =>
  ({ url: `https://${name}/bosh`, source: 'published', at }) as const;

describe('an address that was found', () => {
  it('is kept by network and domain, the last one', () => {
    store.foundEndpoints.put('office', 'example.org', found('old', 1));
    store.foundEndpoints.put('office', 'example.org', found('new', 2));
    expect(store.foundEndpoints.latest('office', 'example.org')).toEqual(found('new', 2));
    expect(store.foundEndpoints.latest('office', 'other.example')).toBeUndefined();
  });

  it('is that of another network where this one has none yet, the most recent', () => {
    store.foundEndpoints.put('office', 'example.org', found('office', 1));
    store.foundEndpoints.put('home', 'example.org', found('home', 3));
    expect(store.foundEndpoints.latest('hotel', 'example.org')).toEqual(found('home', 3));
    expect(store.foundEndpoints.latest('office', 'example.org')).toEqual(found('office', 1));
  });
});
