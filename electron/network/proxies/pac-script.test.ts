import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { problemOf } from '../../../shared/problem.ts';
import type { HttpExchange, HttpRequest } from '../http-exchange.ts';
import { loadPacScript } from './pac-script.ts';

const chat = new URL('https://chat.example.org:5281/http-bind?secret');

function serving(body: string, status = 200): HttpExchange & { asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  return {
    asked,
    async send(request) {
      asked.push(request);
      return { status, headers: {}, body, bytesSent: 0, bytesReceived: 0, httpVersion: '1.1' };
    },
    async close() {},
  };
}

const load = (script: string, status?: number) =>
  loadPacScript('http://pac.example/proxy.pac', serving(script, status));
const failure = async (work: Promise<unknown>) =>
  work.then(
    () => 'worked',
    (error: unknown) => problemOf(error),
  );

describe('a PAC script', () => {
  it('chooses by host, with the functions that scripts use', async () => {
    const script = await load(`function FindProxyForURL(url, host) {
      if (isPlainHostName(host)) return "DIRECT";
      if (dnsDomainIs(host, ".example.org") && shExpMatch(url, "https://*")) return "PROXY a:1; DIRECT";
      return "SOCKS5 b:2";
    }`);
    expect(await script.routesTo(chat)).toEqual([{ scheme: 'http', host: 'a', port: 1 }, 'direct']);
    expect(await script.routesTo(new URL('https://intranet/'))).toEqual(['direct']);
    expect(await script.routesTo(new URL('https://other.example/'))).toEqual([
      { scheme: 'socks5', host: 'b', port: 2 },
    ]);
  });

  it('learns the origin and not the path', async () => {
    const script = await load('function FindProxyForURL(url) { return "PROXY " + url.length; }');
    const length = 'https://chat.example.org:5281/'.length;
    expect(await script.routesTo(chat)).toMatchObject([{ host: `0.0.0.${length}` }]);
  });

  it('has the same time on a computer that is busy with something else', async () => {
    let later = 0;
    const now = vi.spyOn(performance, 'now').mockImplementation(() => {
      later += 1_000;
      return later;
    });
    try {
      const script = await load(
        'function FindProxyForURL() { for (var i = 0; i < 1e6; i++); return "PROXY a:1"; }',
      );
      expect(await script.routesTo(chat)).toHaveLength(1);
    } finally {
      now.mockRestore();
    }
  });

  it('is read from a file too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-pac-'));
    try {
      const file = join(folder, 'proxy.pac');
      await writeFile(file, 'function FindProxyForURL() { return "PROXY a:1"; }');
      const script = await loadPacScript(pathToFileURL(file).href, serving(''));
      expect(await script.routesTo(chat)).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reaches nothing of this program', async () => {
    const script = await load(
      'function FindProxyForURL() { return typeof process + typeof require; }',
    );
    expect(await script.routesTo(chat)).toEqual(['direct']);
    const print = vi.spyOn(console, 'log');
    await (await load('function FindProxyForURL() { alert("x"); return "DIRECT"; }')).routesTo(
      chat,
    );
    expect(print).not.toHaveBeenCalled();
  });

  it('is stopped when it does not come to an end, and can be asked again', async () => {
    const script = await load(
      'function FindProxyForURL(url, host) { while (host == "chat.example.org"); return "PROXY a:1"; }',
    );
    expect(await failure(script.routesTo(chat))).toMatchObject({ code: 'network.pac-failed' });
    expect(await script.routesTo(new URL('https://b/'))).toHaveLength(1);
  });

  it('gets no more memory than it may have', async () => {
    const script = await load(
      'function FindProxyForURL() { var a = "x"; for (;;) a += a; return "DIRECT"; }',
    );
    expect(await failure(script.routesTo(chat))).toMatchObject({ code: 'network.pac-failed' });
  });

  it.each([
    ['a web page', '<html>', 200],
    ['an answer of 404', 'function FindProxyForURL() {}', 404],
    ['a script without the function', 'var a = 1;', 200],
    ['a script that fails', 'throw new Error("x");', 200],
  ])('cannot be %s', async (_name, body, status) => {
    const problem = await failure(load(body, status));
    expect(problem).toMatchObject({
      code: 'network.pac-failed',
      source: 'network',
      detail: expect.stringContaining('http://pac.example/proxy.pac'),
    });
  });

  it.each(['not an address', 'ftp://pac.example/'])('cannot be at %j', async (address) => {
    const http = serving('');
    vi.spyOn(http, 'send').mockRejectedValue(new TypeError('only http: and https:'));
    expect(await failure(loadPacScript(address, http))).toMatchObject({
      code: 'network.pac-failed',
    });
  });
});
