import { describe, expect, it } from 'vitest';
import type { ProxySetting } from '../../../shared/proxy.ts';
import { askingProxy, chromiumProxyConfig } from './chromium-proxy.ts';

describe('Chromium', () => {
  it.each<[ProxySetting, object]>([
    [{ mode: 'system' }, { mode: 'system' }],
    [{ mode: 'none' }, { mode: 'direct' }],
    [
      { mode: 'pac', url: 'http://pac.example/p.pac' },
      { mode: 'pac_script', pacScript: 'http://pac.example/p.pac' },
    ],
    [
      { mode: 'manual', proxy: { scheme: 'https', host: '2001:db8::1', port: 443 } },
      { mode: 'fixed_servers', proxyRules: 'https://[2001:db8::1]:443' },
    ],
    [
      { mode: 'manual', proxy: { scheme: 'socks5', host: 'proxy.example', port: 1080 } },
      { mode: 'fixed_servers', proxyRules: 'socks5://proxy.example:1080' },
    ],
  ])('is told %j as %j', (setting, config) => {
    expect(chromiumProxyConfig(setting)).toEqual(config);
  });

  it('tells of a proxy by what it goes by', () => {
    const resolved = 'PROXY other.example:3128; HTTPS proxy.example:443; DIRECT';
    expect(askingProxy('proxy.example', 443, resolved)).toEqual({
      ...{ scheme: 'https', host: 'proxy.example', port: 443 },
    });
    expect(askingProxy('proxy.example', 443, 'DIRECT').scheme).toBe('http');
  });
});
