/** Where a manager may send a session (XEP-0124 §17.2 `see-other-uri`); the resume ladder asks. */
import { endpointFault } from '../network/endpoint-address.ts';
import { isLoopback } from '../network/loopback.ts';

/**
 * Whether a session at `from` may go on at `to`. The password goes there next: so only over TLS, or from
 * this computer to this computer.
 */
export function mayFollow(from: string | undefined, to: string): boolean {
  const target = URL.parse(to);
  if (!target || endpointFault(target)) return false;
  return target.protocol === 'https:' || isLoopback(URL.parse(from ?? '')?.hostname ?? '');
}
