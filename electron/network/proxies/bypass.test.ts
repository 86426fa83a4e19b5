import { expect, it } from 'vitest';
import { isBypassed } from './bypass.ts';

it.each([
  ['chat.example.org', 'example.org', true],
  ['example.org', 'example.org', true],
  ['notexample.org', 'example.org', false],
  ['chat.example.org', '.example.org', true],
  ['chat.example.org', '*.example.org', true],
  ['example.org', '*.example.org', false],
  ['chat.example.org', ' Chat.Example.ORG ', true],
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['chat.example.org', '10.0.0.0/8', false],
  ['[fe80::1]', 'fe80::/10', true],
  ['[fe80::1]', '10.0.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/99', false],
  ['10.1.2.3', 'x/8', false],
  ['192.168.7.1', '192.168.*', true],
  ['[::1]', '::1', true],
  ['intranet', '<local>', true],
  ['intranet.example.org', '<local>', false],
  ['chat.example.org', '', false],
  ['chatXexample.org', 'chat.example.org', false],
])('%s by %j: %s', (host, entry, expected) => {
  expect(isBypassed(host, ['nothing.test', entry])).toBe(expected);
});
