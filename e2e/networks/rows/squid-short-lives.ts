import type { Network } from '../network.ts';
import { startSquid } from '../programs/squid.ts';
import { throughProxy } from '../through-proxy.ts';

export const squidShortLives: Network = {
  name: 'squid-short-lives',
  about: 'Squid lets no tunnel live longer than a minute',
  start: throughProxy(() => startSquid(() => 'http_access allow all\nclient_lifetime 12 seconds')),
};
