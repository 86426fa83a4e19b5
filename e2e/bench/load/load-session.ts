/** A BOSH session among thousands: signs in without a name, keeps a request held, tells of messages. */
import { HttpLane } from './http-lane.ts';

const BOSH = 'http://jabber.org/protocol/httpbind';
const XMPP = "xml:lang='en' xmlns:xmpp='urn:xmpp:xbosh'";
/** So long that none runs out meanwhile, in s. */
const WAIT_S = 3_600;

export class LoadSession {
  readonly jid: string;
  readonly #sid: string;
  readonly #lane: HttpLane;
  readonly #onMessage: (id: string) => void;
  #rid: number;

  private constructor(
    lane: HttpLane,
    { sid, jid, rid }: { sid: string; jid: string; rid: number },
    onMessage: (id: string) => void,
  ) {
    this.#lane = lane;
    this.#sid = sid;
    this.jid = jid;
    this.#rid = rid;
    this.#onMessage = onMessage;
  }

  /** Resolves once a request of it is on its way to be held. */
  static async open(
    url: URL,
    domain: string,
    onMessage: (id: string) => void,
  ): Promise<LoadSession> {
    const lane = await HttpLane.open(url);
    let rid = Math.floor(Math.random() * 2 ** 40);
    let sid = '';
    const ask = async (attributes: string, payload: string, sign: RegExp): Promise<string> => {
      const named = sid === '' ? '' : ` sid='${sid}'`;
      const answer = await lane.post(
        `<body rid='${rid++}'${named} ${attributes} xmlns='${BOSH}'>${payload}</body>`,
      );
      const found = sign.exec(answer)?.[1];
      if (found === undefined) throw new Error(`no ${sign} in ${answer}`);
      return found;
    };
    const creation = `to='${domain}' ${XMPP} wait='${WAIT_S}' hold='1' ver='1.6' xmpp:version='1.0'`;
    sid = await ask(creation, '', /[ ]sid=['"]([^'"]+)/u);
    const auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>";
    await ask('', auth, /<(success)/u);
    await ask(`to='${domain}' ${XMPP} xmpp:restart='true'`, '', /<(bind)/u);
    const bind =
      "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";
    const jid = await ask('', bind, /<jid>([^<]+)/u);
    const session = new LoadSession(lane, { sid, jid, rid }, onMessage);
    void session.#poll();
    return session;
  }

  close(): void {
    this.#lane.close();
  }

  async #poll(): Promise<void> {
    for (;;) {
      const body = `<body rid='${this.#rid++}' sid='${this.#sid}' xmlns='${BOSH}'/>`;
      const answer = await this.#lane.post(body).catch(() => 'terminate');
      for (const [, id = ''] of answer.matchAll(/<message[^>]*? id=['"]([^'"]+)/gu)) {
        this.#onMessage(id);
      }
      if (answer.includes('terminate')) return;
    }
  }
}
