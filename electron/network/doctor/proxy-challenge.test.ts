import { describe, expect, it } from 'vitest';
import { proxyChallenge } from './proxy-challenge.ts';

describe('proxyChallenge', () => {
  it.each([
    ['Basic realm="Company proxy"', ['basic'], 'Company proxy'],
    ['NTLM', ['ntlm'], undefined],
    ['Negotiate, NTLM, Basic realm="a, b"', ['negotiate', 'ntlm', 'basic'], 'a, b'],
    ['Digest realm="d", nonce="abc=", qop="auth", Basic realm="d"', ['digest', 'basic'], 'd'],
    ['Bearer', [], undefined],
    ['', [], undefined],
  ])('reads %j', (text, schemes, realm) => {
    expect(proxyChallenge({ 'proxy-authenticate': text })).toEqual({
      schemes,
      ...(realm === undefined ? {} : { realm }),
    });
  });
});
