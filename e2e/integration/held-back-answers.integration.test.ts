/** A network that keeps back the answers to held requests: the session polls, and later holds requests again. */
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HoldingBackWire } from '../networks/wires/holding-back.ts';
import { startProsody } from '../servers/prosody.ts';
import { type HostDriver, HostFolder } from './host-driver.ts';

// A session is patient with each of the answers that never come.
vi.setConfig({ testTimeout: 300_000 });

const ALICE = 'alice@localhost';
const BOB = 'bob@localhost';
/** What is known of a network is found out anew after half an hour. */
const LATER_MS = 31 * 60_000;

/** Longer than the network's patience. */
const PACE_MS = 1_500;

const cleanings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanings.splice(0).reverse()) await clean();
});

async function newFolder(): Promise<HostFolder> {
  const folder = await HostFolder.make();
  cleanings.push(() => folder.remove());
  return folder;
}

const hears = (host: HostDriver, body: string) =>
  host.until(body, () => [...host.messages.values()].some((each) => each.body === body), 60_000);

describe('a network that keeps back answers', () => {
  // One server is enough: what is learned is the network's, and each way takes a minute.
  it('is polled through, and requests are held again once it does not', async () => {
    const server = await startProsody();
    cleanings.push(() => server.stop());
    const wire = await HoldingBackWire.to(Number(new URL(server.boshUrl).port));
    cleanings.push(() => wire.stop());
    const endpoint = new URL(server.boshUrl);
    endpoint.port = String(wire.port);
    let ahead = 0;
    const now = () => Date.now() + ahead;
    const folder = await newFolder();
    const alice = await folder.open({ now });
    const accountId = await alice.signIn(server, server.user('alice'), endpoint.href);
    const bob = await (await newFolder()).open();
    const bobsId = await bob.signIn(server, server.user('bob'));

    const polls = () => alice.health?.granted.wait === 0;
    const hers: string[] = [];
    while (!polls() && hers.length < 8) {
      // So that what releases the held request comes when it has been held for a while.
      await setTimeout(PACE_MS);
      const body = `a${hers.length}`;
      hers.push(body);
      const id = await alice.write(accountId, BOB, body);
      await alice.until(`${body} sent`, () => alice.messages.get(id)?.state === 'sent', 60_000);
    }
    await alice.until('a session that polls', polls, 60_000);
    expect(wire.kept).toBeGreaterThan(0);
    const keptBefore = wire.kept;
    await bob.write(bobsId, ALICE, 'b0');
    await hears(alice, 'b0');
    hers.push('then');
    await alice.write(accountId, BOB, 'then');
    await hears(bob, 'then');
    expect(wire.kept).toBe(keptBefore);
    expect(await bob.bodies(bobsId, ALICE)).toEqual(expect.arrayContaining(hers));

    await alice.close();
    wire.heal();
    ahead = LATER_MS;
    const again = await folder.open({ now });
    await again.untilPhase('online', accountId);
    await again.until('held requests', () => (again.health?.granted.wait ?? 0) > 0, 60_000);
    await bob.write(bobsId, ALICE, 'b1');
    await hears(again, 'b1');
    const shown = await bob.bodies(bobsId, ALICE);
    expect(shown.filter((body) => !body.startsWith('b'))).toEqual(hers);
  });
});
