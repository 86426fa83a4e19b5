import { describe, expect, it } from 'vitest';
import { checkAddress } from './address.ts';

describe('a typed address', () => {
  it('is taken in the form the contract uses', () => {
    expect(checkAddress('  Ann@Example.ORG ')).toEqual({ jid: 'ann@example.org' });
    expect(checkAddress('xmpp:ann@example.org?message')).toEqual({ jid: 'ann@example.org' });
  });

  it('is refused in words where it is none', () => {
    expect(checkAddress(' ').error).toMatch(/^Write an address/u);
    for (const typed of ['ann', 'example.org', '@example.org', 'ann@', 'a b@example.org']) {
      expect(checkAddress(typed).error).toMatch(/not an address yet/u);
    }
  });

  it('is of a person, not of one of their devices', () => {
    expect(checkAddress('ann@example.org/phone').error).toBeDefined();
  });
});
