import type { Network } from '../network.ts';
import { startSquidWith } from '../programs/squid-authentication.ts';
import { CLERK, throughProxy } from '../through-proxy.ts';

export const squidNtlm: Network = {
  name: 'squid-ntlm',
  about: 'Squid asks for a sign-in by NTLM, which only the desktop application can do',
  problem: 'network.proxy-auth-unsupported',
  verdict: 'proxy-auth-unsupported',
  start: throughProxy(() => startSquidWith('ntlm', CLERK), { credentials: CLERK }),
};
