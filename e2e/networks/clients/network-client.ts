/** What the matrix asks of a client, whatever it is made of. */
import type { TestUser } from '../../servers/xmpp-server.ts';
import type { Access } from '../network.ts';

export interface ClientOptions {
  readonly access: Access;
  readonly account: TestUser;
  /** Whom it chats with: a bare JID. */
  readonly peer: string;
}

export interface NetworkClient {
  /** Starts it and has it sign in. */
  start(): Promise<void>;
  /** Resolves when it is signed in; rejects where it gives up, or `patienceMs` have passed. */
  online(patienceMs: number): Promise<void>;
  /** What it says is in the way, once it says so: a stable code where it has one. */
  problem(patienceMs: number): Promise<string>;
  /** What an examination of the way finds, the weightiest first; absent where the client makes none. */
  examine?(patienceMs: number): Promise<readonly string[]>;
  /** Hands over a message, after those before it; rejects where it takes none now. */
  send(body: string): Promise<void>;
  /** Resolves when it has received this body. */
  received(body: string, patienceMs: number): Promise<void>;
  /** The bodies it has, oldest first, as it would show them now. */
  bodies(): Promise<readonly string[]>;
  /** Tells one session with the server from another. */
  readonly session: string;
  /** What it said, for somebody who looks for the cause of a failure. */
  log(): Promise<string>;
  close(): Promise<void>;
}

export interface ClientKind {
  readonly name: string;
  /** How it goes through a network, in a sentence. */
  readonly about: string;
  /** The package that would have to be installed first. */
  readonly missing?: () => string | undefined;
  create(options: ClientOptions): Promise<NetworkClient>;
}
