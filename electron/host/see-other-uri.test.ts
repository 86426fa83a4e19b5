import { describe, expect, it } from 'vitest';
import { mayFollow } from './see-other-uri.ts';

describe('an address the manager names', () => {
  it.each([
    ['https://a.example/http-bind', 'https://b.example/http-bind', true],
    ['https://a.example/http-bind', 'http://b.example/http-bind', false],
    ['https://a.example/http-bind', 'http://127.0.0.1:5280/http-bind', false],
    ['http://127.0.0.1:5280/http-bind', 'http://localhost:5290/http-bind', true],
    ['http://127.0.0.1:5280/http-bind', 'http://b.example/http-bind', false],
    ['http://127.0.0.1:5280/http-bind', 'https://b.example/http-bind', true],
    ['https://a.example/http-bind', 'https://me:secret@b.example/', false],
    ['https://a.example/http-bind', 'xmpp:b.example', false],
    ['https://a.example/http-bind', '/http-bind', false],
    ['https://a.example/http-bind', '', false],
    [undefined, 'https://b.example/http-bind', true],
    [undefined, 'http://127.0.0.1/http-bind', false],
  ])('from %s to %s: %s', (from, to, allowed) => {
    expect(mayFollow(from, to)).toBe(allowed);
  });
});
