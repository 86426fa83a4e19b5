/**
 * What a network of the matrix is: programs or seeded faults between a client and the server, and what a
 * person there has set on the computer. Each file of `rows/` describes one; `run-row.ts` sends clients through.
 */
import type { ProxySetting } from '../../shared/proxy.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';

/** What a client is told, and what the system around it is set to. */
export interface Access {
  /** The BOSH address. */
  readonly endpoint: string;
  /** Host and port for XMPP over TCP, where the network lets that through too. */
  readonly tcp?: string;
  /** What the person has chosen for the account, where it is not the system's settings. */
  readonly proxy?: ProxySetting;
  /** The system's proxies and certificate authorities, as the environment has them. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface NetworkPlace {
  readonly server: XmppServer;
  /** The loopback port that leads to this one until a cut; what a client connects to must be one of these. */
  readonly wire: (port: number) => Promise<number>;
}

export interface RunningNetwork extends Access {
  /** The person does what the network asks for; where it asks for something before it lets anything through. */
  readonly agree?: () => void;
  stop(): Promise<void>;
}

export interface Network {
  readonly name: string;
  /** What stands there and what it does, in a line. */
  readonly about: string;
  /** The problem that names what the network does, where it lets nothing through, or not before `agree`. */
  readonly problem?: string;
  /** What an examination finds to be the cause then: the code of its finding. */
  readonly verdict?: string;
  /** How long a message is at least, in characters, where the length matters. */
  readonly messageLength?: number;
  start(place: NetworkPlace): Promise<RunningNetwork>;
}
