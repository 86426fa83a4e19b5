import { afterEach, beforeEach, expect, it } from 'vitest';
import { ACCOUNT, openScratchStore, type ScratchStore } from '../scratch-store.ts';

let store: ScratchStore;
beforeEach(() => {
  store = openScratchStore();
});
afterEach(() => store.remove());

it('keeps each authority once, in the order they were added', () => {
  const [one, two] = ['AA:01', 'AA:02'].map((fingerprint, index) => ({
    ...{ fingerprint, pem: `pem ${index}`, addedAt: 1000 - index },
  }));
  if (!one || !two) return;
  store.authorities.put(one);
  store.authorities.put(two);
  store.authorities.put({ ...one, addedAt: 5000 });
  expect(store.authorities.list()).toEqual([two, one]);
  store.authorities.remove(two.fingerprint);
  expect(store.authorities.list()).toEqual([one]);
});

it('keeps an account’s choice of proxy and its exceptions', () => {
  const proxy = { mode: 'pac', url: 'http://pac.example/' } as const;
  const certificate = {
    ...{ subject: 's', issuer: 'i', validFrom: 'f', validTo: 't', fingerprint: 'AA' },
  };
  const exceptions = [{ host: 'chat.example.org', certificate, addedAt: 1 }];
  store.accounts.update(ACCOUNT, { proxy, exceptions });
  expect(store.accounts.list()[0]).toMatchObject({ proxy, exceptions });
  store.accounts.update(ACCOUNT, { proxy: null, exceptions: null });
  expect(store.accounts.list()[0]).not.toHaveProperty('proxy');
  expect(store.accounts.list()[0]).not.toHaveProperty('exceptions');
});
