/** Something between refuses the request before the server sees it: a proxy, a firewall, a web server. */
import type { Fault } from '../fault.ts';

function refusal(status: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return {
    name: String(status),
    weight: 1,
    longest: 3,
    treat: () => ({
      isLost: true,
      stranger: {
        status,
        headers: { 'content-type': 'text/html', ...headers },
        body: `<html><head><title>${status}</title></head><body>${status}</body></html>`,
        afterMs: 0,
      },
    }),
  };
}

export const refusals: readonly Fault[] = [
  refusal(401, { 'www-authenticate': 'Basic realm="intranet"' }),
  refusal(403),
  refusal(404),
  refusal(407, { 'proxy-authenticate': 'Basic realm="proxy"' }),
  refusal(408, { connection: 'close' }),
  refusal(413, { connection: 'close' }),
];
