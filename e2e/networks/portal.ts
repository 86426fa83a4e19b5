/** The networks behind a captive portal: nothing gets through before its terms are agreed to. */
import { startPortal } from '../servers/strangers.ts';
import type { Network } from './network.ts';

export function behindPortal(answer: 'redirect' | 'page'): Network['start'] {
  return async ({ server, wire }) => {
    const portal = await startPortal(server.boshUrl, answer);
    const endpoint = new URL(portal.boshUrl);
    endpoint.port = String(await wire(Number(endpoint.port)));
    return { endpoint: endpoint.href, agree: () => portal.open(), stop: () => portal.stop() };
  };
}
