import { describe, expect, it } from 'vitest';
import type { ProxySetting } from '../../shared/proxy.ts';
import { checkProxy, typedProxy } from './typed-proxy.ts';

const manual = { ...typedProxy(undefined), mode: 'manual' as const, host: 'proxy.example' };

describe('a choice of proxy', () => {
  it.each<ProxySetting>([
    { mode: 'system' },
    { mode: 'none' },
    { mode: 'pac', url: 'http://proxy.example/proxy.pac' },
    { mode: 'manual', proxy: { scheme: 'socks5', host: '::1', port: 1080 } },
  ])('comes out of the form as it went in: %j', (setting) => {
    expect(checkProxy(typedProxy(setting))).toEqual({ setting, errors: {} });
  });

  it('is the system’s where there is none', () => {
    expect(checkProxy(typedProxy(undefined)).setting).toEqual({ mode: 'system' });
  });

  it('leaves out spaces around it', () => {
    expect(checkProxy({ ...manual, host: ' proxy.example ', port: ' 3128 ' }).setting).toEqual({
      mode: 'manual',
      proxy: { scheme: 'http', host: 'proxy.example', port: 3128 },
    });
  });

  it.each(['', 'proxy.example:3128', 'http://proxy.example', 'a b', 'me@proxy.example'])(
    'has a name for the proxy other than %j',
    (host) => {
      const { setting, errors } = checkProxy({ ...manual, host, port: '3128' });
      expect(setting).toBeUndefined();
      expect(Object.keys(errors)).toEqual(['host']);
    },
  );

  it.each(['', '0', '65536', '3128x', '-1'])('has a port other than %j', (port) => {
    expect(Object.keys(checkProxy({ ...manual, port }).errors)).toEqual(['port']);
  });

  it.each(['', 'proxy.pac', 'ftp://proxy.example/'])('has a script other than at %j', (pac) => {
    expect(Object.keys(checkProxy({ ...manual, mode: 'pac', pac }).errors)).toEqual(['pac']);
  });
});
