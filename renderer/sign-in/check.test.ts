import { describe, expect, it } from 'vitest';
import { checkEndpoint, checkPassword } from './check.ts';

describe('a typed BOSH address', () => {
  it('may be left empty: it is found by itself', () => {
    expect(checkEndpoint('  ')).toBeUndefined();
  });

  it('is an https address, or http to this computer', () => {
    expect(checkEndpoint('https://example.org:5281/http-bind')).toBeUndefined();
    expect(checkEndpoint('http://127.0.0.1:5280/http-bind')).toBeUndefined();
    expect(checkEndpoint('http://localhost/bosh')).toBeUndefined();
    expect(checkEndpoint('http://[::1]:5280/')).toBeUndefined();
  });

  it('is refused in words where others could read along, or where it is no address', () => {
    expect(checkEndpoint('http://example.org/http-bind')).toMatch(/https:/u);
    expect(checkEndpoint('http://localhost.example.org/')).toMatch(/https:/u);
    expect(checkEndpoint('ftp://example.org/')).toMatch(/https:/u);
    expect(checkEndpoint('example.org/http-bind')).toMatch(/whole address/u);
  });
});

it('a password has to be there', () => {
  expect(checkPassword('')).toBeDefined();
  expect(checkPassword(' ')).toBeUndefined();
});
