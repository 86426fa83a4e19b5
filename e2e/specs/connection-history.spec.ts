import type { Locator } from '@playwright/test';
import { expectSignedIn, openHealth, send, signIn, startChat } from './actions.ts';
import { expect, test } from './fixtures.ts';

test('tells of a fault and of a server’s restart, also after Holdfast was closed', async ({
  holdfast,
  ownServer,
  portal,
}) => {
  test.slow();
  const server = await ownServer('prosody');
  const network = await portal(server.boshUrl);
  await signIn(holdfast.page, server.newUser(), network.boshUrl);
  await startChat(holdfast.page, server.newUser().jid);
  const panel = await openHealth(holdfast.page);
  await expect(strip(panel)).toHaveAccessibleName(/^The last 24 h: Connected for /u);

  network.close('bad-gateway');
  await expect(panel.getByRole('status').filter({ hasText: 'Trying again' })).toBeVisible();
  network.open();
  await send(holdfast.page, 'Through again');
  await expect(panel.getByRole('status').filter({ hasText: 'Connected' })).toBeVisible();
  await expect(section(panel, 'Last recovery')).toContainText('The same session went on');

  await expect(piece(panel, 'recovering')).toHaveCount(1);

  await server.kill();
  await expect(panel.getByRole('status').filter({ hasText: 'Trying again' })).toBeVisible();
  await server.restart();
  await expectSignedIn(holdfast.page);
  await expect(section(panel, 'Last recovery')).toContainText('login');
  await expectHistory(panel);

  await holdfast.quit();
  await holdfast.start();

  await expectSignedIn(holdfast.page);
  const again = await openHealth(holdfast.page);
  await expectHistory(again);
  await expect(gaps(again).filter({ hasText: 'Holdfast was not running' })).toHaveCount(1);
  await expect(events(again).filter({ hasText: 're-attach' })).toHaveCount(1);
});

/** The strip, the list behind it and the log have both faults. */
async function expectHistory(panel: Locator): Promise<void> {
  // A cell shows the worst of its six minutes.
  await expect(piece(panel, 'down')).toHaveCount(1);
  await panel.getByRole('button', { name: /gaps as a list$/u }).click();
  await expect(gaps(panel).filter({ hasText: 'network.bad-gateway' })).toHaveCount(1);
  await expect(gaps(panel).filter({ hasText: 'No connection' })).not.toHaveCount(0);

  await panel.getByRole('radio', { name: 'Problems' }).click();
  await expect(events(panel).filter({ hasText: 'network.bad-gateway' })).not.toHaveCount(0);
  await expect(events(panel).filter({ hasText: 'endpoint.item-not-found' })).not.toHaveCount(0);
  await expect(events(panel).filter({ hasText: 'Connected' })).toHaveCount(0);
  await panel.getByRole('radio', { name: 'States' }).click();
  await expect(events(panel).filter({ hasText: 'Connected' })).not.toHaveCount(0);
  await panel.getByRole('radio', { name: 'Sessions' }).click();
  await expect(events(panel).filter({ hasText: 'A new session' })).not.toHaveCount(0);
}

function section(panel: Locator, name: string): Locator {
  return panel.getByRole('region', { name });
}

function strip(panel: Locator): Locator {
  return section(panel, 'Connection history').getByRole('img');
}

function piece(panel: Locator, state: string): Locator {
  return strip(panel).locator(`[data-state="${state}"]`);
}

function gaps(panel: Locator): Locator {
  return panel.getByRole('list', { name: 'Gaps of the last 24 hours' }).getByRole('listitem');
}

function events(panel: Locator): Locator {
  return panel.getByRole('list', { name: 'Events, the newest first' }).getByRole('listitem');
}
