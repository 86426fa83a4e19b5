import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { fillSignIn, openHealth, signIn } from './actions.ts';
import { expect, test } from './fixtures.ts';
import { visitPlayground, visitScreens } from './screens.ts';

async function expectAccessible(page: Page, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // What react-aria has read out stays there for some seconds, naming a button that may have gone.
    .exclude('[data-live-announcer]')
    .analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(found, screen).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`has no accessibility fault on any screen, ${colorScheme}`, async ({
    holdfast,
    servers,
    connectPeer,
  }) => {
    test.slow();
    await holdfast.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await visitScreens(holdfast.page, await servers('prosody'), connectPeer, (screen) =>
      expectAccessible(holdfast.page, screen),
    );
  });

  test(`has no accessibility fault in the playground, ${colorScheme}`, async ({ holdfast }) => {
    test.slow();
    await holdfast.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await visitPlayground(holdfast.page, (screen) => expectAccessible(holdfast.page, screen));
  });
}

test('can be used with the keyboard alone', async ({ holdfast, servers, connectPeer }) => {
  const { page } = holdfast;
  const server = await servers('prosody');
  const me = server.newUser();
  const peer = await connectPeer(server, server.newUser());
  await expect(page.getByRole('textbox', { name: 'Address', exact: true })).toBeFocused();
  await signIn(page, me, server.boshUrl);
  await page.getByRole('button', { name: 'New chat' }).press('Enter');
  await page.keyboard.type(peer.bareJid);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await page.keyboard.type('Without a mouse');
  await page.keyboard.press('Enter');
  await peer.message('the message', ({ body }) => body === 'Without a mouse');
  const panel = await openHealth(page);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
});

test('moves the focus to the password when it was wrong', async ({ holdfast, servers }) => {
  const server = await servers('prosody');
  await fillSignIn(holdfast.page, { ...server.newUser(), password: 'wrong' }, server.boshUrl);
  await expect(holdfast.page.getByLabel('Password')).toBeFocused();
});
