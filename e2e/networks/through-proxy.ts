/** The networks that let nothing out but through a proxy, which alone knows the names outside. */
import type { XmppServer } from '../servers/xmpp-server.ts';
import type { Network } from './network.ts';
import type { Credentials } from './programs/microsocks.ts';
import { OUTSIDE_NAME } from './programs/names.ts';

interface Proxy {
  readonly port: number;
  stop(): Promise<void>;
}

interface Settings<P extends Proxy> {
  readonly scheme?: 'http' | 'socks5';
  /** What the person has set for this proxy. */
  readonly credentials?: Credentials;
  /** PEM file of the certificate authority the computer trusts; the server's where absent. */
  readonly ca?: (proxy: P) => string;
}

/** A network of one proxy, which the system's settings name. */
export function throughProxy<P extends Proxy>(
  start: (server: XmppServer) => Promise<P>,
  { scheme = 'http', credentials, ca }: Settings<P> = {},
): Network['start'] {
  return async ({ server, wire }) => {
    const proxy = await start(server);
    const url = new URL(`${scheme}://127.0.0.1:${await wire(proxy.port)}`);
    if (credentials) {
      url.username = encodeURIComponent(credentials.name);
      url.password = encodeURIComponent(credentials.password);
    }
    return {
      endpoint: server.boshUrlOutside,
      tcp: `${OUTSIDE_NAME}:${server.c2s.port}`,
      environment: {
        HTTPS_PROXY: url.href.replace(/\/$/u, ''),
        NODE_EXTRA_CA_CERTS: ca?.(proxy) ?? server.certificate,
      },
      stop: () => proxy.stop(),
    };
  };
}

/** Whom the proxies of the matrix know. */
export const CLERK: Credentials = { name: 'clerk', password: 'open:sesame' };
