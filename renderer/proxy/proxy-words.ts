/** The choices of proxy in words. */
import { type ProxyScheme, type ProxySetting, proxyHostPort } from '../../shared/proxy.ts';

export const modeWords: Readonly<Record<ProxySetting['mode'], string>> = {
  system: 'As this computer is set up',
  pac: 'Chosen by a script (PAC)',
  manual: 'This proxy',
  none: 'No proxy',
};

export const schemeWords: Readonly<Record<ProxyScheme, string>> = {
  http: 'HTTP',
  https: 'HTTPS (TLS to the proxy)',
  socks5: 'SOCKS5',
};

/** A choice in one line. */
export function proxyWords(setting: ProxySetting | undefined): string {
  switch (setting?.mode) {
    case 'pac':
      return `Chosen by the script ${setting.url}`;
    case 'manual':
      return `${setting.proxy.scheme.toUpperCase()} ${proxyHostPort(setting.proxy)}`;
    default:
      return modeWords[setting?.mode ?? 'system'];
  }
}
