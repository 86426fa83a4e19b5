import type { Network } from '../network.ts';
import { startSquidWith } from '../programs/squid-authentication.ts';
import { CLERK, throughProxy } from '../through-proxy.ts';

export const squidBasic: Network = {
  name: 'squid-basic',
  about: 'Squid asks for a name and password: Basic',
  start: throughProxy(() => startSquidWith('basic', CLERK), { credentials: CLERK }),
};
