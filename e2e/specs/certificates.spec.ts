/** Certificates that are not trusted by themselves, from the form to the chat. */
import { FaultyServer } from '../../electron/network/faulty-server.ts';
import { createAuthority } from '../../electron/network/throwaway-certificates.ts';
import { startMitmproxy } from '../networks/programs/mitmproxy.ts';
import { HOST } from '../networks/programs/program.ts';
import {
  expectSignedIn,
  fact,
  fillSignIn,
  message,
  openHealth,
  place,
  send,
  startChat,
  state,
} from './actions.ts';
import { chooseAuthorityFile, showCertificate } from './certificate-actions.ts';
import { expect, SERVERS, test } from './fixtures.ts';
import { chooseProxy } from './proxy-actions.ts';

for (const kind of SERVERS) {
  test(`trusts a certificate on ${kind} by an exception, until it is taken back`, async ({
    holdfast,
    servers,
  }) => {
    test.slow();
    const server = await servers(kind);
    await fillSignIn(holdfast.page, server.newUser(), server.boshUrlTls);
    await expect(
      holdfast.page.getByText('issued by “localhost”, which this computer does not trust'),
    ).toBeVisible();
    const dialog = await showCertificate(holdfast.page);
    await expect(dialog.getByRole('list', { name: 'Certificates' })).toContainText('SHA-256');
    await dialog.getByRole('button', { name: 'Trust it' }).click();
    await expectSignedIn(holdfast.page);
    const panel = await openHealth(holdfast.page);
    await expect(fact(panel, 'Certificate from')).toContainText('Trusted by an exception');

    await holdfast.quit();
    await holdfast.start();
    await expectSignedIn(holdfast.page);
    await place(holdfast.page, 'Accounts').click();
    const exceptions = holdfast.page.getByRole('list', { name: 'Trusted by exception' });
    await expect(exceptions).toContainText('localhost');
    await exceptions.getByRole('button', { name: 'Take back' }).click();
    await expect(exceptions).toBeHidden();
    await expect(
      holdfast.page.getByText('which this computer does not trust').first(),
    ).toBeVisible();
  });
}

test('gets through a network that inspects TLS once its authority is added, and says so', async ({
  holdfast,
  servers,
  connectPeer,
}) => {
  test.slow();
  const server = await servers('prosody');
  const inspecting = await startMitmproxy(server.certificate);
  try {
    const { page } = holdfast;
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    await page.getByRole('button', { name: 'Advanced' }).click();
    await chooseProxy(page, page.getByRole('main'), {
      ...{ scheme: 'http', host: HOST, port: inspecting.port },
    });
    await fillSignIn(page, me, server.boshUrlOutside);
    await expect(page.getByText('issued by “mitmproxy”')).toBeVisible();
    const dialog = await showCertificate(page);
    await chooseAuthorityFile(page, dialog, Buffer.from('hello'));
    await expect(dialog.getByText('There is no certificate in this file.')).toBeVisible();
    await chooseAuthorityFile(page, dialog, inspecting.ca);
    await expectSignedIn(page);
    await startChat(page, peer.bareJid);
    await send(page, 'Past the inspector');
    await expect(state(message(page, 'You', 'Past the inspector'), 'Delivered')).toBeVisible();
    const panel = await openHealth(page);
    await expect(fact(panel, 'Certificate from')).toContainText(
      'an authority that was added under Accounts',
    );

    await place(page, 'Accounts').click();
    const authorities = page.getByRole('list', { name: 'Certificate authorities' });
    await expect(authorities).toContainText('mitmproxy');
    await authorities.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await expect(authorities).toBeHidden();
    await expect(page.getByText('issued by “mitmproxy”').first()).toBeVisible();
  } finally {
    await inspecting.stop();
  }
});

test('never lets a certificate for another name pass', async ({ holdfast, servers }) => {
  const server = await servers('prosody');
  const authority = await createAuthority(['DNS:other.example']);
  const impostor = await FaultyServer.start(authority.certificates[0]);
  try {
    const { page } = holdfast;
    await fillSignIn(page, server.newUser(), impostor.url('/good', 'localhost'));
    await expect(
      page.getByText('The certificate is for other.example, not for localhost.'),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Show certificate' }).click();
    const dialog = page.getByRole('dialog', { name: 'Certificate' });
    await expect(dialog).toContainText('No exception can be made for that.');
    await expect(dialog.getByRole('button', { name: 'Trust it' })).toBeHidden();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(impostor.arrivals).toEqual([]);
  } finally {
    await impostor.close();
  }
});
