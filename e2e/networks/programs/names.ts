/**
 * A name that this computer cannot resolve and the proxies can, as in a company whose DNS knows nothing of
 * the world outside.
 */
import { HOST } from './program.ts';

/** Resolves at the proxies only. */
export const OUTSIDE_NAME = 'chat.outside.test';

/** Lines of a hosts file (hosts(5)). */
export const HOSTS = `${HOST} localhost\n${HOST} ${OUTSIDE_NAME}\n`;

/** Makes a program that asks the system resolve by a hosts file of its own (libnss-wrapper). */
export function withHosts(file: string): Readonly<Record<string, string>> {
  return { LD_PRELOAD: 'libnss_wrapper.so', NSS_WRAPPER_HOSTS: file };
}
