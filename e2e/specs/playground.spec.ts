import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { root } from '../../build/bundle.ts';
import { type NoNetwork, startNoNetwork } from '../holdfast/no-network.ts';
import { shellKind } from '../holdfast/shell.ts';
import { startHoldfast } from '../holdfast/start-holdfast.ts';
import {
  chatRow,
  expectSignedIn,
  lookAround,
  message,
  openChat,
  openHealth,
  place,
  playNetwork,
  send,
  state,
} from './actions.ts';
import { test as base, expect } from './fixtures.ts';

interface WithoutNetwork {
  readonly network: NoNetwork;
  /** Holdfast as `npm start` opens it, in a browser; both without any network. */
  readonly page: Page;
}

const test = base.extend<{ withoutNetwork: WithoutNetwork }>({
  withoutNetwork: async ({ playwright, launchOptions, viewport }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-offline-'));
    const network = await startNoNetwork(folder);
    try {
      const running = await startHoldfast({
        ...{ dataFolder: join(folder, 'data'), temporary: false },
        command: network.inside({
          program: 'npm',
          arguments: ['--prefix', root, 'start', '--', '--browser'],
        }),
      });
      const browser = await playwright.chromium.launch({
        ...launchOptions,
        executablePath: await wrapped(network, launchOptions.executablePath ?? '', folder),
      });
      const page = await browser.newPage({ viewport });
      await page.goto(running.link);
      await use({ network, page });
      await browser.close();
      await running.process.stop();
    } finally {
      await network.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
});

/** A program that starts another where there is no network: Playwright takes the name of one, and no parameters. */
async function wrapped(network: NoNetwork, program: string, folder: string): Promise<string> {
  const { program: runner, arguments: parameters } = network.inside({ program, arguments: [] });
  const file = join(folder, 'browser');
  await writeFile(file, `#!/bin/sh\nexec ${runner} ${parameters.join(' ')} "$@"\n`);
  await chmod(file, 0o755);
  return file;
}

test.describe('with no network at all', () => {
  test.skip(
    process.platform !== 'linux' || shellKind() === 'desktop',
    'a browser shell in a network namespace of Linux',
  );

  test('one click leads from npm start to a working conversation', async ({ withoutNetwork }) => {
    const { network, page } = withoutNetwork;
    const { program, arguments: parameters } = network.inside({
      program: 'ip',
      arguments: ['-brief', 'link'],
    });
    const { stdout } = await promisify(execFile)(program, [...parameters]);
    expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^lo /u)]);

    await page.getByRole('button', { name: 'Look around without an account' }).click();
    await expectSignedIn(page);
    await expect(chatRow(page, 'Marlow')).toContainText('unread');

    await openChat(page, 'Echo');
    await send(page, 'Is anybody there?');
    await expect(state(message(page, 'You', 'Is anybody there?'), 'Delivered')).toBeVisible();
    await expect(message(page, 'Echo', 'Is anybody there?')).toBeVisible();

    await openChat(page, 'Nadia');
    const beginning = page.getByText('This is where your chat begins.');
    await page.getByRole('log').hover();
    await expect(async () => {
      await page.mouse.wheel(0, -4_000);
      await expect(beginning).toBeInViewport({ timeout: 500 });
    }).toPass({ timeout: 30_000 });
    await expect(message(page, 'Nadia', 'Found the accordion at last!')).toBeVisible();
  });
});

test('shows in the panel what each bad network does, and loses nothing', async ({ holdfast }) => {
  test.slow();
  const { page } = holdfast;
  await lookAround(page);
  await openChat(page, 'Echo');
  const panel = await openHealth(page);
  const said: string[] = [];
  const say = async (text: string) => {
    said.push(text);
    await send(page, text);
  };

  await playNetwork(panel, 'Portal');
  await expect(panel.getByRole('status').filter({ hasText: 'Trying again' })).toBeVisible();
  await expect(panel).toContainText('A web page came instead of an answer');
  await say('From the lobby of the hotel');
  await playNetwork(panel, 'Cutting');
  await say('Over a wire with a break in it');
  await expect(panel).toContainText('network.reset', { timeout: 30_000 });
  for (const name of ['Slow', 'Buffering']) {
    await playNetwork(panel, name);
    await say(`Over a network called ${name}`);
    await expect(
      state(message(page, 'You', `Over a network called ${name}`), 'Delivered'),
    ).toBeVisible({ timeout: 30_000 });
  }
  await playNetwork(panel, 'Good');
  await expect(panel.getByRole('status').filter({ hasText: 'Connected' })).toBeVisible();

  for (const text of said) {
    await expect(message(page, 'Echo', text)).toHaveCount(1);
    await expect(message(page, 'You', text)).toHaveCount(1);
    await expect(state(message(page, 'You', text), 'Delivered')).toBeVisible();
  }
});

test('is there again after a kill, with what was said', async ({ holdfast }) => {
  await lookAround(holdfast.page);
  await openChat(holdfast.page, 'Echo');
  await send(holdfast.page, 'Before the kill');
  await expect(message(holdfast.page, 'Echo', 'Before the kill')).toBeVisible();

  await holdfast.kill();
  await holdfast.start();

  const { page } = holdfast;
  await expectSignedIn(page);
  await openChat(page, 'Echo');
  await expect(message(page, 'Echo', 'Before the kill')).toHaveCount(1);
  await send(page, 'After the kill');
  await expect(message(page, 'Echo', 'After the kill')).toBeVisible();
});

test('is shown as what it is among the accounts, and can be removed', async ({ holdfast }) => {
  const { page } = holdfast;
  await lookAround(page);
  await place(page, 'Accounts').click();
  const card = page.getByRole('region', { name: 'you@playground.alt' });
  await expect(card).toContainText('This is the playground');
  await expect(card.getByRole('button', { name: 'New password' })).toBeHidden();
  await page.getByRole('button', { name: 'Add another account' }).click();
  await expect(page.getByRole('button', { name: 'Look around' })).toBeHidden();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await card.getByRole('button', { name: 'Remove account' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('button', { name: 'Look around' })).toBeVisible();
});
