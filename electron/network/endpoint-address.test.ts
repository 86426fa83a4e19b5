import { describe, expect, it } from 'vitest';
import { problemOf } from '../../shared/problem.ts';
import { parseEndpoint } from './endpoint-address.ts';

describe('parseEndpoint', () => {
  it.each([
    ['https://chat.example.org/http-bind', 'https://chat.example.org/http-bind'],
    [
      '  HTTPS://Chat.Example.ORG:5281/http-bind?x=y \n',
      'https://chat.example.org:5281/http-bind?x=y',
    ],
    ['chat.example.org/bosh', 'https://chat.example.org/bosh'],
    ['chat.example.org:5443/bosh', 'https://chat.example.org:5443/bosh'],
    ['münchen.example/bosh', 'https://xn--mnchen-3ya.example/bosh'],
    ['http://localhost:5280/http-bind', 'http://localhost:5280/http-bind'],
    ['http://127.0.0.1:5280/', 'http://127.0.0.1:5280/'],
    ['http://127.1:5280/', 'http://127.0.0.1:5280/'],
    ['http://[::1]:5280/bosh', 'http://[::1]:5280/bosh'],
    ['http://a.localhost./bosh', 'http://a.localhost./bosh'],
    ['[::1]:5281/bosh', 'https://[::1]:5281/bosh'],
  ])('takes %j as %s', (typed, url) => {
    expect(parseEndpoint(typed)).toBe(url);
  });

  it.each([
    ['', 'input.endpoint-empty'],
    [' \t', 'input.endpoint-empty'],
    ['https://', 'input.endpoint-invalid'],
    ['https:chat.example.org', 'input.endpoint-invalid'],
    ['https:/chat.example.org', 'input.endpoint-invalid'],
    ['javascript:alert(1)', 'input.endpoint-invalid'],
    ['chat example.org', 'input.endpoint-invalid'],
    ['https://chat.example.org/a b', 'input.endpoint-invalid'],
    ['https://chat.exam\nple.org/', 'input.endpoint-invalid'],
    ['https:\\\\chat.example.org', 'input.endpoint-invalid'],
    ['chat.example.org:99999/', 'input.endpoint-invalid'],
    [`https://chat.example.org/${'x'.repeat(2000)}`, 'input.endpoint-invalid'],
    ['wss://chat.example.org/ws', 'input.endpoint-scheme'],
    ['file:///etc/passwd', 'input.endpoint-scheme'],
    ['http://chat.example.org/http-bind', 'input.endpoint-insecure'],
    ['http://localhost.example.org/', 'input.endpoint-insecure'],
    ['http://127.0.0.1.example.org/', 'input.endpoint-insecure'],
    ['http://10.0.0.1/', 'input.endpoint-insecure'],
    ['https://me:secret@chat.example.org/', 'input.endpoint-credentials'],
    ['https://me@chat.example.org/', 'input.endpoint-credentials'],
    ['https://chat.example.org/#x', 'input.endpoint-fragment'],
    ['https://chat.example.org/#', 'input.endpoint-fragment'],
  ])('refuses %.60j as %s', (typed, code) => {
    let thrown: unknown;
    try {
      parseEndpoint(typed);
    } catch (error) {
      thrown = error;
    }
    expect(problemOf(thrown)).toMatchObject({ code, source: 'input', retry: 'never' });
    expect(JSON.stringify(thrown)).not.toContain('secret');
  });
});
