import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { startNginx } from '../networks/programs/nginx.ts';
import { expectSignedIn, fact, fillSignIn, openHealth, signIn } from './actions.ts';
import { expect, test } from './fixtures.ts';

const doctor = (page: Page): Locator => page.getByRole('dialog', { name: 'Connection doctor' });

/** A step by its name. */
const step = (page: Page, name: string): Locator =>
  doctor(page).getByRole('list', { name: 'Steps' }).getByRole('listitem').filter({ hasText: name });

test('examines a connection that works, step by step, and keeps to what it found', async ({
  holdfast,
  servers,
}) => {
  test.slow();
  const { page } = holdfast;
  const server = await servers('prosody');
  const gateway = await startNginx(server.boshUrl, {
    server:
      'location / { proxy_pass http://manager; proxy_read_timeout 8s; client_max_body_size 100k; }',
  });
  try {
    await signIn(page, server.newUser(), `http://127.0.0.1:${gateway.port}/http-bind`);
    const panel = await openHealth(page);
    await expect(fact(panel, 'wait')).toContainText('60 s');
    await panel.getByRole('button', { name: 'Examine' }).click();
    await expect(doctor(page).getByRole('status')).toContainText('of 12:');
    await expect(step(page, 'BOSH session')).toContainText('The server opened a session.');
    await expect(doctor(page).getByText(/^\d+ s left$/u)).toBeVisible();

    const verdict = doctor(page).getByRole('region', { name: 'Verdict' });
    await expect(verdict).toContainText('Holdfast gets through, within limits', {
      timeout: 40_000,
    });
    await expect(verdict).toContainText('are cut with the status 504');
    await expect(verdict).toContainText('are refused with the status 413');
    await expect(step(page, 'Large requests').getByRole('img', { name: 'to know' })).toBeVisible();
    await step(page, 'A request that waits').getByText('Details').click();
    await expect(step(page, 'A request that waits')).toContainText('Server: nginx');

    const download = page.waitForEvent('download');
    await doctor(page).getByRole('button', { name: 'Save as Markdown' }).click();
    const saved = await (await download).path();
    const report = await readFile(saved, 'utf8');
    expect(report).toContain('## Verdict\n\nHoldfast gets through, within limits');
    expect(report).toContain('p…@localhost');

    await doctor(page).getByRole('button', { name: 'Use what was learned' }).click();
    await expect(doctor(page)).toContainText('Holdfast keeps to this now, with a new session.');
    await page.keyboard.press('Escape');
    await expect(doctor(page)).toBeHidden();
    await expectSignedIn(page);
    await expect(fact(panel, 'wait')).toContainText(/^[56] s/u);
  } finally {
    await gateway.stop();
  }
});

test('says why signing in fails, with what to do', async ({ holdfast, servers, portal }) => {
  const { page } = holdfast;
  const server = await servers('prosody');
  const hotel = await portal(server.boshUrl, 'page');
  await fillSignIn(page, server.newUser(), hotel.boshUrl);
  await page.getByRole('button', { name: 'Find out why' }).click();
  const verdict = doctor(page).getByRole('region', { name: 'Verdict' });
  await expect(verdict).toContainText('Holdfast does not get through from here.');
  await expect(verdict).toContainText('A web page comes instead of the chat server’s answer.');
  await expect(verdict).toContainText('it wants you to sign in or to agree to something first');
  await expect(step(page, 'A request that waits')).toContainText('There is no session');

  hotel.open();
  await doctor(page).getByRole('button', { name: 'Examine again' }).click();
  await expect(step(page, 'BOSH session')).toContainText('The server opened a session.');
  await doctor(page).getByRole('button', { name: 'Stop' }).click();
  await expect(verdict).toContainText('The examination was stopped before it was over.');
});

test('is reached from a connection that broke, and by keyboard', async ({
  holdfast,
  ownServer,
}) => {
  const { page } = holdfast;
  const server = await ownServer('prosody');
  await signIn(page, server.newUser(), server.boshUrl);
  await server.kill();
  await page.getByRole('button', { name: 'Find out why' }).press('Enter');
  await expect(doctor(page).getByRole('region', { name: 'Verdict' })).toContainText(
    /refuses connections/u,
  );
  await page.keyboard.press('Escape');
  await expect(doctor(page)).toBeHidden();
});
