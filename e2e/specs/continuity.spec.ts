import {
  expectSignedIn,
  message,
  openChat,
  openHealth,
  readSid,
  send,
  signIn,
  startChat,
  state,
} from './actions.ts';
import { expect, SERVERS, test } from './fixtures.ts';

for (const kind of SERVERS) {
  test(`goes on in the same BOSH session on ${kind} after a kill -9`, async ({
    holdfast,
    servers,
    connectPeer,
  }) => {
    const server = await servers(kind);
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    await signIn(holdfast.page, me, server.boshUrl);
    await startChat(holdfast.page, peer.bareJid);
    await send(holdfast.page, 'Before the kill');
    await expect(
      state(message(holdfast.page, 'You', 'Before the kill'), 'Delivered'),
    ).toBeVisible();
    const sid = await readSid(holdfast.page);

    await holdfast.kill();
    peer.send({ to: me.jid, body: 'While it was away' });
    await holdfast.start();

    expect(await readSid(holdfast.page)).toBe(sid);
    await openChat(holdfast.page, peer.bareJid);
    await expect(message(holdfast.page, peer.bareJid, 'While it was away')).toHaveCount(1);
    await send(holdfast.page, 'After the kill');
    await expect(state(message(holdfast.page, 'You', 'After the kill'), 'Delivered')).toBeVisible();
    expect(peer.bodies(me.jid)).toEqual(['Before the kill', 'After the kill']);
  });

  test(`goes on in the same BOSH session on ${kind} after quitting`, async ({
    holdfast,
    servers,
  }) => {
    const server = await servers(kind);
    await signIn(holdfast.page, server.newUser(), server.boshUrl);
    const sid = await readSid(holdfast.page);
    await holdfast.quit();
    await holdfast.start();
    expect(await readSid(holdfast.page)).toBe(sid);
  });

  test(`signs in again by itself when ${kind} was restarted, and loses nothing`, async ({
    holdfast,
    ownServer,
    connectPeer,
  }) => {
    const { page } = holdfast;
    const server = await ownServer(kind);
    const me = server.newUser();
    const other = server.newUser();
    await signIn(page, me, server.boshUrl);
    await startChat(page, other.jid);
    await expect(page.getByText('No messages yet').last()).toBeVisible();
    await server.kill();
    await expect(page.getByRole('status').filter({ hasText: 'Reconnecting…' })).toBeVisible();
    await send(page, 'Written while nobody listened');
    await expect(message(page, 'You', 'Written while nobody listened')).toBeVisible();
    await server.restart();
    const peer = await connectPeer(server, other);
    await peer.message(
      'the waiting message',
      ({ body }) => body === 'Written while nobody listened',
    );
    await expectSignedIn(page);
    await expect(
      state(message(page, 'You', 'Written while nobody listened'), 'Delivered'),
    ).toBeVisible();
    expect(peer.bodies(me.jid)).toEqual(['Written while nobody listened']);
  });
}

for (const answer of ['page', 'bad-gateway'] as const) {
  test(`keeps its session when a stranger answers in the middle of it: ${answer}`, async ({
    holdfast,
    servers,
    connectPeer,
    portal,
  }) => {
    const { page } = holdfast;
    const server = await servers('prosody');
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    const network = await portal(server.boshUrl);
    await signIn(page, me, network.boshUrl);
    await startChat(page, peer.bareJid);
    const sid = await readSid(page);

    network.close(answer);
    const panel = await openHealth(page);
    await expect(panel.getByRole('status').filter({ hasText: 'Trying again' })).toBeVisible();
    await send(page, 'Into the storm');
    peer.send({ to: me.jid, body: 'Out of the storm' });
    network.open();

    await peer.message('the message', ({ body }) => body === 'Into the storm');
    await expect(message(page, peer.bareJid, 'Out of the storm')).toHaveCount(1);
    await expect(state(message(page, 'You', 'Into the storm'), 'Delivered')).toBeVisible();
    expect(await readSid(page)).toBe(sid);
    expect(peer.bodies(me.jid)).toEqual(['Into the storm']);
  });
}
