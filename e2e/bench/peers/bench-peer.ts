/** What the benchmark asks of every kind of client: sign in, send, listen, leave. */

/** Where a client connects to; the addresses may lead through the byte-counting relay. */
export interface BenchAddress {
  readonly boshUrl: string;
  readonly webSocketUrl: string;
  readonly tcpHost: string;
  readonly tcpPort: number;
  readonly jid: string;
  readonly password: string;
}

export interface BenchPeer {
  /** The full JID bound. */
  readonly jid: string;
  /** Sends all of these at once, as fast as this client can. */
  send(
    messages: readonly { readonly to: string; readonly id: string; readonly body: string }[],
  ): void;
  /** Called with the id of every message that arrives. */
  onMessage(listener: (id: string) => void): void;
  close(): Promise<void>;
}

/** Signs in and announces presence. */
export type ConnectBenchPeer = (address: BenchAddress) => Promise<BenchPeer>;
