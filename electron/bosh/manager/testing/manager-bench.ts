/** A connection manager without HTTP: its requests and answers by hand. For its tests. */
import { encodeBody, XBOSH_PREFIX } from '../../protocol/body.ts';
import { readXml } from '../../protocol/xml-reader.ts';
import {
  type ConnectionManager,
  type ConnectionManagerOptions,
  createConnectionManager,
  type Exchange,
  type ManagerEvent,
  type Peer,
} from '../connection-manager.ts';
import type { Answer } from '../session-events.ts';
import { echoUpstream, type ScriptedUpstream } from './scripted-upstream.ts';

type Attributes = Readonly<Record<string, string | number | undefined>>;

const PEER: Peer = { address: '192.0.2.1', secure: true };

/** One request and what became of it. */
export class BenchExchange implements Exchange {
  session?: unknown;
  readonly #answered = Promise.withResolvers<Answer>();
  isCut = false;
  given: Answer | undefined;

  answer(answer: Answer): void {
    if (this.given) throw new Error('answered twice');
    this.given = answer;
    this.#answered.resolve(answer);
  }

  cut(): void {
    this.isCut = true;
  }

  /** The attributes of its answer, once that is there. */
  async attributes(): Promise<Readonly<Record<string, string>>> {
    return readXml((await this.#answered.promise).text).root.attrs;
  }

  async payload(): Promise<string> {
    return readXml((await this.#answered.promise).text).inner;
  }
}

export class ManagerBench {
  readonly manager: ConnectionManager;
  readonly upstream: ScriptedUpstream;
  readonly events: ManagerEvent[] = [];

  constructor(options: Partial<ConnectionManagerOptions> = {}, upstream = echoUpstream()) {
    this.upstream = upstream;
    this.manager = createConnectionManager({
      upstream,
      onEvent: (event) => this.events.push(event),
      ...options,
    });
  }

  /** Asks for a session; rids begin at 100. */
  create(attributes: Attributes = {}, peer: Partial<Peer> = {}): BenchExchange {
    const asked = { rid: 100, to: 'example.org', ver: '1.11', wait: 60, hold: 1 };
    const xmpp = { 'xmpp:version': '1.0', ...XBOSH_PREFIX };
    return this.send(encodeBody({ ...asked, ...xmpp, ...attributes }, ''), peer);
  }

  /** Opens a session. @returns its sid. */
  async open(attributes: Attributes = {}, peer: Partial<Peer> = {}): Promise<string> {
    const { sid = '' } = await this.create(attributes, peer).attributes();
    return sid;
  }

  post(sid: string, rid: number, payload = '', attributes: Attributes = {}): BenchExchange {
    return this.send(encodeBody({ rid, sid, ...attributes }, payload));
  }

  send(text: string, peer: Partial<Peer> = {}): BenchExchange {
    const exchange = new BenchExchange();
    this.manager.receive(text, { ...PEER, ...peer }, exchange);
    return exchange;
  }
}
