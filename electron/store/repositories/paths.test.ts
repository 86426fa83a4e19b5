import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScratchStore, type ScratchStore } from '../scratch-store.ts';

let store: ScratchStore;
beforeEach(() => {
  store = openScratchStore();
});
afterEach(() => store.remove());

const HERE = 'https://here/bosh';
const learned = { limits: { wait: 8, oneConnection: true }, at: 1000, times: 1 };

describe('what a network does', () => {
  it('is kept by network and endpoint, as it was learned last', () => {
    store.paths.put('office', HERE, learned);
    store.paths.put('office', HERE, { ...learned, at: 2000, times: 2 });
    expect(store.paths.get('office', HERE)).toEqual({ ...learned, at: 2000, times: 2 });
    expect(store.paths.get('home', HERE)).toBeUndefined();
    expect(store.paths.get('office', 'https://there/bosh')).toBeUndefined();
  });
});
