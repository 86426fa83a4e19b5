/**
 * Asks a server for the date by its own clock (RFC 9110 §6.6.1), to tell a certificate that ran out from a
 * clock here that is wrong. The step `encryption` calls it, and tells nothing but a guess by the answer:
 * who answers is not proven.
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The `Date` of the answer to a HEAD request without anything of the account in it.
 * @param socket an open connection to the server of `target`; used for nothing else afterwards
 * @returns epoch ms; undefined where the answer has none, or no answer comes before the signal aborts
 */
export async function serverDate(
  socket: Socket,
  target: URL,
  signal: AbortSignal,
): Promise<number | undefined> {
  const asked = request({
    ...{ method: 'HEAD', host: target.host, path: target.pathname, signal },
    createConnection: () => socket,
    headers: { host: target.host, connection: 'close' },
  });
  try {
    const answered = once(asked, 'response', { signal });
    asked.end();
    const [answer] = (await answered) as [IncomingMessage];
    const date = Date.parse(answer.headers.date ?? '');
    return Number.isNaN(date) ? undefined : date;
  } catch {
    return undefined;
  } finally {
    asked.on('error', () => {}).destroy();
  }
}
