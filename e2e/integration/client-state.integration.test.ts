/** Client State Indication: what a real server holds back while nobody looks, and hands over when somebody does. */
import { afterEach, describe, expect, it } from 'vitest';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { type HostDriver, HostFolder } from './host-driver.ts';
import { connectDevice, type Device, next } from './tcp-stream.ts';

const ALICE = 'alice@localhost';
const BOB = 'bob@localhost';

const cleanings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanings.splice(0).reverse()) await clean();
});

async function arrive(server: XmppServer, user: string, resource: string): Promise<Device> {
  const device = await connectDevice(server, user, resource);
  cleanings.push(() => device.close());
  await device.roster.load();
  device.presence.announce();
  return device;
}

/** Alice and bob, who sees her, and another device of hers that sees bob as well. */
async function acquaintances(start: typeof startProsody) {
  const server = await start({ tls: false });
  cleanings.push(() => server.stop());
  const folder = await HostFolder.make();
  cleanings.push(() => folder.remove());
  const alice = await folder.open({ awayAfterMs: 200 });
  const accountId = await alice.signIn(server, server.user('alice'));
  const bob = await arrive(server, 'bob', 'desk');
  const asked = next(bob.roster.onSubscription, ({ kind }) => kind === 'subscribe');
  await alice.run('contacts.add', { accountId, jid: BOB });
  await asked;
  bob.roster.approve(ALICE);
  await shows(alice, 'online');
  const phone = await arrive(server, 'alice', 'phone');
  /** Resolves when the server has told alice's devices. */
  const become = async (show: 'away' | 'xa') => {
    const seen = next(phone.presence.onPresence, (jid, how) => jid === BOB && how.show === show);
    bob.presence.announce({ show });
    await seen;
  };
  /** Resolves when the answer has come that the server gave to it, with all it had for us. */
  const write = async (body: string) => {
    const heard = next(bob.messages.onMessage, (message) => message.body === body);
    await alice.untilState(await alice.write(accountId, BOB, body), 'sent');
    await heard;
  };
  return { folder, alice, accountId, become, write };
}

const shown = (host: HostDriver) => host.contacts.get(BOB)?.presence?.show;
const shows = (host: HostDriver, show: string) =>
  host.until(`bob ${show}`, () => shown(host) === show);
const told = (host: HostDriver) =>
  host.log.flatMap((line) => /told that this client is (\w+)/u.exec(line)?.[1] ?? []);

describe('ejabberd', () => {
  it('holds presence back while nobody looks, and hears each change once', async () => {
    const { folder, alice, accountId, become, write } = await acquaintances(startEjabberd);
    await alice.run('attention.here', {});
    await alice.until('inactive', () => told(alice).length === 1);
    await write('one');
    await become('away');
    await write('two');
    expect(shown(alice)).toBe('online');
    await alice.run('attention.here', {});
    await shows(alice, 'away');

    // Left unseen, and gone on with by another process, in whose window nobody has looked yet.
    await alice.until('inactive again', () => told(alice).length === 3);
    await alice.close();
    expect(told(alice)).toEqual(['inactive', 'active', 'inactive']);
    const again = await folder.open({ awayAfterMs: 200 });
    await again.untilPhase('online', accountId);
    await again.until('active', () => told(again).length === 1);
    await become('xa');
    await shows(again, 'xa');
    expect(again.log.join()).toContain('rung re-attach');
    expect(told(again)).toEqual(['active']);
  });
});

describe('Prosody', () => {
  it('is not told over BOSH, where it would pause a connection that other answers need', async () => {
    const { alice, become, write } = await acquaintances(startProsody);
    await alice.run('attention.here', {});
    await write('one');
    await become('away');
    await shows(alice, 'away');
    await write('two');
    expect(told(alice)).toEqual([]);
  });
});
