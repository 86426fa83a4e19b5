/** A forward proxy on loopback that answers CONNECT as a test says, and tunnels where that is 200. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ProxyRoute } from '../../proxies/route.ts';

export interface TrialProxy {
  readonly route: ProxyRoute;
  /** The authorities that were asked for. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** @param refusal the status line and headers of its answer; absent: it lets everything through */
export async function startTrialProxy(refusal?: string | 'hang up'): Promise<TrialProxy> {
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer();
  server.on('connection', (socket: Socket) => keep(socket));
  server.on('connect', ({ url = '' }, socket: Duplex) => {
    asked.push(url);
    if (refusal === 'hang up') socket.destroy();
    else if (refusal !== undefined) socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    else tunnel(url, socket);
  });
  const tunnel = (authority: string, socket: Duplex): void => {
    const [host = '', port] = authority.split(':');
    const onward = connect(Number(port), host);
    keep(onward);
    onward.on('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    route: { scheme: 'http', host: '127.0.0.1', port },
    asked,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
