/** Holdfast's own transport as it ships, with a journal that keeps nothing: what is measured is the wire. */
import xml from '@xmpp/xml';
import type { Journal } from '../../../electron/bosh/client/journal.ts';
import { createNodeHttpExchange } from '../../../electron/network/node-http-exchange.ts';
import { createAccountStream } from '../../../electron/xmpp/create-account-stream.ts';
import type { ConnectBenchPeer } from './bench-peer.ts';

const done = async (): Promise<void> => {};
const forgetfulJournal: Journal = {
  begin: done,
  append: done,
  taken: done,
  answered: done,
  processed: done,
  end: done,
};

export const connectHoldfast: ConnectBenchPeer = async ({ boshUrl, jid, password }) => {
  const http = createNodeHttpExchange();
  const stream = createAccountStream({
    jid,
    password,
    resource: 'bench',
    endpoint: boshUrl,
    http,
    journal: forgetfulJournal,
    reason: 'benchmark',
  });
  stream.start();
  await stream.ready;
  stream.send(xml('presence'));
  return {
    jid: stream.jid,
    send: (messages) => {
      for (const { to, id, body } of messages) {
        stream.send(xml('message', { to, id, type: 'chat' }, xml('body', {}, body)));
      }
    },
    onMessage: (listener) => {
      stream.onStanza((stanza) => {
        if (stanza.is('message')) listener(stanza.attrs.id);
      });
    },
    close: async () => {
      await stream.terminate();
      await http.close();
    },
  };
};
