import type { Network } from '../network.ts';
import { byScript } from '../pac.ts';
import { startSquid } from '../programs/squid.ts';

export const pacPerAddress: Network = {
  name: 'pac-per-address',
  about: 'a script names another proxy for each address, and a dead one before the good one',
  start: byScript(
    () => startSquid(() => 'http_access allow all'),
    (proxy) => `
      if (isPlainHostName(host)) return 'DIRECT';
      if (shExpMatch(host, 'chat.*')) return 'PROXY 127.0.0.1:9; PROXY ${proxy}';
      return 'PROXY 127.0.0.1:9';`,
  ),
};
