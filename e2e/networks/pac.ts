/** The networks whose proxies are named by a script (PAC), which gives different answers for different addresses. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Network } from './network.ts';
import { OUTSIDE_NAME } from './programs/names.ts';
import type { Program } from './programs/program.ts';

/**
 * @param script makes the body of `FindProxyForURL(url, host)` from the authority of the proxy.
 * @param scheme of the proxy.
 */
export function byScript(
  start: () => Promise<Program>,
  script: (proxy: string) => string,
  scheme: 'http' | 'socks5' = 'http',
): Network['start'] {
  return async ({ server, wire }) => {
    const proxy = await start();
    const authority = `127.0.0.1:${await wire(proxy.port)}`;
    const file = createServer((_request, answer) =>
      answer
        .writeHead(200, { 'content-type': 'application/x-ns-proxy-autoconfig' })
        .end(`function FindProxyForURL(url, host) { ${script(authority)} }`),
    ).listen(0, '127.0.0.1');
    await once(file, 'listening');
    const { port } = file.address() as AddressInfo;
    return {
      endpoint: server.boshUrlOutside,
      tcp: `${OUTSIDE_NAME}:${server.c2s.port}`,
      proxy: { mode: 'pac', url: `http://127.0.0.1:${port}/proxy.pac` },
      environment: {
        // What a browser would make of the script, for clients that are told nothing else.
        HTTPS_PROXY: `${scheme}://${authority}`,
        NODE_EXTRA_CA_CERTS: server.certificate,
      },
      async stop() {
        file.close();
        file.closeAllConnections();
        await proxy.stop();
      },
    };
  };
}
