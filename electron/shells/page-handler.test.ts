import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPageHandler, type PageHandler } from './page-handler.ts';

let outside: string;
let handle: PageHandler;

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'page-handler-'));
  const folder = join(outside, 'page');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  writeFileSync(join(folder, '.hidden.txt'), 'secret');
  writeFileSync(join(folder, 'index.html'), '<title>Holdfast</title>');
  writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'export {}');
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  writeFileSync(join(folder, 'unknown.bin'), 'x');
  handle = createPageHandler({
    folder,
    readAvatar: async (accountId, hash) => {
      if (accountId !== 'one') return undefined;
      const type = hash === 'vector' ? 'image/svg+xml' : 'image/png';
      return { type, bytes: Uint8Array.of(1, 2, 3) };
    },
  });
});

afterAll(() => rmSync(outside, { recursive: true }));

const get = (path: string, method = 'GET') =>
  handle(new Request(`http://127.0.0.1${path}`, { method }));

describe('the page', () => {
  it.each(['/', '/index.html', '/chats', '/chats/one/juliet'])('is served at %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  it('carries a policy that allows its own files and nothing else', async () => {
    expect((await get('/')).headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  it('lets hashed files be kept for ever, and others be asked for again', async () => {
    const script = await get('/assets/main-abc123.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect((await get('/icon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['/', '/icon.svg', '/nothing.js', '/avatars/one/abc'])(
    'sends the protective headers with %s',
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    },
  );

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/.hidden.txt',
    '/%00.txt',
    '/%ff.txt',
    '/unknown.bin',
    '/assets.js/main-abc123.js',
  ])('never leaves its folder: %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
  });

  it('can only be read', async () => {
    const answer = await get('/', 'POST');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  it('answers HEAD without a body', async () => {
    const answer = await get('/icon.svg', 'HEAD');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  });

  it('says how to build a page that is not there', async () => {
    const empty = createPageHandler({
      folder: join(outside, 'none'),
      readAvatar: async () => undefined,
    });
    const answer = await empty(new Request('http://127.0.0.1/'));
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
  });
});

describe('avatars', () => {
  it('come from the host, in a sandbox', async () => {
    const answer = await get('/avatars/one/abc');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
  });

  it.each(['/avatars/two/abc', '/avatars/one/vector', '/avatars/one', '/avatars/one/abc/more'])(
    'are refused at %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});
