/** macOS's proxy settings of the network in use: `scutil --proxy`. */
import { type DesktopProxy, wellKnownPac } from './desktop-settings.ts';

export function macosProxy(output: string): DesktopProxy {
  const value = (key: string): string =>
    RegExp(`^\\s*${key} : (.*)$`, 'm').exec(output)?.[1]?.trim() ?? '';
  const isOn = (key: string): boolean => value(key) === '1';
  if (isOn('ProxyAutoConfigEnable')) return { pac: value('ProxyAutoConfigURLString') };
  const list = /ExceptionsList : <array> \{([^}]*)\}/.exec(output)?.[1] ?? '';
  const bypass = [
    ...[...list.matchAll(/^\s*\d+ : (.*)$/gm)].map(([, host = '']) => host),
    ...(isOn('ExcludeSimpleHostnames') ? ['<local>'] : []),
  ];
  for (const [name, scheme] of [
    ['HTTPS', 'http'],
    ['SOCKS', 'socks5'],
  ] as const) {
    const host = value(`${name}Proxy`);
    const port = Number(value(`${name}Port`));
    if (isOn(`${name}Enable`) && host !== '' && port > 0) {
      return { proxy: { scheme, host, port }, bypass };
    }
  }
  return isOn('ProxyAutoDiscoveryEnable') ? { pac: wellKnownPac } : undefined;
}
