/**
 * `npm run bench:restart [-- --json] [--times N]`: how soon Holdfast is usable after it was killed, going on
 * with its BOSH session beside signing in anew, near the server and 100 ms away from it. Timed from the start
 * of the process that ships, with its real store.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { DATABASE_FILE } from '../../electron/store/open-database.ts';
import { HostClient } from '../holdfast/host-client.ts';
import { ensureBuilt, startHoldfast } from '../holdfast/start-holdfast.ts';
import { startProsody } from '../servers/prosody.ts';
import { table } from '../table.ts';
import { DelayRelay } from './delay-relay.ts';
import { percentile, round } from './figures.ts';

const { values: given } = parseArgs({
  options: { json: { type: 'boolean', default: false }, times: { type: 'string', default: '7' } },
});
const times = Number(given.times);
const ROUND_TRIPS_MS = [0, 100];
const RUNGS = ['re-attach', 'login'] as const;
type Rung = (typeof RUNGS)[number];

interface Restart {
  /** From the start of the process until an account is being connected, ms: the store is open. */
  readonly storeOpen: number;
  /** From then until stanzas go both ways, ms. */
  readonly connected: number;
}

await ensureBuilt(['browser', 'page']);
const server = await startProsody();
const results: Record<string, { storeOpen: number; connected: number; total: number }> = {};
try {
  for (const roundTrip of ROUND_TRIPS_MS) {
    for (const rung of RUNGS) {
      const restarts = await measure(rung, roundTrip);
      const median = (pick: (restart: Restart) => number) =>
        round(percentile(restarts.map(pick), 0.5), 0);
      results[`${rung}, ${roundTrip} ms away`] = {
        storeOpen: median((restart) => restart.storeOpen),
        connected: median((restart) => restart.connected),
        total: median((restart) => restart.storeOpen + restart.connected),
      };
    }
  }
} finally {
  await server.stop();
}
const head = ['restart to usable', 'store open ms', 'then connected ms', 'total ms'];
console.log(
  table([
    head,
    ...Object.entries(results).map(([name, result]) => [
      name,
      ...Object.values(result).map(String),
    ]),
  ]),
);
if (given.json) console.log(JSON.stringify({ times, results }));

async function measure(rung: Rung, roundTrip: number): Promise<Restart[]> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'holdfast-data-'));
  const url = new URL(server.boshUrl);
  const relay = await DelayRelay.start(Number(url.port), roundTrip / 2);
  url.port = String(relay.port);
  const restarts: Restart[] = [];
  try {
    let running = await startHoldfast({ dataFolder, temporary: true });
    let client = await HostClient.open(running);
    const { jid, password } = server.user('alice');
    const { accountId } = await client.run('accounts.add', { jid, password, endpoint: url.href });
    const online = () => client.accounts.get(accountId)?.connection.phase === 'online';
    await client.until('online', online);
    for (let count = 0; count < times; count += 1) {
      client.close();
      await running.process.kill();
      if (rung === 'login') forgetSession(dataFolder);
      const startedAt = Date.now();
      running = await startHoldfast({ dataFolder, temporary: true });
      client = await HostClient.open(running);
      await client.until('online', online);
      const health = client.health.get(accountId);
      const connection = client.accounts.get(accountId)?.connection;
      if (health?.rung?.name !== rung || !connection) throw new Error(`not a ${rung}`);
      restarts.push({
        storeOpen: health.rung.at - startedAt,
        connected: connection.since - health.rung.at,
      });
    }
    client.close();
    await running.process.kill();
  } finally {
    await relay.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
  return restarts;
}

/** As if the manager had ended it: the next start finds no session to go on with. */
function forgetSession(dataFolder: string): void {
  const database = new DatabaseSync(join(dataFolder, DATABASE_FILE));
  database.exec('PRAGMA foreign_keys = ON; DELETE FROM sessions;');
  database.close();
}
