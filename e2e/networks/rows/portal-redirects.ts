import type { Network } from '../network.ts';
import { behindPortal } from '../portal.ts';

export const portalRedirects: Network = {
  name: 'portal-redirects',
  about: 'a captive portal sends every request to its own page',
  problem: 'network.redirected',
  verdict: 'portal',
  start: behindPortal('redirect'),
};
