/**
 * Runs one command for a parent that may die at any moment: when the channel to the parent closes, the
 * command is killed and its folders are removed. Forked by `supervised-process.ts`, never run by hand.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { SupervisedCommand, SupervisorReport } from './supervised-process.ts';

const command = JSON.parse(process.argv[2] ?? '') as SupervisedCommand;

mkdirSync(dirname(command.logFile), { recursive: true });
const log = createWriteStream(command.logFile, { flags: 'a' });
// A group of its own, so that whatever the command starts is killed with it.
const child = spawn(command.program, command.arguments, {
  cwd: command.folder,
  env: { ...process.env, ...command.environment },
  stdio: ['ignore', 'pipe', 'pipe'],
  detached: true,
});

function report(message: SupervisorReport, sent: () => void = () => {}): void {
  if (process.connected) process.send?.(message, sent);
}

function killGroup(): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has gone already.
  }
}

child.on('spawn', () => {
  if (child.pid !== undefined) report({ type: 'started', pid: child.pid });
});
child.on('error', (error) => {
  report({ type: 'exited', detail: error.message }, () => process.exit(1));
});
// Not `close`: a grandchild may hold the pipes open after the command itself has gone.
child.on('exit', (code, signal) => {
  killGroup();
  log.end(() => {
    report({ type: 'exited', detail: signal ?? `exit code ${code}` }, () => process.exit(0));
  });
});
createInterface({ input: child.stdout }).on('line', (line) => {
  if (log.writable) log.write(`${line}\n`);
  report({ type: 'line', line });
});
child.stderr.on('data', (chunk: Buffer) => log.writable && log.write(chunk));

process.on('message', (signal: NodeJS.Signals) => child.kill(signal));
process.on('disconnect', () => {
  killGroup();
  for (const folder of command.removeWithParent) rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
