import { addContact, place, signIn } from './actions.ts';
import { expect, SERVERS, test } from './fixtures.ts';

for (const kind of SERVERS) {
  test(`accepts a request on ${kind}, and then sees the other come and go`, async ({
    holdfast,
    servers,
    connectPeer,
  }) => {
    const { page } = holdfast;
    const server = await servers(kind);
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    await signIn(page, me, server.boshUrl);
    peer.sendPresence(me.jid, 'subscribe');
    await place(page, 'Contacts').click();
    const requests = page.getByRole('region', { name: 'Requests' });
    await expect(requests).toContainText(peer.bareJid);
    await requests.getByRole('button', { name: 'Accept' }).click();
    await peer.presence('granted', ({ type }) => type === 'subscribed');
    // Accepting asks in return; the peer grants.
    await peer.presence('asked in return', ({ type }) => type === 'subscribe');
    peer.sendPresence(me.jid, 'subscribed');
    const row = page.getByRole('list', { name: 'Contacts' }).getByRole('listitem');
    await expect(row.filter({ hasText: peer.bareJid })).toContainText('Online');
    await expect(requests).toBeHidden();
    await peer.disconnect();
    await expect(row.filter({ hasText: peer.bareJid })).toContainText('Offline');
  });

  test(`adds a contact on ${kind} under a name of one’s own, and removes it`, async ({
    holdfast,
    servers,
    connectPeer,
  }) => {
    const { page } = holdfast;
    const server = await servers(kind);
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    await signIn(page, me, server.boshUrl);
    await addContact(page, me.jid, peer, 'Robin');
    const row = page.getByRole('list', { name: 'Contacts' }).getByRole('listitem');
    await expect(row).toContainText('Robin');

    await page.getByRole('button', { name: 'More about Robin' }).click();
    await page.getByRole('menuitem', { name: 'Remove contact' }).click();
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: 'Remove', exact: true })
      .click();
    await expect(page.getByText('No contacts yet')).toBeVisible();
  });
}
