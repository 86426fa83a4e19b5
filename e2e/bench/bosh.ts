/**
 * `npm run bench:bosh [-- --json] [--rounds N] [--only KIND,…] [--seed N]`: Holdfast's transport, its store on
 * disk, beside Strophe.js, TCP, WebSocket, polling, and BOSH with nothing around it: the floor under any BOSH
 * client on this server. Each round starts a fresh Prosody with all of them on it; they take turns of a few
 * messages, in an order that shifts, so that the machine's noise falls on all alike.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { newSeed, seededRandom } from '../random.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { table } from '../table.ts';
import type { ByteCount } from './byte-relay.ts';
import { type Figures, percentile, ratios, round } from './figures.ts';
import type { BenchAddress } from './peers/bench-peer.ts';
import { PeerPair, Relay } from './processes.ts';

const KINDS = {
  holdfast: 'Holdfast (BOSH)',
  forgetful: 'Holdfast, keeping nothing',
  bare: 'BOSH over bare sockets',
  strophe: 'Strophe.js (BOSH)',
  tcp: '@xmpp/client TCP, no delay',
  websocket: '@xmpp/client WebSocket',
  polling: 'polling each second',
} as const;
type Kind = keyof typeof KINDS;
const COMPARED_WITH = { tcp: 'TCP', strophe: 'Strophe.js', bare: 'bare sockets' } as const;

const SPACED = 100;
/** Messages of one kind before the next takes its turn. */
const TURN = 10;
const BURST = 500;
const BURSTS = 3;
const COUNTED = 40;
/** Enough for the engine to have compiled what it will: a chat client runs for days. */
const WARM_UP = Array.from({ length: 200 }, () => 5);
/** Long enough between two messages that no client here sends or fetches two together, polling left out. */
const ALONE_MS = 200;

interface Samples {
  readonly latencies: number[];
  readonly burstRates: number[];
  /** Bytes per message, of messages that travel alone; counted in the first round. */
  alone?: Traffic;
}

interface Traffic {
  readonly sender: ByteCount;
  readonly receiver: ByteCount;
}

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string' },
    only: { type: 'string' },
  },
});
const kinds = (Object.keys(KINDS) as Kind[]).filter(
  (kind) => given.only === undefined || given.only.split(',').includes(kind),
);
const seed = given.seed === undefined ? newSeed() : Number(given.seed);
const random = seededRandom(seed);
const rounds = Number(given.rounds);
const samples = new Map<Kind, Samples>(
  kinds.map((kind) => [kind, { latencies: [], burstRates: [] }]),
);

console.log(`seed ${seed}, ${rounds} rounds of ${SPACED} spaced and ${BURST} burst messages`);
for (let number = 0; number < rounds; number++) {
  const users = kinds.flatMap((kind) => [`${kind}a`, `${kind}b`]);
  const server = await startProsody({ users, tls: false });
  try {
    await takeRound(server);
    for (const [kind, taken] of samples) taken.alone ??= await countBytes(kind, server);
  } finally {
    await server.stop();
  }
}
report();

async function takeRound(server: XmppServer): Promise<void> {
  const pairs = new Map<Kind, PeerPair>();
  for (const kind of kinds) {
    const [sender, receiver] = [address(server, `${kind}a`), address(server, `${kind}b`)];
    const pair = await PeerPair.connect(kind, sender, receiver);
    await pair.spaced(WARM_UP);
    pairs.set(kind, pair);
  }
  const inTurn = async (turn: number, take: (kind: Kind, pair: PeerPair) => Promise<void>) => {
    for (let index = 0; index < kinds.length; index++) {
      const kind = kinds[(index + turn) % kinds.length];
      const pair = kind && pairs.get(kind);
      if (pair) await take(kind, pair);
    }
  };
  for (let turn = 0; turn < SPACED / TURN; turn++) {
    await inTurn(turn, async (kind, pair) => {
      samples.get(kind)?.latencies.push(...(await pair.spaced(gaps(TURN))));
    });
  }
  for (let turn = 0; turn < BURSTS; turn++) {
    await inTurn(turn, async (kind, pair) => {
      samples.get(kind)?.burstRates.push(BURST / ((await pair.burst(BURST)) / 1_000));
    });
  }
  for (const pair of pairs.values()) await pair.close();
}

/** The same clients through the relay, apart from the timing so that the relay does not slow it. */
async function countBytes(kind: Kind, server: XmppServer): Promise<Traffic> {
  const relay = new Relay();
  try {
    const counted = await PeerPair.connect(
      kind,
      await relay.through('sender', address(server, `${kind}a`)),
      await relay.through('receiver', address(server, `${kind}b`)),
    );
    await counted.spaced(WARM_UP);
    // What the last message still causes (a new poll, an ack) belongs to it, not to the next count.
    await sleep(400);
    const before = await relay.counts();
    await counted.spaced(Array.from({ length: COUNTED }, () => ALONE_MS));
    await sleep(400);
    const after = await relay.counts();
    await counted.close();
    return {
      sender: perMessage(before.sender, after.sender),
      receiver: perMessage(before.receiver, after.receiver),
    };
  } finally {
    relay.stop();
  }
}

function perMessage(before: ByteCount, after: ByteCount): ByteCount {
  const share = (direction: keyof ByteCount) => (after[direction] - before[direction]) / COUNTED;
  return { sent: share('sent'), received: share('received') };
}

function gaps(count: number): number[] {
  return Array.from({ length: count }, () => 10 + random() * 30);
}

function address(server: XmppServer, user: string): BenchAddress {
  return {
    boshUrl: server.boshUrl,
    webSocketUrl: server.webSocketUrl,
    tcpHost: server.c2s.host,
    tcpPort: server.c2s.port,
    ...server.user(user),
  };
}

function figures({ latencies, burstRates, alone }: Samples): Figures {
  const sum = (traffic?: Traffic) =>
    traffic === undefined
      ? Number.NaN
      : round(
          Object.values(traffic).reduce((all, { sent, received }) => all + sent + received, 0),
          0,
        );
  return {
    p50: round(percentile(latencies, 0.5)),
    p95: round(percentile(latencies, 0.95)),
    p99: round(percentile(latencies, 0.99)),
    burst: round(percentile(burstRates, 0.5), 0),
    senderSent: round(alone?.sender.sent ?? Number.NaN, 0),
    senderReceived: round(alone?.sender.received ?? Number.NaN, 0),
    receiverSent: round(alone?.receiver.sent ?? Number.NaN, 0),
    receiverReceived: round(alone?.receiver.received ?? Number.NaN, 0),
    bytes: sum(alone),
  };
}

function report(): void {
  const measured = new Map([...samples].map(([kind, taken]) => [kind, figures(taken)]));
  const head = [
    ...['', 'p50 ms', 'p95 ms', 'p99 ms', 'burst msg/s'],
    ...['sender tx', 'rx', 'receiver tx', 'rx', 'bytes/msg'],
  ];
  const row = (name: string, values: Figures) => [name, ...Object.values(values).map(String)];
  console.log(table([head, ...[...measured].map(([kind, values]) => row(KINDS[kind], values))]));
  const mine = measured.get('holdfast');
  const compared = Object.fromEntries(
    (Object.keys(COMPARED_WITH) as (keyof typeof COMPARED_WITH)[]).flatMap((kind) => {
      const theirs = measured.get(kind);
      return mine && theirs ? [[kind, ratios(mine, theirs)]] : [];
    }),
  );
  const ratioRows = Object.entries(compared).map(([kind, values]) => [
    `Holdfast : ${COMPARED_WITH[kind as keyof typeof COMPARED_WITH]}`,
    ...Object.values(values).map(String),
  ]);
  const compareHead = ['', 'p50', 'p95', 'p99', 'burst', 'bytes/msg'];
  if (ratioRows.length > 0) console.log(`\n${table([compareHead, ...ratioRows])}`);
  const forgetful = measured.get('forgetful');
  const durability = mine && forgetful && round(mine.p50 - forgetful.p50);
  if (durability !== undefined) console.log(`\ndurability costs ${durability} ms p50 a message`);
  if (given.json) {
    const peers = Object.fromEntries(measured);
    console.log(
      JSON.stringify({
        seed,
        rounds,
        spaced: SPACED,
        burst: BURST,
        peers,
        ratios: compared,
        durability,
      }),
    );
  }
}
