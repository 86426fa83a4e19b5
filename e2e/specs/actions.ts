/** What a person does in Holdfast, by role and name as a screen reader would find it. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { StrophePeer } from '../peers/strophe-peer.ts';
import type { TestUser } from '../servers/xmpp-server.ts';

/** Fills in the sign-in form and sends it. */
export async function fillSignIn(
  page: Page,
  { jid, password }: TestUser,
  boshUrl?: string,
): Promise<void> {
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill(jid);
  await page.getByLabel('Password').fill(password);
  if (boshUrl !== undefined) {
    const field = page.getByRole('textbox', { name: 'BOSH address' });
    if (!(await field.isVisible())) await page.getByRole('button', { name: 'Advanced' }).click();
    await field.fill(boshUrl);
  }
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs in and waits for the chats. */
export async function signIn(page: Page, user: TestUser, boshUrl: string): Promise<void> {
  await fillSignIn(page, user, boshUrl);
  await expectSignedIn(page);
}

/** Opens the playground from the sign-in and waits for its chats. */
export async function lookAround(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look around without an account' }).click();
  await expectSignedIn(page);
  await expect(chatRow(page, 'Echo')).toBeVisible();
}

/** Chooses the network of the playground in the connection-health panel. */
export async function playNetwork(panel: Locator, name: string): Promise<void> {
  const network = panel.getByRole('radio', { name, exact: true });
  await network.click();
  await expect(network).toBeChecked();
}

export async function expectSignedIn(page: Page): Promise<void> {
  await expect(place(page, 'Chats')).toBeVisible();
  await expect(
    page.getByRole('button', { name: 'Connection', exact: true }),
  ).toHaveAccessibleDescription('Online');
}

/** A link of the main navigation. */
export function place(page: Page, name: 'Chats' | 'Contacts' | 'Accounts'): Locator {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });
}

/** Adds a peer to the contacts, who agrees. Leaves the contacts open. */
export async function addContact(
  page: Page,
  me: string,
  peer: StrophePeer,
  name: string,
): Promise<void> {
  await place(page, 'Contacts').click();
  await page.getByRole('button', { name: 'Add contact' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Address' }).fill(peer.bareJid);
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await peer.presence('a request', ({ type }) => type === 'subscribe');
  peer.sendPresence(me, 'subscribed');
  await expect(page.getByRole('list', { name: 'Contacts' })).toContainText('Online');
}

/** Starts a chat with an address, which opens it; `name` is what the person is called where not by address. */
export async function startChat(page: Page, jid: string, name = jid): Promise<void> {
  await page.getByRole('button', { name: 'New chat' }).click();
  const dialog = page.getByRole('dialog', { name: 'New chat' });
  await dialog.getByRole('textbox', { name: 'Address' }).fill(jid);
  await dialog.getByRole('button', { name: 'Start chat' }).click();
  await expect(messageLog(page, name)).toBeVisible();
}

/** Opens a chat from the list. */
export async function openChat(page: Page, name: string): Promise<void> {
  await chatRow(page, name).click();
  await expect(messageLog(page, name)).toBeVisible();
}

/** The chat's row in the list, whose name tells the last message and how many are unread. */
export function chatRow(page: Page, name: string): Locator {
  const rows = page.getByRole('list', { name: 'Chats' }).getByRole('link');
  // The name by itself: another row's last message may mention it.
  return rows.filter({ has: page.getByText(name, { exact: true }) });
}

export function messageLog(page: Page, name: string): Locator {
  return page.getByRole('log', { name: `Messages with ${name}` });
}

export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Message' });
}

/** Writes a message and sends it with Enter. */
export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** The messages of the open chat that have this text, by who wrote them. */
export function message(page: Page, author: string, text: string): Locator {
  return page.getByRole('article', { name: `${author}, ` }).filter({ hasText: text });
}

/** A message's state, as an icon with a name. */
export function state(
  message: Locator,
  name: 'Waiting' | 'Sending' | 'Sent' | 'Delivered' | 'Failed',
): Locator {
  return message.getByRole('img', { name });
}

/** Opens the connection-health panel. */
export async function openHealth(page: Page): Promise<Locator> {
  const panel = page.getByRole('complementary', { name: 'Connection health' });
  if (!(await panel.isVisible())) {
    await page.getByRole('button', { name: 'Connection', exact: true }).click();
  }
  await expect(panel).toBeVisible();
  return panel;
}

/** A fact of the health panel, such as `sid`. */
export function fact(panel: Locator, term: string): Locator {
  return panel
    .locator('div', {
      has: panel
        .page()
        .getByRole('term')
        .filter({ hasText: RegExp(`^${term}$`, 'u') }),
    })
    .getByRole('definition')
    .first();
}

/** The shortened sid of the session that is open now. */
export async function readSid(page: Page): Promise<string> {
  const panel = await openHealth(page);
  await expect(panel.getByRole('status').filter({ hasText: 'Connected' })).toBeVisible();
  const code = fact(panel, 'sid').locator('code');
  await expect(code).not.toHaveText('none yet');
  return (await code.textContent()) ?? '';
}
