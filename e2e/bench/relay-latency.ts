/**
 * One message at a time, and bursts, between two clients without a library: through the relay, through Prosody's
 * own BOSH and over TCP, in turns on the same Prosody, so that the machine's noise falls on all alike. Used by
 * `relay.ts`.
 */
import { startProsody } from '../servers/prosody.ts';
import { DOMAIN } from '../servers/xmpp-server.ts';
import { table } from '../table.ts';
import { percentile, round } from './figures.ts';
import { PeerPair } from './processes.ts';
import { relayFor } from './relay-for.ts';

const WAYS = {
  own: 'Prosody’s own BOSH',
  relay: 'relay and TCP',
  tcp: 'TCP alone',
} as const;
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];

const SPACED = 100;
/** Messages of one way before the next takes its turn. */
const TURN = 10;
const BURST = 500;
const BURSTS = 3;
const WARM_UP = Array.from({ length: 200 }, () => 5);

export interface LatencyFigures {
  /** Of spaced messages, in ms. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Messages a second: the median of the bursts. */
  readonly burst: number;
}

/** Each round on a fresh Prosody with a fresh relay. */
export async function compareLatency(rounds: number): Promise<Record<Way, LatencyFigures>> {
  const samples = { own: newSamples(), relay: newSamples(), tcp: newSamples() };
  for (let round = 0; round < rounds; round++) await takeRound(samples);
  return { own: figures(samples.own), relay: figures(samples.relay), tcp: figures(samples.tcp) };
}

interface Samples {
  readonly latencies: number[];
  readonly bursts: number[];
}

function newSamples(): Samples {
  return { latencies: [], bursts: [] };
}

async function takeRound(samples: Record<Way, Samples>): Promise<void> {
  const users = ways.flatMap((way) => [`${way}a`, `${way}b`]);
  const server = await startProsody({ users, tls: false });
  const relay = await relayFor(server, DOMAIN);
  const pairs = new Map<Way, PeerPair>();
  try {
    for (const way of ways) {
      const address = (user: string) => ({
        boshUrl: way === 'relay' ? relay.boshUrl : server.boshUrl,
        webSocketUrl: server.webSocketUrl,
        tcpHost: server.c2s.host,
        tcpPort: server.c2s.port,
        ...server.user(user),
      });
      const kind = way === 'tcp' ? 'tcp' : 'bare';
      const pair = await PeerPair.connect(kind, address(`${way}a`), address(`${way}b`));
      pairs.set(way, pair);
      await pair.spaced(WARM_UP);
    }
    const inTurn = async (turn: number, take: (way: Way, pair: PeerPair) => Promise<void>) => {
      for (let index = 0; index < ways.length; index++) {
        const way = ways[(index + turn) % ways.length];
        const pair = way && pairs.get(way);
        if (pair) await take(way, pair);
      }
    };
    for (let turn = 0; turn < SPACED / TURN; turn++) {
      await inTurn(turn, async (way, pair) => {
        const gaps = Array.from({ length: TURN }, () => 10 + Math.random() * 30);
        samples[way].latencies.push(...(await pair.spaced(gaps)));
      });
    }
    for (let turn = 0; turn < BURSTS; turn++) {
      await inTurn(turn, async (way, pair) => {
        samples[way].bursts.push(BURST / ((await pair.burst(BURST)) / 1_000));
      });
    }
    for (const pair of pairs.values()) await pair.close();
  } finally {
    await relay.stop();
    await server.stop();
  }
}

function figures({ latencies, bursts }: Samples): LatencyFigures {
  return {
    p50: round(percentile(latencies, 0.5)),
    p95: round(percentile(latencies, 0.95)),
    p99: round(percentile(latencies, 0.99)),
    burst: round(percentile(bursts, 0.5), 0),
  };
}

/** The figures as a table, and how the relay's stand to Prosody's own. */
export function latencyTable(figures: Record<Way, LatencyFigures>): string {
  const ratio = (name: keyof LatencyFigures) =>
    String(round(figures.relay[name] / figures.own[name]));
  return `${SPACED} spaced messages and bursts of ${BURST} in each round, between clients without a library\n${table(
    [
      ['', 'p50 ms', 'p95 ms', 'p99 ms', 'burst msg/s'],
      ...ways.map((way) => [WAYS[way], ...Object.values(figures[way]).map(String)]),
      ['relay : own', ratio('p50'), ratio('p95'), ratio('p99'), ratio('burst')],
    ],
  )}`;
}
