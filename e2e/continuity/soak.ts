/**
 * `npm run soak:continuity -- --moments 20 [--server prosody|ejabberd] [--count 200] [--seed N] [--relay] [--json]`:
 * kills Holdfast at random moments of an exchange, and shows for each that nothing was lost, doubled or
 * moved: within the server's inactivity in the same session, after it in a new one. `--relay` puts the relay's BOSH in
 * place of the server's.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../holdfast/start-holdfast.ts';
import { newSeed } from '../random.ts';
import type { ServerKind } from '../servers/xmpp-server.ts';
import { table } from '../table.ts';
import type { ExchangeResult, Return } from './exchange.ts';
import { runMoments } from './run-moments.ts';

const { values: given } = parseArgs({
  options: {
    moments: { type: 'string', default: '20' },
    count: { type: 'string', default: '200' },
    server: { type: 'string' },
    returns: { type: 'string' },
    seed: { type: 'string' },
    relay: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const kinds = (['prosody', 'ejabberd'] satisfies ServerKind[]).filter(
  (kind) => given.server === undefined || given.server === kind,
);
const returns = (['within-inactivity', 'after-inactivity'] satisfies Return[]).filter(
  (way) => given.returns === undefined || given.returns === way,
);
const seed = given.seed === undefined ? newSeed() : Number(given.seed);
const count = Number(given.count);
const moments = Number(given.moments);

console.log(`seed ${seed}, ${moments} moments, ${count} messages each way`);
await ensureBuilt(['browser']);
const results: ExchangeResult[] = [];
for (const kind of kinds) {
  for (const way of returns) {
    results.push(
      ...(await runMoments({
        kind,
        relay: given.relay,
        returns: way,
        moments,
        count,
        // Other moments for each server and each way.
        seed: seed + results.length,
        onResult: progress,
      })),
    );
  }
}
const proven = results.filter(({ faults }) => faults.length === 0).length;
console.log(
  `\n${table([
    ['server', 'returns', 'killed after', 'session', 'rung', 'seconds', 'result'],
    ...results.map((result) => [
      result.server,
      result.returns,
      `${result.killedAfter} of ${2 * count}`,
      result.sidBefore === result.sidAfter ? 'same' : 'new',
      result.rung,
      (result.milliseconds / 1_000).toFixed(1),
      verdict(result),
    ]),
  ])}`,
);
console.log(`\n${proven} of ${results.length} exchanges whole: each message once and in order`);
if (given.json) console.log(JSON.stringify({ seed, count, relay: given.relay, proven, results }));
if (proven < results.length) process.exitCode = 1;

function progress(result: ExchangeResult): void {
  const { server, returns: way, killedAfter } = result;
  console.log(`${server} ${way}, killed after ${killedAfter}: ${verdict(result)}`);
  if (result.log !== '') console.log(result.log.trimEnd().replace(/^/gmu, '    '));
}

function verdict({ faults }: ExchangeResult): string {
  return faults.length === 0 ? 'whole' : faults.join('; ');
}
