/** What the steps after `bosh-session` share: they need the address that gave a session. */
import type { Readings } from './readings.ts';

/** Why a step that needs a session would tell nothing. */
export function withoutSession(readings: Readings): string | undefined {
  return readings['bosh-session']?.endpoint === undefined
    ? 'There is no session to try it with.'
    : undefined;
}

/** The BOSH URL that works; to be asked only where {@link withoutSession} has nothing to say. */
export function workingEndpoint(readings: Readings): string {
  return readings['bosh-session']?.endpoint ?? '';
}
