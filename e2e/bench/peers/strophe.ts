/** Strophe.js at its best: every send is flushed, since it gathers for 100 ms otherwise. */
import { $msg, $pres, Strophe } from 'strophe.js';
import { installXmlHttpRequest } from '../../peers/strophe-runtime.ts';
import type { ConnectBenchPeer } from './bench-peer.ts';

export const connectStrophe: ConnectBenchPeer = async ({ boshUrl, jid, password }) => {
  installXmlHttpRequest();
  Strophe.setLogLevel(Strophe.LogLevel.FATAL);
  const connection = new Strophe.Connection(boshUrl);
  const ended = Promise.withResolvers<void>();
  await new Promise<void>((resolve, reject) => {
    connection.connect(`${jid}/bench`, password, (status, condition) => {
      if (status === Strophe.Status.CONNECTED) resolve();
      if (status === Strophe.Status.AUTHFAIL || status === Strophe.Status.CONNFAIL) {
        reject(new Error(`Strophe.js: ${condition}`));
      }
      if (status === Strophe.Status.DISCONNECTED) ended.resolve();
    });
  });
  connection.send($pres().tree());
  connection.flush();
  return {
    jid: connection.jid,
    send: (messages) => {
      for (const { to, id, body } of messages) {
        connection.send($msg({ to, id, type: 'chat' }).c('body').t(body).tree());
      }
      connection.flush();
    },
    onMessage: (listener) => {
      connection.addHandler(
        (stanza) => {
          listener(stanza.getAttribute('id') ?? '');
          return true;
        },
        null,
        'message',
        null,
      );
    },
    close: async () => {
      connection.disconnect('done');
      await ended.promise;
      connection.reset();
    },
  };
};
