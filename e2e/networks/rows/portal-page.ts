import type { Network } from '../network.ts';
import { behindPortal } from '../portal.ts';

export const portalPage: Network = {
  name: 'portal-page',
  about: 'a captive portal answers every request with its page',
  problem: 'network.html-answer',
  verdict: 'portal',
  start: behindPortal('page'),
};
