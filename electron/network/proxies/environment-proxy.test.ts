import { beforeEach, describe, expect, it, vi } from 'vitest';
import { environmentRoute } from './environment-proxy.ts';

const chat = new URL('https://chat.example.org/http-bind');

describe('the environment', () => {
  beforeEach(() => {
    for (const name of ['https_proxy', 'all_proxy', 'no_proxy', 'http_proxy']) {
      vi.stubEnv(name, undefined);
      vi.stubEnv(name.toUpperCase(), undefined);
    }
    return () => vi.unstubAllEnvs();
  });

  it('says nothing where no variable does', () => {
    vi.stubEnv('http_proxy', 'http://only-for-http:1');
    expect(environmentRoute(chat)).toBeUndefined();
  });

  it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])('names a proxy by %s', (name) => {
    vi.stubEnv(name, 'http://me:secret@proxy.example:3128');
    expect(environmentRoute(chat)).toEqual({
      ...{ scheme: 'http', host: 'proxy.example', port: 3128 },
      credentials: { username: 'me', password: 'secret' },
    });
  });

  it('takes a proxy without a scheme to speak HTTP', () => {
    vi.stubEnv('HTTPS_PROXY', 'proxy.example:3128');
    expect(environmentRoute(chat)).toEqual({ scheme: 'http', host: 'proxy.example', port: 3128 });
  });

  it('names a SOCKS proxy', () => {
    vi.stubEnv('ALL_PROXY', 'socks5h://proxy.example');
    expect(environmentRoute(chat)).toMatchObject({ scheme: 'socks5', port: 1080 });
  });

  it.each(['example.com,.example.org', '*', 'chat.example.org:443'])(
    'sends straight what NO_PROXY %j names',
    (list) => {
      vi.stubEnv('HTTPS_PROXY', 'http://proxy.example:3128');
      vi.stubEnv('NO_PROXY', list);
      expect(environmentRoute(chat)).toBe('direct');
    },
  );
});
