import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { openHealth, signIn } from './actions.ts';
import { expect, SERVERS, test } from './fixtures.ts';

const xmlConsole = (page: Page): Locator => page.getByRole('dialog', { name: 'XML console' });
const elements = (page: Page): Locator => xmlConsole(page).getByRole('article');

for (const kind of SERVERS) {
  test(`shows what goes over the wire to ${kind}, without secrets, and lets it be kept`, async ({
    holdfast,
    servers,
    connectPeer,
  }) => {
    const { page } = holdfast;
    const server = await servers(kind);
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    await signIn(page, me, server.boshUrl);
    await (await openHealth(page)).getByRole('button', { name: 'XML console' }).click();
    await expect(xmlConsole(page)).toContainText(/\d elements?/u);
    peer.send({ to: me.jid, body: 'What is on the wire?' });
    const message = elements(page).filter({ hasText: '<message' }).first();
    await expect(message).toContainText('received, rid');
    await expect(message).toContainText('[20 characters]');
    await expect(xmlConsole(page)).not.toContainText('What is on the wire?');
    await xmlConsole(page).getByText('Hide names and texts').click();
    await expect(xmlConsole(page)).toContainText('What is on the wire?');

    await xmlConsole(page).getByRole('radio', { name: 'IQ' }).click();
    await expect(elements(page).filter({ hasText: '<message' })).toHaveCount(0);
    await xmlConsole(page).getByRole('radio', { name: 'All' }).click();
    await xmlConsole(page).getByText('Empty requests').click();
    await expect(elements(page).filter({ hasText: '<body rid=' }).first()).toContainText(
      'sid="[hidden]"',
    );

    await xmlConsole(page).getByRole('button', { name: 'Pause' }).click();
    await expect(xmlConsole(page).getByRole('status')).toHaveText('Paused.');
    peer.send({ to: me.jid, body: 'Is anybody there?' });
    await expect(xmlConsole(page)).toContainText('more since it was paused');
    await expect(xmlConsole(page)).not.toContainText('Is anybody there?');
    await xmlConsole(page).getByRole('button', { name: 'Go on' }).click();
    await expect(xmlConsole(page)).toContainText('Is anybody there?');

    await xmlConsole(page).getByRole('searchbox', { name: 'Search' }).fill('anybody');
    await expect(elements(page)).toHaveCount(1);
    const download = page.waitForEvent('download');
    await xmlConsole(page).getByRole('button', { name: 'Save' }).click();
    const saved = await readFile(await (await download).path(), 'utf8');
    expect(saved).toMatch(/^<!-- \S+ received, rid \d+ -->\n<message/u);
    expect(saved).toContain('Is anybody there?');

    await xmlConsole(page).getByRole('button', { name: 'Empty the list' }).click();
    await expect(elements(page)).toHaveCount(0);
    await expect(xmlConsole(page)).toContainText(/Nothing (to show yet|matches)/u);
    await page.keyboard.press('Escape');
    await expect(xmlConsole(page)).toBeHidden();
    await expect(page.getByRole('button', { name: 'XML console' })).toBeFocused();
  });

  test(`hides what signs in to ${kind}`, async ({ holdfast, servers }) => {
    const { page } = holdfast;
    const server = await servers(kind);
    const me = server.newUser();
    await signIn(page, me, server.boshUrl);
    await (await openHealth(page)).getByRole('button', { name: 'XML console' }).click();
    await xmlConsole(page).getByText('Hide names and texts').click();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Accounts', exact: true }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Online' })).toBeVisible();
    await (await openHealth(page)).getByRole('button', { name: 'XML console' }).click();
    await xmlConsole(page).getByRole('radio', { name: 'Stream' }).click();
    await expect(elements(page).filter({ hasText: '<auth' })).toContainText('>[hidden]</auth>');
    await expect(elements(page).filter({ hasText: '<success' })).toContainText('[hidden]');
    await expect(xmlConsole(page)).not.toContainText(me.password);
  });
}
