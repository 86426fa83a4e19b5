/** Starts a real server by its kind, with its own BOSH or with the relay's in its place. Used by the soaks. */
import { startEjabberd } from './ejabberd.ts';
import { startProsody } from './prosody.ts';
import { behindRelay } from './relay.ts';
import type { ServerKind, ServerOptions, XmppServer } from './xmpp-server.ts';

export interface KindOptions extends ServerOptions {
  readonly kind: ServerKind;
  /** The relay's BOSH in place of the server's; it keeps to the same `inactivity` and `wait`. */
  readonly relay?: boolean;
}

export async function startKind({ kind, relay, ...options }: KindOptions): Promise<XmppServer> {
  const server = await (kind === 'prosody' ? startProsody(options) : startEjabberd(options));
  if (!relay) return server;
  const { inactivity, wait } = options;
  return behindRelay(server, [
    // All of them come from one address here.
    ...['--sessions-per-address', '1000', '--creations-per-minute', '10000'],
    ...(inactivity === undefined ? [] : ['--inactivity', String(inactivity)]),
    ...(wait === undefined ? [] : ['--wait', String(wait)]),
  ]);
}
