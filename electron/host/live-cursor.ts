/**
 * Moves the archive cursor along with live messages, so that the next catch-up starts near its end.
 * A server may deliver two messages in another order than it archived them, so the cursor stays a little
 * behind: it moves to a message only when a later one has come some seconds after it.
 */

const LAG_MS = 5_000;

/**
 * @param save The archive is stored up to here.
 * @returns to be called with each stored live message's archive id and the time it came, epoch ms.
 */
export function createLiveCursor(
  save: (cursor: string) => void,
): (stanzaId: string, at: number) => void {
  const recent: { stanzaId: string; at: number }[] = [];
  return (stanzaId, at) => {
    recent.push({ stanzaId, at });
    let reached: string | undefined;
    while (recent[0] && recent[0].at <= at - LAG_MS) reached = recent.shift()?.stanzaId;
    if (reached !== undefined) save(reached);
  };
}
