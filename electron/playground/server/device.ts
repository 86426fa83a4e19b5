/** One signed-in client of an account: where it is reached, and what it has told the server about itself. */
import type { Element } from '@xmpp/xml';

/** The stream a device is at the other end of. */
export interface Connection {
  send(stanza: Element): void;
  /** Closes it with a stream error (RFC 6120 §4.9.3). */
  end(condition: string): void;
}

export class Device {
  /** Full. */
  readonly jid: string;
  readonly connection: Connection;
  /** Its last broadcast presence; undefined while it is not available. */
  presence: Element | undefined;
  /** It wants copies of what the account's other devices send and receive (XEP-0280). */
  wantsCarbons = false;
  /** It has asked for the roster and hears of changes (RFC 6121 §2.1.6). */
  wantsRoster = false;
  /** The nodes it wants to hear of (XEP-0163 §4.1), once it has said what it can do. */
  interests: Promise<ReadonlySet<string>> = Promise.resolve(new Set());
  /** Who was told of its presence besides the contacts, and hears when it is gone: rooms (RFC 6121 §4.6). */
  readonly toldDirectly = new Set<string>();

  constructor(jid: string, connection: Connection) {
    this.jid = jid;
    this.connection = connection;
  }

  send(stanza: Element): void {
    this.connection.send(stanza);
  }

  /** Whether what is sent to the bare address is for this device too (RFC 6121 §8.5.2). */
  get isReachable(): boolean {
    const priority = Number.parseInt(this.presence?.getChildText('priority') ?? '0', 10);
    return this.presence !== undefined && !(priority < 0);
  }
}
