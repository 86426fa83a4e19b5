/** What the relay's tests ask of every client: sign in, chat, join a room, leave. */
import { EventEmitter, once } from 'node:events';
import type { TestUser } from '../../servers/xmpp-server.ts';

export interface RelayClient {
  /** The full JID bound. */
  readonly jid: string;
  readonly heard: Heard;
  /** To a person. */
  send(to: string, body: string): void;
  /** Resolves when the room has let it in. */
  join(room: string, nick: string): Promise<void>;
  /** To a room. */
  say(room: string, body: string): void;
  close(): Promise<void>;
}

/** Signs in at this BOSH address and announces presence. */
export type ConnectRelayClient = (boshUrl: string, user: TestUser) => Promise<RelayClient>;

/** Bodies heard, in order, each once for every time it came. */
export class Heard {
  readonly bodies: string[] = [];
  readonly #events = new EventEmitter<{ body: [] }>();

  add(body: string): void {
    this.bodies.push(body);
    this.#events.emit('body');
  }

  /** Resolves when it has come. */
  async until(body: string): Promise<void> {
    while (!this.bodies.includes(body)) await once(this.#events, 'body');
  }
}
