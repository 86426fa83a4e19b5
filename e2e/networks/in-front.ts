/** The networks whose program stands in front of the server, so that its address is the BOSH address. */
import type { XmppServer } from '../servers/xmpp-server.ts';
import type { Network } from './network.ts';

interface Gateway {
  readonly port: number;
  stop(): Promise<void>;
}

/** A network of one gateway that clients reach over plain HTTP. */
export function inFrontOfServer(start: (server: XmppServer) => Promise<Gateway>): Network['start'] {
  return async ({ server, wire }) => {
    const gateway = await start(server);
    const endpoint = new URL(server.boshUrl);
    endpoint.port = String(await wire(gateway.port));
    return { endpoint: endpoint.href, stop: () => gateway.stop() };
  };
}

/** A network that does the same to every connection, whatever is spoken over it. */
export function overRelay(start: (port: number) => Promise<Gateway>): Network['start'] {
  return async ({ server, wire }) => {
    const endpoint = new URL(server.boshUrl);
    const [web, chat] = await Promise.all([Number(endpoint.port), server.c2s.port].map(start));
    if (!web || !chat) throw new Error('a relay is missing');
    endpoint.port = String(await wire(web.port));
    return {
      endpoint: endpoint.href,
      tcp: `127.0.0.1:${await wire(chat.port)}`,
      stop: async () => {
        await Promise.all([web.stop(), chat.stop()]);
      },
    };
  };
}
