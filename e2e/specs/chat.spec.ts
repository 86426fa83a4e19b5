import {
  addContact,
  chatRow,
  composer,
  message,
  openChat,
  place,
  send,
  signIn,
  startChat,
  state,
} from './actions.ts';
import { expect, SERVERS, test } from './fixtures.ts';

for (const kind of SERVERS) {
  test(`chats both ways on ${kind}, with receipts`, async ({ holdfast, servers, connectPeer }) => {
    const { page } = holdfast;
    const server = await servers(kind);
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    await signIn(page, me, server.boshUrl);
    await startChat(page, peer.bareJid);

    await send(page, 'Good morning <&> 🌅');
    await expect(state(message(page, 'You', 'Good morning <&> 🌅'), 'Delivered')).toBeVisible();
    expect(peer.bodies(me.jid)).toEqual(['Good morning <&> 🌅']);

    const answer = peer.send({ to: me.jid, body: 'And to you', requestReceipt: true });
    await expect(message(page, peer.bareJid, 'And to you')).toBeVisible();
    await peer.receipt(answer);

    for (const word of ['one', 'two', 'three']) await send(page, word);
    await expect(state(message(page, 'You', 'three'), 'Delivered')).toBeVisible();
    expect(peer.bodies(me.jid).slice(1)).toEqual(['one', 'two', 'three']);
  });

  test(`shows on ${kind} that the other side is typing, and tells it the same`, async ({
    holdfast,
    servers,
    connectPeer,
  }) => {
    const { page } = holdfast;
    const server = await servers(kind);
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    await signIn(page, me, server.boshUrl);
    // What one is doing shows that one is there, so only contacts are told.
    await addContact(page, me.jid, peer, 'Robin');
    await place(page, 'Chats').click();
    await startChat(page, peer.bareJid, 'Robin');
    peer.sendChatState(me.jid, 'composing');
    await expect(page.getByText('typing…').first()).toBeVisible();
    await composer(page).pressSequentially('Hm');
    await peer.message('composing', ({ chatState }) => chatState === 'composing');
  });
}

test('counts what is unread, until the chat is opened', async ({
  holdfast,
  servers,
  connectPeer,
}) => {
  const { page } = holdfast;
  const server = await servers('prosody');
  const me = server.newUser();
  const peer = await connectPeer(server, server.newUser());
  await signIn(page, me, server.boshUrl);
  peer.send({ to: me.jid, body: 'First' });
  peer.send({ to: me.jid, body: 'Second' });
  await expect(chatRow(page, peer.bareJid)).toContainText('2 unread');
  await expect(chatRow(page, peer.bareJid)).toContainText('Second');
  await openChat(page, peer.bareJid);
  await expect(message(page, peer.bareJid, 'First')).toBeVisible();
  await expect(chatRow(page, peer.bareJid)).not.toContainText('unread');
});

test('breaks the line with Shift+Enter and sends with the button', async ({
  holdfast,
  servers,
  connectPeer,
}) => {
  const { page } = holdfast;
  const server = await servers('prosody');
  const me = server.newUser();
  const peer = await connectPeer(server, server.newUser());
  await signIn(page, me, server.boshUrl);
  await startChat(page, peer.bareJid);
  await composer(page).pressSequentially('Above');
  await composer(page).press('Shift+Enter');
  await composer(page).pressSequentially('below');
  await page.getByRole('button', { name: 'Send' }).click();
  await peer.message('two lines', ({ body }) => body === 'Above\nbelow');
});

test('keeps a draft through a kill', async ({ holdfast, servers }) => {
  const server = await servers('prosody');
  const other = server.newUser();
  await signIn(holdfast.page, server.newUser(), server.boshUrl);
  await startChat(holdfast.page, other.jid);
  await composer(holdfast.page).fill('Not finished ye');
  // The list shows a chat's draft once another place is open, so it has reached the host.
  await holdfast.page.getByRole('link', { name: 'Contacts' }).click();
  await holdfast.page.getByRole('link', { name: 'Chats' }).click();
  await expect(chatRow(holdfast.page, other.jid)).toContainText('Draft: Not finished ye');
  await holdfast.kill();
  await holdfast.start();
  await openChat(holdfast.page, other.jid);
  await expect(composer(holdfast.page)).toHaveValue('Not finished ye');
});

test('loads older messages from the archive as one scrolls back', async ({
  holdfast,
  servers,
  connectPeer,
}) => {
  const { page } = holdfast;
  const server = await servers('prosody');
  const me = server.newUser();
  const peer = await connectPeer(server, server.newUser());
  // Before Holdfast has ever seen this account: only the archive can know.
  const earlier = await connectPeer(server, me);
  for (let number = 1; number <= 150; number++) {
    peer.send({ to: me.jid, body: `Earlier ${number}` });
  }
  await earlier.bodyCount(150);
  await earlier.disconnect();

  await signIn(page, me, server.boshUrl);
  await openChat(page, peer.bareJid);
  await expect(message(page, peer.bareJid, 'Earlier 150')).toBeVisible();
  const beginning = page.getByText('This is where your chat begins.');
  await page.getByRole('log').hover();
  await expect(async () => {
    await page.mouse.wheel(0, -4_000);
    await expect(beginning).toBeInViewport({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await expect(page.getByText('Earlier 1', { exact: true })).toBeVisible();
});
