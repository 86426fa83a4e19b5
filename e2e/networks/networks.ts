/**
 * `npm run networks [-- --only NAME,… --clients NAME,… --minutes N --server prosody|ejabberd --at-once N --times N --seed N --json]`:
 * sends Holdfast and other clients through every network of the matrix, with a cut in every minute, and prints
 * what came of it. Minutes are simulated: one lasts 12 s, and what networks and gateways wait for is as short
 * in proportion, the longest `wait` of the server too. Times to recover are as measured.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../holdfast/start-holdfast.ts';
import { newSeed } from '../random.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import { table } from '../table.ts';
import { clientKinds } from './clients/client-kinds.ts';
import { networks } from './matrix.ts';
import { MINUTE_MS, type RowResult, runRow } from './run-row.ts';

const { values: given } = parseArgs({
  options: {
    only: { type: 'string' },
    clients: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    server: { type: 'string', default: 'prosody' },
    'at-once': { type: 'string', default: '3' },
    times: { type: 'string', default: '1' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

/** A server's usual 60 s, in the matrix's time. */
const WAIT_S = MINUTE_MS / 1_000;
/** How long ejabberd usually keeps the stream of a lost connection, the same way. */
const RESUMPTION_S = WAIT_S * 5;

const clients = chosen(clientKinds, given.clients).filter(({ name, missing }) => {
  const wanted = missing?.();
  if (wanted) console.log(`without ${name}, which would need ${wanted}`);
  return !wanted;
});
const rows = chosen(networks, given.only).flatMap((network) =>
  clients.flatMap((client) =>
    Array.from({ length: Number(given.times) }, () => ({ network, client })),
  ),
);
const seed = given.seed === undefined ? newSeed() : Number(given.seed);
const minutes = Number(given.minutes);
const usersOf = (index: number) => ({ client: `c${index}`, peer: `p${index}` });

console.log(`${rows.length} rows of ${minutes} simulated minutes, seed ${seed}`);
await ensureBuilt(['browser']);
const start = given.server === 'ejabberd' ? startEjabberd : startProsody;
const server = await start({
  users: rows.flatMap((_, index) => Object.values(usersOf(index))),
  wait: WAIT_S,
  resumption: RESUMPTION_S,
});
const results: RowResult[] = [];
const began = performance.now();
try {
  const waiting = [...rows.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, row] = next;
      const result = await runRow({
        ...{ ...row, server, minutes, users: usersOf(index), seed: seed + index },
      });
      results[index] = result;
      progress(result);
    }
  };
  await Promise.all(Array.from({ length: Number(given['at-once']) }, work));
} finally {
  await server.stop();
}

console.log(
  `\n${table([
    ['', 'client', 'connected', 'cuts', 'kept', 'lost', 'recovers in', 'at most', 'says', 'finds'],
    ...results.map((result) => [
      ...[result.network, result.client, connected(result), String(result.cuts)],
      ...[String(result.kept), `${result.lost} of ${result.messages}`],
      ...[seconds(middle(result.recoveries)), seconds(Math.max(...result.recoveries))],
      ...[result.problem ?? '', result.verdict ?? ''],
    ]),
  ])}`,
);
for (const { name, about } of clients) console.log(`${name}: ${about}.`);
const failed = results.filter(({ client, wrong }) => client === 'Holdfast' && wrong.length > 0);
for (const { network, wrong, log } of failed) {
  console.log(`\nHoldfast in ${network}: ${wrong.join('; ')}\n${log.replace(/^/gmu, '    ')}`);
}
console.log(
  `\n${failed.length} of Holdfast's rows are not green; ${((performance.now() - began) / 1_000).toFixed(0)} s`,
);
if (given.json) {
  console.log(
    JSON.stringify({ seed, minutes, results: results.map(({ log: _log, ...rest }) => rest) }),
  );
}
if (failed.length > 0) process.exitCode = 1;

function chosen<T extends { readonly name: string }>(all: readonly T[], names?: string): T[] {
  const wanted = names?.split(',');
  const unknown = wanted?.filter((name) => !all.some((each) => each.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}`);
  return all.filter(({ name }) => wanted?.includes(name) ?? true);
}

function progress(result: RowResult): void {
  const { network, client, wrong } = result;
  const verdict = wrong.length === 0 ? 'whole' : wrong.join('; ');
  console.log(`${network}, ${client}, ${result.seconds.toFixed(0)} s: ${verdict}`);
}

function connected({ isConnected, connectMs }: RowResult): string {
  return isConnected ? seconds(connectMs) : 'no';
}

function middle(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function seconds(ms: number | undefined): string {
  if (ms === undefined || ms === Number.NEGATIVE_INFINITY) return '';
  return Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'never';
}
