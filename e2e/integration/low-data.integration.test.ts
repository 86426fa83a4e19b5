/** What an account that is to use little data saves, measured on the wire with a friend who has a picture and types. */
import { createHash } from 'node:crypto';
import xml, { type Element } from '@xmpp/xml';
import { afterEach, describe, expect, it } from 'vitest';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { type HostDriver, HostFolder } from './host-driver.ts';
import { connectDevice, type Device, next } from './tcp-stream.ts';

const ALICE = 'alice@localhost';
const BOB = 'bob@localhost';
const TIMES_TYPED = 20;

/** A picture of usual size, as far as anybody looks at it: the smallest PNG with something behind it. */
const PICTURE = Buffer.concat([
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  ),
  Buffer.alloc(16_000, 'picture'),
]);
const HASH = createHash('sha1').update(PICTURE).digest('hex');

const cleanings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanings.splice(0).reverse()) await clean();
});

async function publishPicture({ stream }: Device): Promise<void> {
  const publish = (node: string, item: Element) =>
    stream.request(
      xml(
        'iq',
        { type: 'set' },
        xml('pubsub', 'http://jabber.org/protocol/pubsub', xml('publish', { node }, item)),
      ),
    );
  const [data, metadata] = ['urn:xmpp:avatar:data', 'urn:xmpp:avatar:metadata'];
  await publish(data, xml('item', { id: HASH }, xml('data', data, PICTURE.toString('base64'))));
  const info = xml('info', { bytes: String(PICTURE.length), id: HASH, type: 'image/png' });
  await publish(metadata, xml('item', { id: HASH }, xml('metadata', metadata, info)));
}

const bytesOf = ({ health }: HostDriver) => (health?.bytesSent ?? 0) + (health?.bytesReceived ?? 0);

describe.each([
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('on %s', (_name, start) => {
  let server: XmppServer;
  let bob: Device;

  async function meet(): Promise<HostFolder> {
    server = await start({ tls: false });
    cleanings.push(() => server.stop());
    bob = await connectDevice(server, 'bob', 'desk');
    cleanings.push(() => bob.close());
    await bob.roster.load();
    bob.presence.announce();
    await publishPicture(bob);
    const folder = await HostFolder.make();
    cleanings.push(() => folder.remove());
    const alice = await folder.open();
    const accountId = await alice.signIn(server, server.user('alice'));
    const asked = next(bob.roster.onSubscription, ({ kind }) => kind === 'subscribe');
    await alice.run('contacts.add', { accountId, jid: BOB });
    await asked;
    bob.roster.approve(ALICE);
    bob.roster.subscribe(ALICE);
    await alice.until('a request', () => alice.contacts.get(BOB)?.request === true);
    await alice.run('contacts.accept', { accountId, jid: BOB });
    await alice.until('friends', () => alice.contacts.get(BOB)?.subscription === 'both');
    await alice.run('accounts.remove', { accountId });
    await alice.close();
    return folder;
  }

  /** A first sign-in on a new computer, and a chat in which both type a lot. @returns bytes on the wire */
  async function chat(lowData: boolean): Promise<number> {
    const folder = await HostFolder.make();
    cleanings.push(() => folder.remove());
    const alice = await folder.open();
    const { accountId } = await alice.run('accounts.add', {
      ...{ ...server.user('alice'), endpoint: server.boshUrl },
    });
    await alice.run('accounts.setLowData', { accountId, lowData });
    await alice.untilPhase('online', accountId);
    await alice.until('bob here', () => alice.contacts.get(BOB)?.presence?.show === 'online');
    if (!lowData) await alice.until('picture', () => alice.contacts.get(BOB)?.avatar === HASH);
    const hears = next(bob.messages.onMessage, ({ body }) => body === 'Hello?');
    await alice.untilState(await alice.write(accountId, BOB, 'Hello?'), 'sent');
    const [heard] = await hears;
    // As software does that shows typing only to who shows it too (XEP-0085 §5.1).
    for (let times = 0; times < TIMES_TYPED; times += 1) {
      const state = times % 2 === 0 ? 'composing' : 'paused';
      await alice.run('chats.sendState', { accountId, jid: BOB, state });
      if (heard.chatState !== undefined) bob.chatStates.send(ALICE, state);
    }
    const asked = Date.now();
    bob.messages.send({ id: `answer-${lowData}`, to: ALICE, body: `Yes ${lowData}` });
    await alice.until('the answer', () =>
      [...alice.messages.values()].some(({ body }) => body === `Yes ${lowData}`),
    );
    await alice.until('a reading with the answer in it', () =>
      (alice.health?.exchanges ?? []).some(
        ({ endedAt = 0, stanzasReceived }) => endedAt >= asked && stanzasReceived > 0,
      ),
    );
    const bytes = bytesOf(alice);
    expect(alice.contacts.get(BOB)?.avatar).toBe(lowData ? undefined : HASH);
    expect(alice.accounts.get(accountId)?.lowData).toBe(lowData || undefined);
    expect(alice.log.join('\n')).not.toContain('avatar:');
    await alice.run('accounts.signOut', { accountId });
    await alice.close();
    return bytes;
  }

  it('costs less than half where little data is to be used, and says the same', async () => {
    await meet();
    const usual = await chat(false);
    const low = await chat(true);
    process.stdout.write(`bytes on the wire: ${usual} as usual, ${low} with little data\n`);
    expect(low).toBeLessThan(usual / 2);
  });

  it('asks for requests to be held longer, from the next session on', async () => {
    server = await start({ tls: false, wait: 300 });
    cleanings.push(() => server.stop());
    const folder = await HostFolder.make();
    cleanings.push(() => folder.remove());
    const alice = await folder.open();
    const accountId = await alice.signIn(server, server.user('alice'));
    await alice.until('a reading', () => alice.health?.granted.wait === 60);
    await alice.run('accounts.setLowData', { accountId, lowData: true });
    await alice.run('accounts.signOut', { accountId });
    await alice.run('accounts.signIn', { accountId });
    await alice.until('a longer hold', () => alice.health?.granted.wait === 120);
  });
});
