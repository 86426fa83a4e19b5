import { X509Certificate } from 'node:crypto';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Authority } from '../../shared/certificate.ts';
import { problemOf } from '../../shared/problem.ts';
import { createAuthority } from '../network/throwaway-certificates.ts';
import type { StoredAuthority } from '../store/store.ts';
import { AuthorityBook } from './authority-book.ts';

let pem: string;
beforeAll(async () => {
  ({ ca: pem } = await createAuthority());
});

let kept: StoredAuthority[];
let told: (readonly Authority[])[];
let book: AuthorityBook;
beforeEach(() => {
  [kept, told] = [[], []];
  book = new AuthorityBook({
    kept: {
      list: async () => [...kept],
      put: async (authority) => void kept.push(authority),
      remove: async (fingerprint) => {
        kept = kept.filter((authority) => authority.fingerprint !== fingerprint);
      },
    },
    onChange: (authorities) => told.push(authorities),
    now: () => 1000,
  });
});

it('keeps and tells what is added, once', async () => {
  expect(await book.add(Buffer.from(pem))).toBe(1);
  expect(await book.add(Buffer.from(pem))).toBe(0);
  expect(book.pems).toEqual([pem]);
  expect(told).toEqual([
    [{ addedAt: 1000, certificate: expect.objectContaining({ subject: 'authority' }) }],
  ]);
});

it('has what was kept after a restart', async () => {
  const { fingerprint256: fingerprint } = new X509Certificate(pem);
  kept = [{ fingerprint, pem, addedAt: 1 }];
  await book.load();
  expect(book.pems).toEqual([pem]);
  await book.remove(fingerprint);
  expect(book.pems).toEqual([]);
  expect(told.at(-1)).toEqual([]);
});

it('refuses what is no authority', async () => {
  const error = await book.add(Buffer.from('hello')).catch((thrown: unknown) => thrown);
  expect(problemOf(error).code).toBe('input.authority-unreadable');
  expect(told).toEqual([]);
});
