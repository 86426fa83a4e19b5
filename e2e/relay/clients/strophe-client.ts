/** Strophe.js over BOSH, as it comes. */
import { $msg, $pres, Strophe } from 'strophe.js';
import { installXmlHttpRequest } from '../../peers/strophe-runtime.ts';
import { type ConnectRelayClient, Heard } from './relay-client.ts';

const MUC = 'http://jabber.org/protocol/muc';

export const connectStrophe: ConnectRelayClient = async (boshUrl, { jid, password }) => {
  installXmlHttpRequest();
  Strophe.setLogLevel(Strophe.LogLevel.FATAL);
  const connection = new Strophe.Connection(boshUrl);
  const heard = new Heard();
  const on = (name: string, take: (stanza: Element) => void) =>
    connection.addHandler(
      (stanza) => {
        take(stanza);
        return true;
      },
      null,
      name,
      null,
    );
  on('message', (stanza) => {
    const [body] = Array.from(stanza.getElementsByTagName('body'));
    if (body) heard.add(body.textContent ?? '');
  });
  const ended = Promise.withResolvers<void>();
  await new Promise<void>((resolve, reject) => {
    connection.connect(`${jid}/strophe`, password, (status, condition) => {
      if (status === Strophe.Status.CONNECTED) resolve();
      if (status === Strophe.Status.AUTHFAIL || status === Strophe.Status.CONNFAIL) {
        reject(new Error(`Strophe.js did not sign in: ${condition}`));
      }
      if (status === Strophe.Status.DISCONNECTED) ended.resolve();
    });
  });
  connection.send($pres().tree());
  return {
    jid: connection.jid,
    heard,
    send: (to, body) => connection.send($msg({ to, type: 'chat' }).c('body').t(body).tree()),
    join: (room, nick) => {
      const joined = new Promise<void>((resolve, reject) => {
        on('presence', (stanza) => {
          if (stanza.getAttribute('from') !== `${room}/${nick}`) return;
          if (stanza.getAttribute('type') === 'error') reject(new Error(stanza.outerHTML));
          else resolve();
        });
      });
      connection.send(
        $pres({ to: `${room}/${nick}` })
          .c('x', { xmlns: MUC })
          .tree(),
      );
      return joined;
    },
    say: (room, body) =>
      connection.send($msg({ to: room, type: 'groupchat' }).c('body').t(body).tree()),
    close: async () => {
      connection.disconnect('done');
      await ended.promise;
      connection.reset();
    },
  };
};
