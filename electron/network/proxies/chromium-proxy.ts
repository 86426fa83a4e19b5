/** A choice of proxy as Chromium is told it, and a proxy's question as Chromium tells it. The Electron adapter calls it. */
import { type ProxyAddress, type ProxySetting, proxyUrl } from '../../../shared/proxy.ts';
import { pacRoutes } from './pac-answer.ts';

/** The part of Electron's `ProxyConfig` that is used. */
export interface ChromiumProxyConfig {
  readonly mode: 'system' | 'pac_script' | 'fixed_servers' | 'direct';
  readonly pacScript?: string;
  readonly proxyRules?: string;
}

/** This computer's own addresses are left out by Chromium itself. */
export function chromiumProxyConfig(setting: ProxySetting): ChromiumProxyConfig {
  switch (setting.mode) {
    case 'system':
      return { mode: 'system' };
    case 'pac':
      return { mode: 'pac_script', pacScript: setting.url };
    case 'manual':
      return { mode: 'fixed_servers', proxyRules: proxyUrl(setting.proxy) };
    case 'none':
      return { mode: 'direct' };
  }
}

/**
 * The proxy at this host and port, whose scheme a question does not tell.
 * @param resolved what Chromium answers about the address: `PROXY a:3128; DIRECT`.
 */
export function askingProxy(host: string, port: number, resolved: string): ProxyAddress {
  const [found] = pacRoutes(resolved).flatMap((route) =>
    route !== 'direct' && route.host === host && route.port === port ? [route] : [],
  );
  return { scheme: found?.scheme ?? 'http', host, port };
}

/**
 * The proxy that Chromium tries first for an address, which it does not tell of an answer.
 * @param resolved what it answers about the address
 */
export function resolvedProxy(resolved: string): ProxyAddress | 'none' {
  const [first = 'direct'] = pacRoutes(resolved);
  if (first === 'direct') return 'none';
  const { scheme, host, port } = first;
  return { scheme, host, port };
}
