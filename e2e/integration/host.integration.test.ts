/** The host against real servers: everything a person does, over every kind of interruption. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { type HostDriver, HostFolder } from './host-driver.ts';

const servers = [
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const;

const ALICE = 'alice@localhost';
const BOB = 'bob@localhost';

interface SignedIn {
  readonly folder: HostFolder;
  readonly host: HostDriver;
  readonly accountId: string;
  readonly jid: string;
}

describe.each(servers)('the host on %s', (_name, start) => {
  let server: XmppServer;
  const folders: HostFolder[] = [];

  beforeAll(async () => {
    server = await start({ inactivity: 5, users: ['dave', 'erin', 'frank', 'grace'] });
  });
  afterAll(() => server.stop());
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') for (const folder of folders) console.log(folder.logs());
    await Promise.all(folders.splice(0).map((folder) => folder.remove()));
  });

  async function newFolder(): Promise<HostFolder> {
    const folder = await HostFolder.make();
    folders.push(folder);
    return folder;
  }
  /** A host with one account signed in. */
  async function signedIn(name: string): Promise<SignedIn> {
    const folder = await newFolder();
    const host = await folder.open();
    const accountId = await host.signIn(server, server.user(name));
    return { folder, host, accountId, jid: `${name}@localhost` };
  }
  /** Both see each other's presence. */
  async function befriend(alice: SignedIn, bob: SignedIn): Promise<void> {
    await alice.host.run('contacts.add', { accountId: alice.accountId, jid: bob.jid, name: 'Bob' });
    await bob.host.until('a request', () => bob.host.contacts.get(alice.jid)?.request === true);
    await bob.host.run('contacts.accept', { accountId: bob.accountId, jid: alice.jid });
    await alice.host.until('their request', () => {
      const contact = alice.host.contacts.get(bob.jid);
      return contact?.request === true || contact?.subscription === 'both';
    });
    await alice.host.run('contacts.accept', { accountId: alice.accountId, jid: bob.jid });
    for (const [host, jid] of [
      [alice.host, bob.jid],
      [bob.host, alice.jid],
    ] as const) {
      await host.until(`${jid} online`, () => {
        const contact = host.contacts.get(jid);
        return contact?.subscription === 'both' && contact.presence.show === 'online';
      });
      expect(host.contacts.get(jid)).toMatchObject({ request: false, asked: false });
    }
  }
  const heard = (host: HostDriver, body: string) =>
    host.until(`"${body}"`, () => [...host.messages.values()].some((each) => each.body === body));

  it('signs in step by step and carries messages both ways, with receipts', async () => {
    const alice = await signedIn('alice');
    const bob = await signedIn('bob');
    expect(alice.host.phases).toEqual([
      'offline',
      'opening-session',
      'signing-in',
      'catching-up',
      'online',
    ]);
    const first = await alice.host.write(alice.accountId, BOB, 'Wherefore art thou?');
    await heard(bob.host, 'Wherefore art thou?');
    const second = await bob.host.write(bob.accountId, ALICE, 'Call me but love.');
    await heard(alice.host, 'Call me but love.');
    // Bob has written to Alice, so that she may know that his device has what she writes.
    const third = await alice.host.write(alice.accountId, BOB, 'Good night.');
    await alice.host.untilState(third, 'delivered');
    await bob.host.untilState(second, 'delivered');
    expect(['sent', 'delivered']).toContain(alice.host.messages.get(first)?.state);
    expect(alice.host.chats.get(BOB)).toMatchObject({ unread: 1 });
    await alice.host.run('chats.markRead', { accountId: alice.accountId, jid: BOB });
    expect(alice.host.chats.get(BOB)).toMatchObject({ unread: 0 });
    expect(await bob.host.bodies(bob.accountId, ALICE)).toEqual([
      'Wherefore art thou?',
      'Call me but love.',
      'Good night.',
    ]);
  });

  it('goes on with the same session after a restart, nothing lost or doubled', async () => {
    const alice = await signedIn('dave');
    const bob = await signedIn('erin');
    await alice.host.write(alice.accountId, bob.jid, 'before');
    await heard(bob.host, 'before');
    const sid = alice.host.health?.sid;
    expect(sid).toBeDefined();
    await alice.host.close();
    for (const body of ['one', 'two', 'three']) {
      await bob.host.write(bob.accountId, alice.jid, body);
    }
    const again = await alice.folder.open();
    await again.write(alice.accountId, bob.jid, 'after');
    await heard(again, 'three');
    await heard(bob.host, 'after');
    await again.until('health', () => again.health?.sid !== undefined);
    expect(again.health).toMatchObject({ sid, rung: { name: 're-attach' } });
    expect(again.phases).not.toContain('signing-in');
    const bodies = await again.bodies(alice.accountId, bob.jid);
    expect(bodies.filter((body) => body !== 'after')).toEqual(['before', 'one', 'two', 'three']);
    expect(bodies).toHaveLength(5);
    expect(again.chats.get(bob.jid)?.unread).toBe(3);
  });

  it('signs in anew once the session is gone, and the archive fills the gap', async () => {
    const alice = await signedIn('frank');
    const bob = await signedIn('grace');
    await befriend(alice, bob);
    await alice.host.write(alice.accountId, bob.jid, 'before');
    await heard(bob.host, 'before');
    await alice.host.close();
    const numbered = Array.from({ length: 130 }, (_, index) => `number ${index}`);
    // Some reach the session nobody reads any more, some are written after its end.
    for (const body of numbered.slice(0, 20)) await bob.host.write(bob.accountId, alice.jid, body);
    await bob.host.until('the end of the session', () => {
      return bob.host.contacts.get(alice.jid)?.presence.show === 'offline';
    });
    let last = '';
    for (const body of numbered.slice(20)) {
      last = await bob.host.write(bob.accountId, alice.jid, body);
    }
    await bob.host.untilState(last, 'sent');
    const again = await alice.folder.open();
    await heard(again, 'number 129');
    await again.untilPhase('online');
    expect(again.log.join('\n')).toContain('rung login: the stored session ended');
    expect(await again.bodies(alice.accountId, bob.jid)).toEqual(['before', ...numbered]);
    expect(again.chats.get(bob.jid)?.unread).toBe(130);
  });

  it('keeps what is written while the server is down and sends it in order', async () => {
    const alice = await signedIn('alice');
    const bob = await signedIn('bob');
    await server.kill();
    await alice.host.untilPhase('reconnecting');
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      ids.push(await alice.host.write(alice.accountId, BOB, `kept ${index}`));
    }
    await server.restart();
    await alice.host.run('accounts.retryNow', { accountId: alice.accountId });
    await bob.host.run('accounts.retryNow', { accountId: bob.accountId });
    await heard(bob.host, 'kept 4');
    for (const id of ids) {
      await alice.host.until(id, () =>
        ['sent', 'delivered'].includes(alice.host.messages.get(id)?.state ?? ''),
      );
    }
    const kept = (await bob.host.bodies(bob.accountId, ALICE)).filter((body) =>
      body.startsWith('kept'),
    );
    expect(kept).toEqual([0, 1, 2, 3, 4].map((index) => `kept ${index}`));
  });

  it('stops at a wrong password, keeps the account, and goes on with the right one', async () => {
    const folder = await newFolder();
    const host = await folder.open();
    const { accountId } = await host.run('accounts.add', {
      jid: 'Carol@LocalHost',
      password: 'wrong',
      endpoint: server.boshUrl,
    });
    await host.untilPhase('failed', accountId);
    expect(host.accounts.get(accountId)?.connection.problem).toMatchObject({
      code: 'server.not-authorized',
      retry: 'never',
    });
    await host.run('accounts.signIn', { accountId, password: server.user('carol').password });
    await host.untilPhase('online', accountId);
    await host.run('accounts.signOut', { accountId });
    expect(host.accounts.get(accountId)).toMatchObject({
      enabled: false,
      connection: { phase: 'offline' },
    });
    expect(host.health).toBeUndefined();
  });

  it('brings two people together, and still sees them after a restart', async () => {
    const alice = await signedIn('dave');
    const bob = await signedIn('erin');
    await befriend(alice, bob);
    expect(alice.host.contacts.get(bob.jid)?.name).toBe('Bob');

    await alice.host.close();
    const again = await alice.folder.open();
    await again.until('bob online', () => {
      return again.contacts.get(bob.jid)?.presence.show === 'online';
    });
    await bob.host.run('accounts.signOut', { accountId: bob.accountId });
    await again.until('bob offline', () => {
      return again.contacts.get(bob.jid)?.presence.show === 'offline';
    });
    await again.run('contacts.remove', { accountId: alice.accountId, jid: bob.jid });
    await again.until('bob removed', () => !again.contacts.has(bob.jid));
  });

  it('removes an account with everything stored for it', async () => {
    const alice = await signedIn('frank');
    await alice.host.write(alice.accountId, BOB, 'forget me');
    await alice.host.run('accounts.remove', { accountId: alice.accountId });
    await alice.host.close();
    const again = await alice.folder.open();
    expect(again.accounts.size).toBe(0);
  });
});
