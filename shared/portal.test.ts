import { describe, expect, it } from 'vitest';
import { portalAddress } from './portal.ts';

const page = { code: 'network.html-answer' };
const jid = 'me@example.org';

describe('the address of a portal', () => {
  it.each([
    ['https://chat.example.org:5281/bosh', 'http://chat.example.org/'],
    ['http://127.0.0.1:5280/bosh', 'http://127.0.0.1:5280/'],
    [undefined, 'http://example.org/'],
    ['', 'http://example.org/'],
  ])('for the BOSH address %s is %s', (endpoint, address) => {
    expect(portalAddress(page, { jid, endpoint })).toBe(address);
  });

  it('is there for everything a portal may do, and for nothing else', () => {
    const codes = ['redirected', 'sign-in-required', 'certificate-other-name', 'reset', 'refused'];
    expect(codes.filter((code) => portalAddress({ code: `network.${code}` }, { jid }))).toEqual([
      'redirected',
      'sign-in-required',
      'certificate-other-name',
    ]);
    expect(portalAddress(undefined, { jid })).toBeUndefined();
  });

  it('is none where there is no name to ask for', () => {
    expect(portalAddress(page, { jid: 'me@not a name' })).toBeUndefined();
  });
});
