/** How many sessions the process may hold, given how many files it may open. Used by `command.ts`. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { RelaySettings } from './relay-settings.ts';

/** A session's held request and its stream to the server. */
const FILES_PER_SESSION = 2;
/** For all else: listening, logging, watching, and connections that come and go. */
const FILES_BESIDE = 100;

/** The settings with no more sessions than there are files for, which the log is told. */
export function capSessions(settings: RelaySettings, log: Logger): RelaySettings {
  const { sessions } = settings.limits;
  const files = openFilesLimit();
  if (files === undefined || sessions === undefined) return settings;
  const most = Math.max(1, Math.floor((files - FILES_BESIDE) / FILES_PER_SESSION));
  if (sessions <= most) return settings;
  log.warn(
    { sessions: most, asked: sessions, files },
    'fewer sessions than asked for: each needs two files, and this process may open only so many (ulimit -n, LimitNOFILE)',
  );
  return { ...settings, limits: { ...settings.limits, sessions: most } };
}

/** Undefined where the system does not tell, as only Linux does here. */
function openFilesLimit(): number | undefined {
  try {
    // Node raises its own limit to the hard one when it starts.
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const [, soft] = /^Max open files\s+(\d+)/mu.exec(limits) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}
