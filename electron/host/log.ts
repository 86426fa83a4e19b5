/**
 * The host's log: one line for each rung, phase and problem; no secret, no message text, and of an
 * address only its domain. The shells bring the sink.
 */
export type Log = (line: string) => void;

/** A log whose every line names the account by the head of its id and its domain. */
export function accountLog(log: Log, account: { id: string; jid: string }): Log {
  const domain = account.jid.slice(account.jid.indexOf('@') + 1);
  const head = `[${account.id.slice(0, 8)} ${domain}]`;
  return (line) => log(`${head} ${line}`);
}
