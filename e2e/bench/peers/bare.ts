/**
 * BOSH with nothing around it: two sockets, strings cut by hand, no parser, no repeats, no order. It is what
 * the server and the wire cost by themselves, so that what a client adds can be seen.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { BenchPeer, ConnectBenchPeer } from './bench-peer.ts';

const BOSH = 'http://jabber.org/protocol/httpbind';

interface Lane {
  readonly socket: Socket;
  text: string;
  answered: ((body: string) => void) | undefined;
}

export const connectBare: ConnectBenchPeer = async ({ boshUrl, jid, password }) => {
  const [user = '', domain = ''] = jid.split('@');
  const url = new URL(boshUrl);
  const listeners: ((id: string) => void)[] = [];
  const queue: string[] = [];
  let rid = Math.floor(Math.random() * 2 ** 40);
  let sid = '';
  let isOpen = false;

  const lanes = await Promise.all(
    [0, 1].map(async (): Promise<Lane> => {
      const socket = connect(Number(url.port), url.hostname).setNoDelay(true);
      await once(socket, 'connect');
      const lane: Lane = { socket, text: '', answered: undefined };
      socket.on('data', (bytes: Buffer) => {
        lane.text += bytes.toString('latin1');
        const end = lane.text.indexOf('\r\n\r\n') + 4;
        const length = Number(/content-length: (\d+)/iu.exec(lane.text)?.[1]);
        if (end < 4 || lane.text.length < end + length) return;
        const body = lane.text.slice(end, end + length);
        const { answered } = lane;
        lane.text = '';
        lane.answered = undefined;
        for (const [, id = ''] of body.matchAll(/<message[^>]*? id='([^']+)'/gu)) {
          for (const listener of listeners) listener(id);
        }
        answered?.(body);
        if (isOpen) pump();
      });
      return lane;
    }),
  );

  const post = (attributes: string, payload: string): Promise<string> => {
    const lane = lanes.find(({ answered }) => !answered);
    if (!lane) throw new Error('bare client: both connections are in use');
    const session = sid === '' ? '' : ` sid='${sid}'`;
    const body = `<body rid='${rid++}'${session}${attributes} xmlns='${BOSH}'>${payload}</body>`;
    return new Promise((resolve) => {
      lane.answered = resolve;
      lane.socket.write(
        `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n` +
          `Content-Type: text/xml; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  };
  const pump = (): void => {
    const free = lanes.filter(({ answered }) => !answered).length;
    if (free > 0 && (queue.length > 0 || free === 2)) void post('', queue.splice(0).join(''));
  };

  const xmpp = ` to='${domain}' xml:lang='en' xmlns:xmpp='urn:xmpp:xbosh'`;
  const created = await post(`${xmpp} wait='60' hold='1' ver='1.6' xmpp:version='1.0'`, '');
  sid = /sid='([^']+)'/u.exec(created)?.[1] ?? '';
  const credentials = Buffer.from(`\0${user}\0${password}`).toString('base64');
  await post(
    '',
    `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${credentials}</auth>`,
  );
  await post(`${xmpp} xmpp:restart='true'`, '');
  await post(
    '',
    `<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>`,
  );
  isOpen = true;
  queue.push("<presence xmlns='jabber:client'/>");
  pump();
  const peer: BenchPeer = {
    jid: `${jid}/bench`,
    send: (messages) => {
      for (const { to, id, body } of messages) {
        queue.push(
          `<message xmlns='jabber:client' to='${to}' id='${id}' type='chat'><body>${body}</body></message>`,
        );
      }
      pump();
    },
    onMessage: (listener) => listeners.push(listener),
    close: async () => {
      isOpen = false;
      for (const { socket } of lanes) socket.destroy();
    },
  };
  return peer;
};
