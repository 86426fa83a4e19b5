/** The relay as the benchmark runs it: nothing refused, nothing run out. Used by both its parts. */
import { type RunningRelay, startRelay } from '../servers/relay.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';

/** Longer than the benchmark runs, in s. */
export const WAIT_S = 3_600;

export function relayFor(server: XmppServer, domain: string): Promise<RunningRelay> {
  return startRelay([
    ...['--domain', `${domain}=xmpp://${server.c2s.host}:${server.c2s.port}`],
    ...['--sessions', '100000', '--sessions-per-address', '100000'],
    ...['--creations-per-minute', '1000000', '--requests-per-second', '1000000'],
    ...['--wait', String(WAIT_S), '--drain', '0'],
  ]);
}
