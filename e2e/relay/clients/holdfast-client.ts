/** Holdfast's own transport, as it ships. */
import xml, { type Element } from '@xmpp/xml';
import { createMemoryJournal } from '../../../electron/bosh/client/testing/memory-journal.ts';
import { createNodeHttpExchange } from '../../../electron/network/node-http-exchange.ts';
import { createAccountStream } from '../../../electron/xmpp/create-account-stream.ts';
import { type ConnectRelayClient, Heard } from './relay-client.ts';

const MUC = 'http://jabber.org/protocol/muc';

export const connectHoldfast: ConnectRelayClient = async (boshUrl, { jid, password }) => {
  const http = createNodeHttpExchange();
  const stream = createAccountStream({
    ...{ jid, password, http, endpoint: boshUrl },
    resource: 'Holdfast',
    journal: createMemoryJournal(),
    reason: 'test',
  });
  const heard = new Heard();
  stream.onStanza((stanza) => {
    const body = stanza.is('message') ? stanza.getChildText('body') : null;
    if (body !== null) heard.add(body);
  });
  stream.start();
  await stream.ready;
  stream.send(xml('presence'));
  const message = (to: string, type: string, body: string) =>
    stream.send(xml('message', { to, type, id: crypto.randomUUID() }, xml('body', {}, body)));
  return {
    jid: stream.jid,
    heard,
    send: (to, body) => message(to, 'chat', body),
    join: (room, nick) => {
      const joined = new Promise<void>((resolve, reject) => {
        stream.onStanza((stanza: Element) => {
          if (!stanza.is('presence') || stanza.attrs.from !== `${room}/${nick}`) return;
          if (stanza.attrs.type === 'error') reject(new Error(String(stanza)));
          else resolve();
        });
      });
      stream.send(xml('presence', { to: `${room}/${nick}` }, xml('x', { xmlns: MUC })));
      return joined;
    },
    say: (room, body) => message(room, 'groupchat', body),
    close: async () => {
      await stream.terminate();
      await http.close();
    },
  };
};
