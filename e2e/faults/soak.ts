/**
 * `npm run soak:faults -- --seeds 200 [--server prosody|ejabberd] [--count 500] [--seed N] [--at-once 2] [--relay] [--json]`:
 * chats through a network that lies, one network for each seed, and shows that nothing was lost, doubled or
 * reordered. All that is known of a seed that failed is in `build/out/faults`. `--seeds 1 --seed N` replays one; `--kinds "stall,drip"` leaves out all other faults, which makes
 * another network of a seed; `--relay` puts the relay's BOSH in place of the server's; `--trace` shows all that passed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../holdfast/start-holdfast.ts';
import { newSeed } from '../random.ts';
import type { ServerKind } from '../servers/xmpp-server.ts';
import { table } from '../table.ts';
import { faultKinds } from './fault-kinds.ts';
import type { SeedResult } from './run-seed.ts';
import { runSeeds } from './run-seeds.ts';

/** What is known of the seeds that failed. */
const FAILED = fileURLToPath(new URL('../../build/out/faults/', import.meta.url));

const { values: given } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    count: { type: 'string', default: '500' },
    server: { type: 'string' },
    seed: { type: 'string' },
    'at-once': { type: 'string', default: '2' },
    kinds: { type: 'string' },
    relay: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const servers = (['prosody', 'ejabberd'] satisfies ServerKind[]).filter(
  (kind) => given.server === undefined || given.server === kind,
);
const kinds = faultKinds.filter(({ name }) => given.kinds?.split(',').includes(name) ?? true);
const seed = given.seed === undefined ? newSeed() : Number(given.seed);
const [seeds, count, atOnce] = [given.seeds, given.count, given['at-once']].map(Number) as [
  number,
  number,
  number,
];

console.log(`seeds ${seed} to ${seed + seeds - 1}, ${count} messages each way`);
await ensureBuilt(['browser']);
const began = performance.now();
const results: SeedResult[] = [];
for (const kind of servers) {
  results.push(
    ...(await runSeeds({
      ...{ kind, relay: given.relay, seed, seeds, count, kinds, atOnce },
      onResult: progress,
    })),
  );
}
const seconds = (performance.now() - began) / 1_000;
const failed = results.filter(({ wrong }) => wrong.length > 0);

const perServer = servers.map((kind) => ({
  kind,
  results: results.filter((result) => result.server === kind),
}));
const row = (name: string, figure: (result: SeedResult) => number) => [
  name,
  ...perServer.map((server) => String(sum(server.results, figure))),
];
console.log(
  `\n${table([
    ['', ...servers],
    row('seeds', () => 1),
    row('messages', () => 2 * count),
    row('exchanges', ({ exchanges }) => exchanges),
    row('kills', ({ kills }) => kills),
    ...kinds.map(({ name }) => row(name, ({ injected }) => injected[name] ?? 0)),
    row('faults in all', ({ injected }) => sum(Object.values(injected), (times) => times)),
    row('lost', ({ lost }) => lost),
    row('doubled', ({ doubled }) => doubled),
    row('reordered', ({ reordered }) => reordered),
    row('seconds', ({ milliseconds }) => Math.round(milliseconds / 1_000)),
  ])}`,
);
for (const result of failed) console.log(`\n${label(result)} failed: ${result.wrong.join('; ')}`);
const [lost, doubled, reordered] = (['lost', 'doubled', 'reordered'] as const).map((kind) =>
  sum(results, (result) => result[kind]),
);
console.log(
  `\nlost ${lost}, doubled ${doubled}, reordered ${reordered} in ${results.length} runs and ${seconds.toFixed(0)} s`,
);
if (given.json) {
  console.log(
    JSON.stringify({
      ...{
        seed,
        seeds,
        count,
        relay: given.relay,
        lost,
        doubled,
        reordered,
        seconds: Math.round(seconds),
      },
      failed: failed.map((result) => ({ server: result.server, seed: result.seed })),
      results: results.map(({ log: _log, had: _had, trace: _trace, ...figures }) => figures),
    }),
  );
}
if (failed.length > 0) process.exitCode = 1;

function progress(result: SeedResult): void {
  const { exchanges, injected, kills, milliseconds, wrong, log, had, trace } = result;
  const faults = sum(Object.values(injected), (times) => times);
  console.log(
    `${label(result)}: ${faults} faults in ${exchanges} exchanges, ${kills} kills, ${(milliseconds / 1_000).toFixed(1)} s: ${wrong.length === 0 ? 'whole' : wrong.join('; ')}`,
  );
  if (given.trace) console.log([log, ...trace].join('\n').replace(/^/gmu, '    '));
  if (wrong.length === 0) return;
  mkdirSync(FAILED, { recursive: true });
  const file = join(FAILED, `${result.server}-${result.seed}.txt`);
  writeFileSync(file, [...wrong, log, ...had, ...trace].join('\n'));
  console.log(`    ${relative(process.cwd(), file)}`);
}

function label({ server, seed: which }: SeedResult): string {
  return `${server} ${which}`;
}

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}
