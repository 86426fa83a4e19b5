/** KDE's proxy settings: the group `Proxy Settings` of kioslaverc. */

import { proxyFromUrl } from '../route.ts';
import { type DesktopProxy, wellKnownPac } from './desktop-settings.ts';

/** The values of `ProxyType`; the others are none (0) and the environment (4), which was asked before. */
const manual = '1';
const script = '2';
const discovered = '3';

export function kdeProxy(file: string): DesktopProxy {
  const groups = file.split(/^(?=\[)/m);
  const group = groups.find((text) => text.startsWith('[Proxy Settings]')) ?? '';
  const value = (key: string): string =>
    RegExp(`^${key}(?:\\[\\$e\\])?=(.*)$`, 'm').exec(group)?.[1]?.trim() ?? '';
  const type = value('ProxyType');
  if (type === discovered) return { pac: wellKnownPac };
  if (type === script) return { pac: value('Proxy Config Script') || wellKnownPac };
  if (type !== manual) return undefined;
  const bypass = value('NoProxyFor').split(',');
  for (const key of ['httpsProxy', 'socksProxy']) {
    // It writes the port behind a space.
    const proxy = proxyFromUrl(value(key).replace(/\s+(\d+)$/, ':$1'));
    if (proxy !== undefined) return { proxy, bypass };
  }
  return undefined;
}
