/** @xmpp/client as it comes, over TCP (with TCP_NODELAY, which it does not set itself) and over WebSocket. */
import { Socket } from 'node:net';
import { client, xml } from '@xmpp/client';
import type { BenchPeer, ConnectBenchPeer } from './bench-peer.ts';

export const connectTcp: ConnectBenchPeer = ({ tcpHost, tcpPort, jid, password }) =>
  connect(`xmpp://${tcpHost}:${tcpPort}`, jid, password);

export const connectWebSocket: ConnectBenchPeer = ({ webSocketUrl, jid, password }) =>
  connect(webSocketUrl, jid, password);

async function connect(service: string, jid: string, password: string): Promise<BenchPeer> {
  const [username = '', domain = ''] = jid.split('@');
  const entity = client({ service, domain, resource: 'bench', username, password });
  entity.timeout = 20_000;
  entity.on('error', (error) => console.error(`${service}: ${error}`));
  entity.on('connect', () => {
    const socket: unknown = entity.socket;
    if (socket instanceof Socket) socket.setNoDelay(true);
  });
  const address = await entity.start();
  await entity.send(xml('presence'));
  return {
    jid: address.toString(),
    send: (messages) => {
      for (const { to, id, body } of messages) {
        void entity.send(xml('message', { to, id, type: 'chat' }, xml('body', {}, body)));
      }
    },
    onMessage: (listener) => {
      entity.on('stanza', (stanza) => {
        if (stanza.is('message')) listener(stanza.attrs.id ?? '');
      });
    },
    close: async () => {
      entity.reconnect.stop();
      await entity.stop();
    },
  };
}
