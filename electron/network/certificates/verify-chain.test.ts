import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, type ThrowawayAuthority } from '../throwaway-certificates.ts';
import { authorityOf } from './verify-chain.ts';

const day = 24 * 60 * 60 * 1000;

describe('a chain', () => {
  let authority: ThrowawayAuthority;
  let namesake: ThrowawayAuthority;

  beforeAll(async () => {
    const from = new Date(Date.now() - 9 * day);
    const past = { names: ['DNS:a.example'], from, to: new Date(Date.now() - day) };
    [authority, namesake] = await Promise.all([
      createAuthority(['DNS:a.example'], past),
      createAuthority(['DNS:a.example']),
    ]);
  });

  const der = (pem = '') => new X509Certificate(pem).raw;
  const ends = (chain: (string | undefined)[], authorities: string[], now = Date.now()) =>
    authorityOf(chain.map(der), authorities, now).then((root) => root?.toString());

  it('ends in the authority that signed it, sent along or not', async () => {
    const leaf = authority.certificates[0]?.cert;
    expect(await ends([leaf, authority.ca], [namesake.ca, authority.ca])).toBe(authority.ca);
    expect(await ends([leaf], [authority.ca])).toBe(authority.ca);
  });

  it('ends in no other, though it may have the same name', async () => {
    const leaf = authority.certificates[0]?.cert;
    expect(await ends([leaf, authority.ca], [])).toBeUndefined();
    expect(await ends([leaf, authority.ca], [namesake.ca])).toBeUndefined();
    expect(await ends([leaf, namesake.ca], [namesake.ca])).toBeUndefined();
  });

  it('is not good outside its days', async () => {
    expect(await ends([authority.certificates[1]?.cert], [authority.ca])).toBeUndefined();
    const leaf = authority.certificates[0]?.cert;
    expect(await ends([leaf], [authority.ca], Date.now() + 30 * day)).toBeUndefined();
  });

  it('is not good where a server signed for another', async () => {
    // The first's leaf is no authority, whatever it may sign.
    const leaf = authority.certificates[0]?.cert ?? '';
    expect(await ends([namesake.certificates[0]?.cert], [leaf])).toBeUndefined();
  });

  it('is not good where it cannot be read', async () => {
    expect(
      await authorityOf([Buffer.from('nonsense')], [authority.ca], Date.now()),
    ).toBeUndefined();
  });
});
