import { describe, expect, it } from 'vitest';
import { problemSchema } from '../../shared/problem.ts';
import type { HttpResponse } from './http-exchange.ts';
import { describeStranger, retryAfterMs } from './strangers.ts';

function answer(status: number, headers: Record<string, string> = {}, body = ''): HttpResponse {
  return { status, headers, body, bytesSent: 1, bytesReceived: 1, httpVersion: '1.1' };
}

const html = { 'content-type': 'text/html; charset=utf-8' };

describe('describeStranger', () => {
  it.each([
    [
      'a portal page',
      answer(200, html, '<html><title>Hotel</title></html>'),
      'network.html-answer',
    ],
    [
      'a page without a type',
      answer(200, {}, '\n<!-- x -->\n<!DOCTYPE html><p>'),
      'network.html-answer',
    ],
    [
      'a page typed as XML',
      answer(200, { 'content-type': 'text/xml' }, '<HTML>'),
      'network.html-answer',
    ],
    [
      'a redirect',
      answer(302, { location: 'https://portal.hotel.example/in' }),
      'network.redirected',
    ],
    ['401', answer(401), 'endpoint.http-unauthorized'],
    ['403', answer(403, html, '<html>'), 'network.forbidden'],
    ['404', answer(404, html, '<html>'), 'endpoint.http-not-found'],
    ['405', answer(405), 'endpoint.http-method-not-allowed'],
    ['407', answer(407, html, '<html>'), 'network.proxy-auth'],
    ['408', answer(408), 'network.request-timeout'],
    ['411', answer(411), 'network.length-required'],
    ['413', answer(413), 'network.request-too-large'],
    ['418', answer(418), 'network.refused-by-web-server'],
    ['429', answer(429), 'network.too-many-requests'],
    ['500', answer(500), 'network.server-error'],
    ['502 with a page', answer(502, html, '<html>'), 'network.bad-gateway'],
    ['503', answer(503), 'network.unavailable'],
    ['504 with a page', answer(504, html, '<html>'), 'network.gateway-timeout'],
    ['511', answer(511, html, '<html>'), 'network.sign-in-required'],
    ['a 5xx of its own', answer(520), 'network.server-error'],
    ['an empty 200', answer(200, {}, ' \n'), 'network.empty-answer'],
    ['a 204', answer(204), 'network.empty-answer'],
    ['JSON', answer(200, { 'content-type': 'application/json' }, '{}'), 'network.foreign-answer'],
    [
      'plain text',
      answer(200, { 'content-type': 'text/plain' }, 'It works!'),
      'network.foreign-answer',
    ],
  ])('names %s', (_name, response, code) => {
    const problem = describeStranger(response);
    expect(problemSchema.parse(problem)).toEqual(problem);
    expect(problem.code).toBe(code);
    expect(problem.source).toBe(code.split('.')[0]);
    expect(problem.message).toMatch(/\.$/);
    expect(problem.advice).toMatch(/\.$/);
    expect(problem.detail).toContain(`HTTP ${response.status}`);
  });

  it('tells the page title, the server and the proxy, cleaned and cut', () => {
    const { detail } = describeStranger(
      answer(
        200,
        { ...html, server: 'squid/6.1', via: '1.1 gate.example' },
        `<html><head><title lang="en">\n Sign\u202e in &amp; accept\u0007 ${'x'.repeat(500)}</title>`,
      ),
    );
    expect(detail).toContain('Server: squid/6.1; Via: 1.1 gate.example');
    expect(detail).toMatch(/title: Sign in & accept x+…$/);
    expect(detail?.length).toBeLessThan(300);
  });

  it('tells only the host a redirect points to', () => {
    const { detail } = describeStranger(
      answer(307, { location: 'https://me:secret@portal.example:8443/login?mac=00:11&user=me' }),
    );
    expect(detail).toBe('HTTP 307; Location host: portal.example:8443');
    expect(describeStranger(answer(301, { location: '/login?x=secret' })).detail).toBe(
      'HTTP 301; Location host: the same host',
    );
  });

  it('stays quick on a hostile page', () => {
    const started = performance.now();
    describeStranger(answer(200, {}, '<!--'.repeat(300_000)));
    describeStranger(answer(200, {}, '<!---->'.repeat(300_000)));
    describeStranger(answer(200, {}, ` ${'<title '.repeat(300_000)}`));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('Fri, 31 Dec 1999 23:59:00 GMT');
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Fri, 31 Dec 1999 23:59:59 GMT', 59_000],
    ['Friday, 31-Dec-99 23:59:59 GMT', 59_000],
    ['Fri, 31 Dec 1999 23:00:00 GMT', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['2 minutes', undefined],
    ['1e3', undefined],
    ['', undefined],
  ])('reads %j as %s', (value, expected) => {
    expect(retryAfterMs({ 'retry-after': value }, now)).toBe(expected);
  });

  it('knows of no wait where none is asked for', () => {
    expect(retryAfterMs({}, now)).toBeUndefined();
  });
});
