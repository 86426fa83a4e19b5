/** Windows' proxy settings of the person: `reg query "HKCU\…\Internet Settings"`. */

import { proxyFromUrl } from '../route.ts';
import type { DesktopProxy } from './desktop-settings.ts';

export function windowsProxy(output: string): DesktopProxy {
  const value = (key: string): string =>
    RegExp(`^\\s*${key}\\s+REG_\\w+\\s+(.*)$`, 'm').exec(output)?.[1]?.trim() ?? '';
  const pac = value('AutoConfigURL');
  if (pac !== '') return { pac };
  if (value('ProxyEnable') !== '0x1') return undefined;
  // One for everything, or one for each protocol: `http=a:80;https=b:80;socks=c:1080`.
  const servers = value('ProxyServer').split(';');
  const named = (protocol: string): string | undefined =>
    servers.find((server) => server.startsWith(`${protocol}=`))?.slice(protocol.length + 1);
  const all = servers.find((server) => !server.includes('='));
  const http = named('https') ?? all;
  const socks = named('socks');
  const address = http ?? socks ?? '';
  const scheme = http === undefined ? 'socks5' : 'http';
  const proxy = proxyFromUrl(address.includes('://') ? address : `${scheme}://${address}`);
  return proxy && { proxy, bypass: value('ProxyOverride').split(';') };
}
