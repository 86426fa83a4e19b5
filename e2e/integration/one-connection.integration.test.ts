/** A network in which a second connection hangs for good: the session polls over one, and later uses two again. */
import { afterEach, describe, expect, it } from 'vitest';
import { SingleWire } from '../networks/wires/single.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { type HostDriver, HostFolder } from './host-driver.ts';

const ALICE = 'alice@localhost';
const BOB = 'bob@localhost';
/** What is known of a network is found out anew after half an hour. */
const LATER_MS = 31 * 60_000;

const cleanings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanings.splice(0).reverse()) await clean();
});

async function newFolder(): Promise<HostFolder> {
  const folder = await HostFolder.make();
  cleanings.push(() => folder.remove());
  return folder;
}

const hears = (host: HostDriver, ...bodies: string[]) =>
  host.until(
    bodies.join(', '),
    () => bodies.every((body) => [...host.messages.values()].some((each) => each.body === body)),
    60_000,
  );

describe.each([
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('on %s', (_name, start) => {
  it('chats over one connection while a second one hangs, and over two once it no longer does', async () => {
    const server: XmppServer = await start({ inactivity: 10 });
    cleanings.push(() => server.stop());
    const wire = await SingleWire.to(Number(new URL(server.boshUrl).port));
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

    for (const body of ['a1', 'a2', 'a3']) await alice.write(accountId, BOB, body);
    await hears(bob, 'a1', 'a2', 'a3');
    for (const body of ['b1', 'b2', 'b3']) await bob.write(bobsId, ALICE, body);
    await hears(alice, 'b1', 'b2', 'b3');
    expect(alice.log.join('\n')).toContain('ended with network.one-connection');
    expect(wire.hanging).toBeGreaterThan(0);
    expect(alice.health?.granted.wait).toBe(0);
    const hanging = wire.hanging;
    await alice.write(accountId, BOB, 'a4');
    await bob.write(bobsId, ALICE, 'b4');
    await Promise.all([hears(bob, 'a4'), hears(alice, 'b4')]);
    expect(wire.hanging).toBe(hanging);

    await alice.close();
    wire.heal();
    ahead = LATER_MS;
    const again = await folder.open({ now });
    await again.untilPhase('online', accountId);
    await again.write(accountId, BOB, 'a5');
    await bob.write(bobsId, ALICE, 'b5');
    await Promise.all([hears(bob, 'a5'), hears(again, 'b5')]);
    await again.until('two connections', () => (again.health?.granted.wait ?? 0) > 0);
    expect(wire.hanging).toBe(hanging);
    const [hers, his] = await Promise.all([
      again.bodies(accountId, BOB),
      bob.bodies(bobsId, ALICE),
    ]);
    const by = (writer: string, bodies: string[]) =>
      bodies.filter((body) => body.startsWith(writer));
    for (const bodies of [hers, his]) {
      expect(by('a', bodies)).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
      expect(by('b', bodies)).toEqual(['b1', 'b2', 'b3', 'b4', 'b5']);
    }
  });
});
