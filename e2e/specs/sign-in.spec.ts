import { expectSignedIn, fillSignIn, signIn } from './actions.ts';
import { expect, SERVERS, test } from './fixtures.ts';

for (const kind of SERVERS) {
  test(`signs in to ${kind} with address, password and BOSH address`, async ({
    holdfast,
    servers,
  }) => {
    const server = await servers(kind);
    await signIn(holdfast.page, server.newUser(), server.boshUrl);
    await expect(holdfast.page.getByRole('heading', { name: 'Chats' })).toBeVisible();
  });

  test(`says that ${kind} refuses a wrong password, and takes the right one`, async ({
    holdfast,
    servers,
  }) => {
    const server = await servers(kind);
    const user = server.newUser();
    await fillSignIn(holdfast.page, { ...user, password: 'not this one' }, server.boshUrl);
    await expect(holdfast.page.getByRole('alert')).toContainText(
      'did not accept this address and password',
    );
    // Only what is wrong has to be typed again.
    await expect(holdfast.page.getByRole('textbox', { name: 'Address', exact: true })).toHaveValue(
      user.jid,
    );
    await holdfast.page.getByLabel('Password').fill(user.password);
    await holdfast.page.getByRole('button', { name: 'Sign in' }).click();
    await expectSignedIn(holdfast.page);
  });
}

test('says that nothing answers at the address, and lets it be mended', async ({
  holdfast,
  servers,
  portal,
}) => {
  const server = await servers('prosody');
  const nothing = await portal(server.boshUrl);
  await nothing.stop();
  const user = server.newUser();
  await fillSignIn(holdfast.page, user, nothing.boshUrl);
  await expect(
    holdfast.page.getByText('does not accept connections at this address'),
  ).toBeVisible();
  await holdfast.page.getByRole('button', { name: 'Cancel' }).click();
  await signIn(holdfast.page, user, server.boshUrl);
});

test('says that the BOSH address could not be found', async ({ holdfast, servers }) => {
  const server = await servers('prosody');
  await fillSignIn(holdfast.page, server.newUser());
  await expect(
    holdfast.page.getByText('could not find out where localhost offers BOSH'),
  ).toBeVisible();
});

test('says which field is not filled in right', async ({ holdfast }) => {
  const { page } = holdfast;
  await fillSignIn(page, { jid: 'no address', password: 'secret' });
  await expect(page.getByRole('textbox', { name: 'Address', exact: true })).toHaveAttribute(
    'aria-invalid',
    'true',
  );
  await fillSignIn(page, { jid: 'a@example.org', password: 'secret' }, 'http://example.org/bosh');
  await expect(page.getByText('The address has to begin with https://')).toBeVisible();
});

test('says that a portal’s page came, and signs in by itself once the portal lets it', async ({
  holdfast,
  servers,
  portal,
}) => {
  const server = await servers('prosody');
  const hotel = await portal(server.boshUrl, 'page');
  await fillSignIn(holdfast.page, server.newUser(), hotel.boshUrl);
  await expect(
    holdfast.page.getByText('A web page came instead of an answer from the chat server.'),
  ).toBeVisible();
  const portalPage = holdfast.page.getByRole('link', { name: 'Open the portal' });
  await expect(portalPage).toHaveAttribute('href', new URL('/', hotel.boshUrl).href);
  hotel.open();
  await expectSignedIn(holdfast.page);
});

for (const [answer, words] of [
  ['not-found', 'has no chat service at this address'],
  ['redirect', 'sent on to another address'],
] as const) {
  test(`names what came instead of an answer: ${answer}`, async ({ holdfast, servers, portal }) => {
    const server = await servers('prosody');
    const stranger = await portal(server.boshUrl, answer);
    await fillSignIn(holdfast.page, server.newUser(), stranger.boshUrl);
    await expect(holdfast.page.getByText(words)).toBeVisible();
  });
}
