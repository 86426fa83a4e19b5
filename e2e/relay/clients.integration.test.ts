/** Clients nobody here wrote, and Holdfast's own, through the relay in front of real servers. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import { behindRelay } from '../servers/relay.ts';
import { ROOMS, type XmppServer } from '../servers/xmpp-server.ts';
import { connectHoldfast } from './clients/holdfast-client.ts';
import type { ConnectRelayClient, RelayClient } from './clients/relay-client.ts';
import { connectStanza } from './clients/stanza-client.ts';
import { connectStrophe } from './clients/strophe-client.ts';
import { CuttingLine } from './cutting-line.ts';

/** Two for each test: what one leaves unread is for no other. */
const users = Array.from({ length: 18 }, (_, number) => `user${number}`);

const WORDS = ['one', 'two <&> "quoted"', 'three 🙂', 'four\nlines'];

describe.each([
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('through the relay in front of %s', (_name, start) => {
  let server: XmppServer;
  let line: CuttingLine;
  let usersTaken = 0;
  const nextUser = () => server.user(users[usersTaken++] ?? '');

  beforeAll(async () => {
    server = await behindRelay(await start({ users }));
    line = await CuttingLine.start(server.boshUrl);
  });
  afterAll(async () => {
    await line?.stop();
    await server?.stop();
  });

  describe.each<[string, ConnectRelayClient]>([
    ['Strophe.js', connectStrophe],
    ['stanza', connectStanza],
    ['Holdfast', connectHoldfast],
  ])('%s', (_client, connect) => {
    const clients: RelayClient[] = [];

    /** One of the kind under test, over a line that can be cut, and somebody else to talk to. */
    async function signIn(): Promise<{ alice: RelayClient; bob: RelayClient }> {
      const alice = await connect(line.boshUrl, nextUser());
      clients.push(alice);
      const other = connect === connectHoldfast ? connectStrophe : connectHoldfast;
      const bob = await other(server.boshUrl, nextUser());
      clients.push(bob);
      return { alice, bob };
    }

    afterEach(async () => {
      await Promise.all(clients.splice(0).map((client) => client.close()));
    });

    it('signs in and chats both ways, whole and in order', async () => {
      const { alice, bob } = await signIn();
      for (const body of WORDS) alice.send(bob.jid, body);
      await bob.heard.until(WORDS.at(-1) ?? '');
      expect(bob.heard.bodies).toEqual(WORDS);
      for (const body of WORDS) bob.send(alice.jid, body);
      await alice.heard.until(WORDS.at(-1) ?? '');
      expect(alice.heard.bodies).toEqual(WORDS);
    });

    it('joins a room and talks there', async () => {
      const { alice, bob } = await signIn();
      const room = `room-${crypto.randomUUID()}@${ROOMS}`;
      await alice.join(room, 'alice');
      await bob.join(room, 'bob');
      alice.say(room, 'hello');
      await bob.heard.until('hello');
      bob.say(room, 'hello alice');
      await alice.heard.until('hello alice');
      expect(alice.heard.bodies).toEqual(['hello', 'hello alice']);
    });

    it('survives dropped connections, and misses and doubles nothing', async () => {
      const { alice, bob } = await signIn();
      const numbers = Array.from({ length: 5 }, (_, number) => `${number}`);
      for (const number of numbers) {
        line.cut();
        bob.send(alice.jid, `to alice ${number}`);
        await alice.heard.until(`to alice ${number}`);
        line.cut();
        alice.send(bob.jid, `to bob ${number}`);
        await bob.heard.until(`to bob ${number}`);
      }
      expect(alice.heard.bodies).toEqual(numbers.map((number) => `to alice ${number}`));
      expect(bob.heard.bodies).toEqual(numbers.map((number) => `to bob ${number}`));
    });
  });
});
