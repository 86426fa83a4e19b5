import { expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';

it('reads one challenge with its parameters', () => {
  expect(parseChallenges('Basic realm="the office", charset="UTF-8"')).toEqual([
    { scheme: 'basic', parameters: { realm: 'the office', charset: 'UTF-8' } },
  ]);
});

it('reads several challenges of one header', () => {
  const header =
    'Negotiate, NTLM TlRMTVNTUAAC==, Digest realm="a, b", nonce=abc , qop="auth,auth-int", Basic Realm="x"';
  expect(parseChallenges(header)).toEqual([
    { scheme: 'negotiate', parameters: {} },
    { scheme: 'ntlm', parameters: {}, token: 'TlRMTVNTUAAC==' },
    { scheme: 'digest', parameters: { realm: 'a, b', nonce: 'abc', qop: 'auth,auth-int' } },
    { scheme: 'basic', parameters: { realm: 'x' } },
  ]);
});

it('reads quoted characters and spaces around the equals sign', () => {
  expect(parseChallenges('Basic realm = "say \\"friend\\""')).toEqual([
    { scheme: 'basic', parameters: { realm: 'say "friend"' } },
  ]);
});

it.each([
  ['', []],
  [' , ,', []],
  ['Basic', ['basic']],
  ['Basic realm="never ends', ['basic']],
  ['"nonsense"', []],
  ['Basic realm="x", =', ['basic']],
])('keeps what it understood of %j', (header, schemes) => {
  expect(parseChallenges(header).map(({ scheme }) => scheme)).toEqual(schemes);
});
