import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, accountNamed, openScratchStore, type ScratchStore } from '../scratch-store.ts';
import type { StoredVerdict } from '../store.ts';

let store: ScratchStore;
beforeEach(() => {
  store = openScratchStore();
});
afterEach(() => store.remove());

const HERE = 'https://here/bosh';
const silent: StoredVerdict = {
  feature: 'sasl2',
  works: false,
  at: 1000,
  reason: 'no answer within 5 s',
  fingerprint: 'f1',
};

describe('what was learned about an endpoint', () => {
  it('is kept by endpoint and feature, the last verdict only', () => {
    store.endpoints.decide(ACCOUNT, HERE, silent);
    store.endpoints.decide(ACCOUNT, HERE, { ...silent, feature: 'fast', works: true });
    store.endpoints.decide(ACCOUNT, HERE, { ...silent, at: 2000 });
    store.endpoints.decide(ACCOUNT, 'https://there/bosh', silent);
    expect(store.endpoints.verdicts(ACCOUNT, HERE)).toEqual([
      { ...silent, feature: 'fast', works: true },
      { ...silent, at: 2000 },
    ]);
  });

  it('goes with its account', () => {
    store.accounts.insert(accountNamed('other'));
    store.endpoints.decide('other', HERE, silent);
    store.accounts.remove('other');
    store.accounts.insert(accountNamed('other'));
    expect(store.endpoints.verdicts('other', HERE)).toEqual([]);
  });
});
