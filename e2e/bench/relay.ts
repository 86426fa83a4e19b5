/**
 * `npm run bench:relay [-- --json] [--rounds N] [--sessions 1000,10000] [--parts latency,scale]`: the relay in front
 * of real servers beside Prosody's and ejabberd's own BOSH.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareLatency, latencyTable } from './relay-latency.ts';
import { compareScale, scaleTable } from './relay-scale.ts';

/** What neither a session's request nor its stream needs. */
const FILES_BESIDE = 150;

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    sessions: { type: 'string', default: '1000,10000' },
    parts: { type: 'string', default: 'latency,scale' },
  },
});
const rounds = Number(given.rounds);
const sizes = withinFiles(given.sessions.split(',').map(Number));

const latency = given.parts.includes('latency') ? await compareLatency(rounds) : undefined;
if (latency) console.log(`\n${latencyTable(latency)}`);
const scale = given.parts.includes('scale') ? await compareScale(sizes) : undefined;
if (scale) console.log(`\n${scaleTable(scale)}`);
if (given.json) console.log(JSON.stringify({ rounds, sizes, latency, scale }));

/** The relay needs two files for a session; a process may open only so many (`ulimit -Hn`). */
function withinFiles(asked: readonly number[]): number[] {
  const files = Number(
    /^Max open files\s+\d+\s+(\d+)/mu.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1],
  );
  const most = Math.floor((files - FILES_BESIDE) / 2);
  return asked.map((sessions) => {
    if (sessions <= most) return sessions;
    console.log(`${most} sessions in place of ${sessions}: a process may open ${files} files here`);
    return most;
  });
}
