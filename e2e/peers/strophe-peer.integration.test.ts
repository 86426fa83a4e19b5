/** The independent peer on its own: two of them chat on each server, so a failing spec points at Holdfast. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { connectStrophePeer, type StrophePeer } from './strophe-peer.ts';

describe.each([
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('two Strophe.js peers on %s', (_name, start) => {
  let server: XmppServer;
  const peers: StrophePeer[] = [];

  async function connect(name: string): Promise<StrophePeer> {
    const peer = await connectStrophePeer({ service: server.boshUrl, ...server.user(name) });
    peers.push(peer);
    return peer;
  }

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.disconnect()));
  });

  it('chat both ways in order, with receipts', async () => {
    const alice = await connect('alice');
    const bob = await connect('bob');
    const words = ['one', 'two <&> "quoted"', 'three 🙂'];
    const ids = words.map((body) => alice.send({ to: bob.jid, body, requestReceipt: true }));
    for (const id of ids) await alice.receipt(id);
    expect(bob.bodies(alice.bareJid)).toEqual(words);
    const answer = bob.send({ to: alice.jid, body: 'four', requestReceipt: true });
    await bob.receipt(answer);
    expect(alice.bodies()).toEqual(['four']);
    alice.sendChatState(bob.jid, 'composing');
    await bob.message('composing', ({ chatState }) => chatState === 'composing');
  });

  it('ask for and grant presence, and hear the other leave', async () => {
    const alice = await connect('alice');
    const bob = await connect('bob');
    alice.sendPresence(bob.bareJid, 'subscribe');
    await bob.presence('a request', ({ type }) => type === 'subscribe');
    bob.sendPresence(alice.bareJid, 'subscribed');
    await alice.presence('bob online', (p) => p.from === bob.jid && p.type === undefined);
    await bob.disconnect();
    await alice.presence('bob gone', (p) => p.from === bob.jid && p.type === 'unavailable');
  });

  it('say that a wrong password is refused', async () => {
    const wrong = { service: server.boshUrl, ...server.user('alice'), password: 'not-this' };
    await expect(connectStrophePeer(wrong)).rejects.toThrow(/sign-in failed/);
  });
});
