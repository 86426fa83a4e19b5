import { describe, expect, it } from 'vitest';
import { sealToken, unsealToken } from './fast-token.ts';
import { testSecrets } from './testing/opened-host.ts';

const token = { token: 'a-secret', mechanism: 'HT-SHA-256-NONE', expiry: '2026-01-02T00:00:00Z' };
const before = Date.parse('2026-01-01T00:00:00Z');

describe('a token at rest', () => {
  it('is sealed whole, and comes back', async () => {
    const sealed = await sealToken(token, testSecrets);
    expect(sealed).not.toContain('a-secret');
    expect(await unsealToken(sealed, testSecrets, before)).toEqual(token);
  });

  it.each([
    ['has expired', token, Date.parse(token.expiry)],
    ['says nothing of its end', { ...token, expiry: 'some day' }, before],
  ])('is of no use where it %s', async (_why, kept, now) => {
    expect(await unsealToken(await sealToken(kept, testSecrets), testSecrets, now)).toBeUndefined();
  });

  it('is of no use where it cannot be read any more', async () => {
    const unreadable = { ...testSecrets, unseal: () => Promise.reject(new Error('no key')) };
    expect(await unsealToken('x', unreadable, before)).toBeUndefined();
  });
});
