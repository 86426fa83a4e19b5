/** A short selection of what `npm run networks` shows at length. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../holdfast/start-holdfast.ts';
import { newSeed } from '../random.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { clientKinds } from './clients/client-kinds.ts';
import { holdfast } from './clients/holdfast.ts';
import { networks } from './matrix.ts';
import { direct } from './rows/direct.ts';
import { runRow } from './run-row.ts';

const CHOSEN = ['nginx-502', 'closes-idle', 'http-1.0', 'portal-page'];

let server: XmppServer;

beforeAll(async () => {
  await ensureBuilt(['browser']);
  const rows = [...CHOSEN, ...clientKinds];
  server = await startProsody({ users: rows.flatMap((_, index) => [`c${index}`, `p${index}`]) });
});
afterAll(() => server.stop());

it('Holdfast crosses networks with a cut in every minute and loses nothing', async () => {
  const seed = newSeed();
  const rows = CHOSEN.map((name, index) => {
    const network = networks.find((each) => each.name === name);
    if (!network) throw new Error(`there is no ${name}`);
    const users = { client: `c${index}`, peer: `p${index}` };
    return runRow({ ...{ network, server, users, seed }, client: holdfast, minutes: 1 });
  });
  const results = await Promise.all(rows);
  expect(
    results.map(({ network, kept, wrong, log }) => ({ network, kept, wrong, log })),
    `seed ${seed}`,
  ).toEqual(CHOSEN.map((network) => ({ network, kept: 1, wrong: [], log: '' })));
});

it.each(clientKinds.map(({ name }, index) => [name, index] as const))(
  '%s can be compared: where nothing stands in between it chats both ways',
  async (_, index) => {
    const [client] = clientKinds.slice(index);
    const users = { client: `c${CHOSEN.length + index}`, peer: `p${CHOSEN.length + index}` };
    if (!client) throw new Error('there is none');
    expect(client.missing?.()).toBeUndefined();
    const row = { network: direct, client, server, users, minutes: 0, seed: newSeed() };
    const { isConnected, messages, wrong, log } = await runRow(row);
    expect({ isConnected, messages, wrong }, log).toEqual({
      ...{ isConnected: true, messages: 2, wrong: [] },
    });
  },
);
