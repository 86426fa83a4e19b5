/**
 * The rungs below re-attaching, on real servers: the stream of a lost session is resumed where the server can
 * (XEP-0198), never tried where it would crash, and what does not work is tried once.
 */
import { readFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Conversation } from '../conversation/conversation.ts';
import { describeDifferences } from '../conversation/differences.ts';
import { ensureBuilt } from '../holdfast/start-holdfast.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { type HostDriver, HostFolder } from './host-driver.ts';

const folders: HostFolder[] = [];
const relays: Relay[] = [];

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') for (const folder of folders) console.log(folder.logs());
  await Promise.all(folders.splice(0).map((folder) => folder.remove()));
  await Promise.all(relays.splice(0).map((relay) => relay.close()));
});

/** The way to a server, which can be cut and mended. */
class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  /** Everything that went to the server. */
  passed = '';

  private constructor(to: URL) {
    this.#server = createServer((near) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = connect(Number(to.port), to.hostname);
      near.on('data', (bytes) => {
        this.passed += bytes.toString('latin1');
      });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  static async open(to: string): Promise<Relay> {
    const relay = new Relay(new URL(to));
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve));
    relays.push(relay);
    return relay;
  }

  urlOf(boshUrl: string): string {
    const address = this.#server.address();
    const url = new URL(boshUrl);
    url.port = String(typeof address === 'object' ? address?.port : '');
    return url.href;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

interface SignedIn {
  readonly folder: HostFolder;
  readonly host: HostDriver;
  readonly accountId: string;
  readonly jid: string;
}

async function signIn(server: XmppServer, name: string, endpoint?: string): Promise<SignedIn> {
  const folder = await HostFolder.make();
  folders.push(folder);
  const host = await folder.open();
  const accountId = await host.signIn(server, server.user(name), endpoint);
  return { folder, host, accountId, jid: server.user(name).jid };
}

const heard = (host: HostDriver, body: string) =>
  host.until(`"${body}"`, () => [...host.messages.values()].some((each) => each.body === body));

const numbered = (what: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${what} ${index}`);

async function writeAll(from: SignedIn, to: SignedIn, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) await from.host.write(from.accountId, to.jid, body);
}

/** Resolves once the server has written a line like this to its log. */
async function logged(server: XmppServer, line: RegExp): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!line.test(await readFile(server.logFile, 'utf8'))) {
    if (Date.now() > deadline) throw new Error(`the server never logged ${line}`);
    await sleep(100);
  }
}

describe('a lost session on ejabberd', () => {
  let server: XmppServer;

  beforeAll(async () => {
    server = await startEjabberd({
      ...{ inactivity: 3, resumption: 300 },
      users: ['dave', 'erin', 'frank', 'grace'],
    });
  });
  afterAll(() => server.stop());

  /** The server has ended the BOSH session of this user and keeps its stream. */
  const lost = (name: string) =>
    logged(server, new RegExp(`Closing c2s connection for ${name}@localhost.*resumption`, 'u'));

  it('is resumed after the network was away too long, with what was written meanwhile', async () => {
    const relay = await Relay.open(server.boshUrl);
    const alice = await signIn(server, 'dave', relay.urlOf(server.boshUrl));
    const bob = await signIn(server, 'erin');
    await writeAll(alice, bob, ['before']);
    await heard(bob.host, 'before');
    relay.cut();
    await writeAll(alice, bob, numbered('ours', 20));
    await writeAll(bob, alice, numbered('theirs', 20));
    await lost('dave');
    relay.mend();
    await alice.host.run('accounts.retryNow', { accountId: alice.accountId });
    await heard(alice.host, 'theirs 19');
    await heard(bob.host, 'ours 19');
    const log = alice.host.log.join('\n');
    expect(log).toContain('rung resume: ');
    expect(log.match(/rung login/gu)).toHaveLength(1);
    const own = (bodies: readonly string[], what: string) =>
      bodies.filter((body) => body.startsWith(what));
    for (const { host, accountId, peer } of [
      { ...alice, peer: bob.jid },
      { ...bob, peer: alice.jid },
    ]) {
      const bodies = await host.bodies(accountId, peer);
      expect(own(bodies, 'ours')).toEqual(numbered('ours', 20));
      expect(own(bodies, 'theirs')).toEqual(numbered('theirs', 20));
    }
  });

  it('is resumed after a kill in the middle of a conversation, each message once and in order', async () => {
    await ensureBuilt(['browser']);
    const conversation = await Conversation.create({
      ...{ server, endpoint: server.boshUrl, count: 60, patienceMs: 60_000 },
      pause: () => sleep(2),
      users: { holdfast: 'frank', peer: 'grace' },
    });
    try {
      await conversation.start();
      await conversation.signIn();
      await conversation.befriend();
      const back = conversation.handedOver(50).then(async () => {
        await conversation.kill();
        await lost('frank');
        await conversation.start();
      });
      await Promise.all([conversation.talk(), back]);
      await conversation.untilOnline();
      expect(await conversation.settle(['sent', 'delivered'])).toEqual([]);
      expect(conversation.rung).toBe('resume');
      for (const { what, ...found } of await conversation.compare()) {
        expect(describeDifferences(what, found)).toEqual([]);
      }
    } finally {
      await conversation.close();
    }
  });

  it('is resumed after a restart, with everything once and in order', async () => {
    const alice = await signIn(server, 'alice');
    const bob = await signIn(server, 'bob');
    await writeAll(alice, bob, ['before']);
    await heard(bob.host, 'before');
    await alice.host.close();
    await writeAll(bob, alice, numbered('unread', 20));
    await lost('alice');
    await writeAll(bob, alice, numbered('late', 20));
    const again = await alice.folder.open();
    await again.untilPhase('online');
    await heard(again, 'late 19');
    const log = again.log.join('\n');
    expect(log).toContain('rung resume: ');
    expect(log).not.toContain('rung login');
    expect(again.health?.rung?.name).toBe('resume');
    await again.write(alice.accountId, bob.jid, 'after');
    await heard(bob.host, 'after');
    expect(await again.bodies(alice.accountId, bob.jid)).toEqual([
      'before',
      ...numbered('unread', 20),
      ...numbered('late', 20),
      'after',
    ]);
    expect(await bob.host.bodies(bob.accountId, alice.jid)).toEqual([
      'before',
      ...numbered('unread', 20),
      ...numbered('late', 20),
      'after',
    ]);
  });
});

describe('a session that Holdfast left on ejabberd', () => {
  let server: XmppServer;

  beforeAll(async () => {
    server = await startEjabberd({ inactivity: 3, pause: 60, resumption: 300 });
  });
  afterAll(() => server.stop());

  it('is gone on with after a pause longer than the silence that ends another', async () => {
    const alice = await signIn(server, 'alice');
    const relay = await Relay.open(server.boshUrl);
    const bob = await signIn(server, 'bob', relay.urlOf(server.boshUrl));
    const carol = await signIn(server, 'carol');
    const sid = alice.host.health?.sid;
    await alice.host.close();
    // Bob's session, cut off later, ends of silence; Alice's, silent for longer, does not.
    relay.cut();
    await writeAll(carol, bob, ['nobody hears this']);
    await logged(server, /Closing c2s connection for bob@localhost/u);
    const again = await alice.folder.open();
    await again.untilPhase('online');
    await again.until('health', () => again.health?.sid !== undefined);
    expect(again.health).toMatchObject({ sid, rung: { name: 're-attach' } });
  });
});

describe('a lost session on Prosody', () => {
  let server: XmppServer;

  beforeAll(async () => {
    server = await startProsody({ inactivity: 3 });
  });
  afterAll(() => server.stop());

  it('is never resumed, since that would crash; the archive fills the gap', async () => {
    const relay = await Relay.open(server.boshUrl);
    const alice = await signIn(server, 'alice', relay.urlOf(server.boshUrl));
    const bob = await signIn(server, 'bob');
    await alice.host.run('contacts.add', { accountId: alice.accountId, jid: bob.jid });
    await bob.host.until('a request', () => bob.host.contacts.get(alice.jid)?.request === true);
    await bob.host.run('contacts.accept', { accountId: bob.accountId, jid: alice.jid });
    const shown = () => bob.host.contacts.get(alice.jid)?.presence.show;
    await alice.host.until('a request', () => alice.host.contacts.get(bob.jid)?.request === true);
    await alice.host.run('contacts.accept', { accountId: alice.accountId, jid: bob.jid });
    await bob.host.until('alice online', () => shown() === 'online');
    relay.cut();
    await bob.host.until('alice offline', () => shown() === 'offline');
    await writeAll(bob, alice, numbered('theirs', 5));
    relay.mend();
    await alice.host.run('accounts.retryNow', { accountId: alice.accountId });
    await heard(alice.host, 'theirs 4');
    const log = alice.host.log.join('\n');
    expect(log).not.toContain('rung resume');
    expect(log.match(/rung login/gu)).toHaveLength(2);
    expect(relay.passed.includes('urn:xmpp:sm:3')).toBe(false);
  });
});

describe('SASL2 on a Prosody that offers it over BOSH and does not answer', () => {
  let server: XmppServer;

  beforeAll(async () => {
    server = await startProsody({ modules: ['sasl2', 'sasl2_bind2'] });
  });
  afterAll(() => server.stop());

  it('is tried once, and the next sign-in goes straight to SASL', async () => {
    const relay = await Relay.open(server.boshUrl);
    const alice = await signIn(server, 'alice', relay.urlOf(server.boshUrl));
    expect(relay.passed.match(/<authenticate/gu)).toHaveLength(1);
    expect(alice.host.log.join('\n')).toContain('sasl2 does not work here');
    expect(alice.host.health?.rung?.name).toBe('login');
    await alice.host.run('accounts.signOut', { accountId: alice.accountId });
    await alice.host.close();
    const again = await alice.folder.open();
    await again.run('accounts.signIn', { accountId: alice.accountId });
    await again.untilPhase('online');
    expect(relay.passed.match(/<authenticate/gu)).toHaveLength(1);
    expect(again.log.join('\n')).not.toContain('sasl2');
  });
});
