/** `holdfast relay`: runs the relay in a process of its own until a signal ends it. Loaded by the `holdfast` program. */
import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { problemOf } from '../../../shared/problem.ts';
import { parseCommandLine, USAGE } from './command-line.ts';
import { capSessions } from './open-files.ts';
import { startRelay } from './relay.ts';

/**
 * Resolves with the exit status once the relay has stopped.
 * @throws ProblemError where the command line is wrong or the relay cannot start.
 */
export async function runRelay(parameters: readonly string[]): Promise<number> {
  const settings = parseCommandLine(parameters);
  if (settings === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  keepHeapSmall();
  const log = pino({ level: settings.logLevel, base: null });
  const stopped = firstSignal();
  const relay = await startRelay(capSessions(settings, log), log);
  process.on('SIGHUP', () => {
    relay.renewCertificate().catch((error) => log.error(problemOf(error), 'certificate not read'));
  });
  const signal = await stopped;
  log.info({ signal }, 'asked to stop');
  // A second signal means now.
  for (const name of STOP_SIGNALS) process.once(name, () => process.exit(1));
  await relay.drain();
  return 0;
}

/**
 * V8 is made for programs that make many objects, and not for one that holds many. Its space for new ones grows to
 * 64 MB, and what has died among old ones may come to several times what lives: with thousands of waiting sessions
 * each doubles what one costs. Must be said before they begin.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

function firstSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of STOP_SIGNALS) process.once(name, () => resolve(name));
  });
}
