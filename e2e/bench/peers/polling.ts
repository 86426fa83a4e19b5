/**
 * What a client without long polling does (XEP-0124 §12): `wait='0'`, and an empty request each second.
 * No more of a client than the comparison needs.
 */
import { Agent, request } from 'node:http';
import { DOMParser, type Element } from '@xmldom/xmldom';
import type { BenchPeer, ConnectBenchPeer } from './bench-peer.ts';

const POLL_MS = 1_000;
const BOSH = 'http://jabber.org/protocol/httpbind';

export const connectPolling: ConnectBenchPeer = async ({ boshUrl, jid, password }) => {
  const [user = '', domain = ''] = jid.split('@');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const listeners: ((id: string) => void)[] = [];
  let rid = Math.floor(Math.random() * 2 ** 40);
  let sid = '';
  let exchanges = Promise.resolve('');

  // One after the other: with wait='0' each is answered at once.
  const exchange = (attributes: string, payload: string): Promise<string> => {
    exchanges = exchanges.then(async () => {
      const session = sid === '' ? '' : ` sid="${sid}"`;
      const body = `<body xmlns="${BOSH}" rid="${rid++}"${session}${attributes}>${payload}</body>`;
      const answer = await post(boshUrl, agent, body);
      for (const stanza of bodyOf(answer).getElementsByTagName('message')) {
        for (const listener of listeners) listener(stanza.getAttribute('id') ?? '');
      }
      return answer;
    });
    return exchanges;
  };

  const created = await exchange(
    ` to="${domain}" wait="0" hold="1" ver="1.6" xml:lang="en" xmlns:xmpp="urn:xmpp:xbosh" xmpp:version="1.0"`,
    '',
  );
  sid = bodyOf(created).getAttribute('sid') ?? '';
  const credentials = Buffer.from(`\0${user}\0${password}`).toString('base64');
  const auth = `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${credentials}</auth>`;
  await until(exchange, auth, 'success');
  const restart = ` to="${domain}" xml:lang="en" xmlns:xmpp="urn:xmpp:xbosh" xmpp:restart="true"`;
  await exchange(restart, '');
  const bind = `<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>bench</resource></bind></iq>`;
  await until(exchange, bind, '<jid>');
  await exchange('', '<presence xmlns="jabber:client"/>');

  const polling = setInterval(() => void exchange('', ''), POLL_MS);
  const peer: BenchPeer = {
    jid: `${jid}/bench`,
    send: (messages) => {
      const stanzas = messages.map(
        ({ to, id, body }) =>
          `<message xmlns="jabber:client" to="${to}" id="${id}" type="chat"><body>${body}</body></message>`,
      );
      void exchange('', stanzas.join(''));
    },
    onMessage: (listener) => listeners.push(listener),
    close: async () => {
      clearInterval(polling);
      await exchange(' type="terminate"', '');
      agent.destroy();
    },
  };
  return peer;
};

/** The answer may come with this request or with a later, empty one. */
async function until(
  exchange: (attributes: string, payload: string) => Promise<string>,
  payload: string,
  sign: string,
): Promise<void> {
  let answer = await exchange('', payload);
  for (let attempt = 0; !answer.includes(sign); attempt++) {
    if (attempt === 20) throw new Error(`polling client: no ${sign} in ${answer}`);
    answer = await exchange('', '');
  }
}

function bodyOf(answer: string): Element {
  const { documentElement } = new DOMParser().parseFromString(answer, 'text/xml');
  if (!documentElement) throw new Error(`polling client: no body in ${answer}`);
  return documentElement;
}

function post(url: string, agent: Agent, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'text/xml; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    };
    const outgoing = request(url, { method: 'POST', agent, headers }, async (answer) => {
      try {
        answer.setEncoding('utf8');
        let text = '';
        for await (const chunk of answer) text += chunk;
        resolve(text);
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
