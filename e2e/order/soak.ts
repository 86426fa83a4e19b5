/**
 * `npm run soak:order [-- --runs 20] [--echoes 1000] [--server prosody|ejabberd] [--jitter 2] [--json]`: shows, over
 * a line whose ways take from nothing to twice the jitter in ms, that the pause between requests on different connections (`OrderingGuard`) keeps ejabberd from stalling, that without
 * it ejabberd does stall, and that Prosody, which needs none, is given none.
 */
import { parseArgs } from 'node:util';
import { percentile, round } from '../bench/figures.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { ServerKind } from '../servers/xmpp-server.ts';
import { table } from '../table.ts';
import { type EchoRunResult, runEchoes } from './echo-run.ts';
import type { Guard } from './granted-as.ts';

const { values: given } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    echoes: { type: 'string', default: '1000' },
    server: { type: 'string' },
    jitter: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(given.runs);
const echoes = Number(given.echoes);
const jitterMs = Number(given.jitter);
/** What ships, and the other choice beside it. */
const GUARDS: Readonly<Record<ServerKind, readonly Guard[]>> = {
  ejabberd: ['shipped', 'never'],
  prosody: ['shipped', 'always'],
};
const kinds = (Object.keys(GUARDS) as ServerKind[]).filter(
  (kind) => given.server === undefined || given.server === kind,
);

interface Row {
  readonly server: ServerKind;
  readonly guard: Guard;
  readonly results: EchoRunResult[];
}

console.log(`${runs} runs of ${echoes} echoes, each way up to ${2 * jitterMs} ms`);
const rows: Row[] = [];
for (const kind of kinds) rows.push(...(await takeServer(kind)));
report();

/** The two guards take turns, so that the machine's noise falls on both alike. */
async function takeServer(kind: ServerKind): Promise<Row[]> {
  const taken = GUARDS[kind].map((guard): Row => ({ server: kind, guard, results: [] }));
  for (let run = 0; run < runs; run += 1) {
    // A server gets slow with what it has archived.
    const users = ['asks', 'answers'] as const;
    for (const { guard, results } of taken) {
      const server = await (kind === 'prosody' ? startProsody : startEjabberd)({ users });
      try {
        const result = await runEchoes({ server, users, echoes, guard, jitterMs });
        results.push(result);
        const { stall, roundTrips } = result;
        console.log(
          `${kind}, guard ${guard}, run ${run + 1}: ${stall ?? `${round(percentile(roundTrips, 0.5))} ms`}`,
        );
      } finally {
        await server.stop();
      }
    }
  }
  return taken;
}

function report(): void {
  const figures = rows.map(({ server, guard, results }) => {
    const times = results.flatMap(({ roundTrips }) => roundTrips);
    return {
      ...{ server, guard, runs: results.length, echoes: times.length },
      stalled: results.filter(({ stall }) => stall !== undefined).length,
      guardMs: round(Math.max(...results.map(({ guardMs }) => guardMs))),
      p50: round(percentile(times, 0.5)),
      p95: round(percentile(times, 0.95)),
      p99: round(percentile(times, 0.99)),
    };
  });
  const heads = ['', 'runs', 'echoes', 'stalled', 'guard ms', 'p50 ms', 'p95 ms', 'p99 ms'];
  console.log(
    `\n${table([
      heads,
      ...figures.map(({ server, guard, ...numbers }) => [
        `${server}, guard ${guard}`,
        ...Object.values(numbers).map(String),
      ]),
    ])}`,
  );
  if (given.json) console.log(JSON.stringify({ runs, echoes, jitterMs, figures }));
  if (figures.some(({ guard, stalled }) => guard === 'shipped' && stalled > 0)) {
    process.exitCode = 1;
  }
}
