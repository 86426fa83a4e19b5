/**
 * The rungs below re-attaching, on real servers: the stream of a lost session is resumed where the server can
 * (XEP-0198), never tried where it would crash, and what does not work is tried once.
 */
import { readFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEjabberd } from '../servers/ejabberd.ts';
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

  private constructor(to: URL) {
    this.#server = createServer((near) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = connect(Number(to.port), to.hostname);
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
    await new Promise((resolve) => setTimeout(resolve, 100));
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
    expect(log).not.toContain('archive catch-up');
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
