import type { Network } from '../network.ts';
import { startSquidWith } from '../programs/squid-authentication.ts';
import { CLERK, throughProxy } from '../through-proxy.ts';

export const squidDigest: Network = {
  name: 'squid-digest',
  about: 'Squid asks for a name and password: Digest',
  start: throughProxy(() => startSquidWith('digest', CLERK), { credentials: CLERK }),
};
