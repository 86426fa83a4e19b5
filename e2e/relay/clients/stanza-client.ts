/** stanza (stanzajs.org) over BOSH. */
import { EventEmitter, once } from 'node:events';
import { createClient } from 'stanza';
import { type ConnectRelayClient, Heard } from './relay-client.ts';

export const connectStanza: ConnectRelayClient = async (boshUrl, { jid, password }) => {
  const client = createClient({
    ...{ jid, password, resource: 'stanza' },
    transports: { websocket: false, bosh: boshUrl },
    autoReconnect: false,
  });
  const heard = new Heard();
  client.on('message', ({ body }) => body !== undefined && heard.add(body));
  const started = once(client, 'session:started');
  const refused = once(client, 'disconnected').then(() => {
    throw new Error('stanza did not sign in');
  });
  client.connect();
  await Promise.race([started, refused]);
  refused.catch(() => {});
  client.sendPresence();
  return {
    jid: client.jid,
    heard,
    send: (to, body) => void client.sendMessage({ to, body, type: 'chat' }),
    join: async (room, nick) => {
      await client.joinRoom(room, nick);
    },
    say: (room, body) => void client.sendMessage({ to: room, body, type: 'groupchat' }),
    close: async () => {
      // What comes with the last answer it cannot take (seen with ejabberd's own BOSH too): its stream has ended.
      if (client.transport instanceof EventEmitter) client.transport.on('error', () => {});
      const gone = once(client, 'stream:end');
      client.disconnect();
      await gone;
    },
  };
};
