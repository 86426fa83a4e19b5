import { describe, expect, it } from 'vitest';
import { challengeOf } from './proxy-challenge.ts';

describe('a proxy’s question', () => {
  it.each([
    ['Basic realm="Company proxy"', { schemes: ['basic'], realm: 'Company proxy' }],
    ['Negotiate, NTLM, Basic realm="a"', { schemes: ['negotiate', 'ntlm', 'basic'], realm: 'a' }],
    ['NTLM', { schemes: ['ntlm'] }],
    ['', { schemes: [] }],
  ])('in short: %j', (header, challenge) => {
    expect(challengeOf({ 'proxy-authenticate': header })).toEqual(challenge);
  });
});
