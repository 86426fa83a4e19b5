import type { Network } from '../network.ts';
import { byScript } from '../pac.ts';
import { startMicrosocks } from '../programs/microsocks.ts';

export const pacSocks: Network = {
  name: 'pac-socks',
  about: 'a script sends what is secure through SOCKS5, and everything else nowhere',
  start: byScript(
    () => startMicrosocks(),
    (proxy) => `
      return url.substring(0, 6) === 'https:' ? 'SOCKS5 ${proxy}' : 'PROXY 127.0.0.1:9';`,
    'socks5',
  ),
};
