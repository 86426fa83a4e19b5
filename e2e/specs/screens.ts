/** Every screen of Holdfast in turn, filled as a person's would be. Used by the accessibility spec and the screenshots. */
import { expect, type Page } from '@playwright/test';
import { FaultyServer } from '../../electron/network/faulty-server.ts';
import { ScriptedProxy } from '../../electron/network/proxies/testing/scripted-proxy.ts';
import { createAuthority } from '../../electron/network/throwaway-certificates.ts';
import type { StrophePeer } from '../peers/strophe-peer.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import {
  addContact,
  chatRow,
  composer,
  expectSignedIn,
  fillSignIn,
  lookAround,
  message,
  openChat,
  openHealth,
  place,
  playNetwork,
  send,
  startChat,
  state,
} from './actions.ts';
import { chooseAuthorityFile } from './certificate-actions.ts';
import { breakFrame, breakTimes, fault } from './fault-actions.ts';
import type { TestServer } from './fixtures.ts';
import { chooseProxy, proxyQuestion } from './proxy-actions.ts';

/**
 * Goes from the first sign-in to a conversation and calls `show` with each screen's name while it is shown.
 * Works at any width.
 */
export async function visitScreens(
  page: Page,
  server: TestServer,
  connectPeer: (
    server: XmppServer,
    user: { jid: string; password: string },
  ) => Promise<StrophePeer>,
  show: (screen: string) => Promise<void>,
): Promise<void> {
  const me = server.newUser();
  const ada = await connectPeer(server, server.newUser());
  const grace = await connectPeer(server, server.newUser());

  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await show('sign-in');
  await visitProxyQuestion(page, show);
  await fillSignIn(page, { ...me, password: 'not this one' }, server.boshUrl);
  await expect(page.getByRole('alert')).toBeVisible();
  await show('sign-in-refused');
  await page.getByLabel('Password').fill(me.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expectSignedIn(page);
  await show('chats-empty');

  await place(page, 'Contacts').click();
  await show('contacts-empty');
  await addContact(page, me.jid, ada, 'Ada Lovelace');
  grace.sendPresence(me.jid, 'subscribe');
  await expect(page.getByRole('region', { name: 'Requests' })).toContainText(grace.bareJid);
  await show('contacts');

  await place(page, 'Chats').click();
  grace.send({ to: me.jid, body: 'Shall we meet at the station at nine? I bring the maps.' });
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Address' }).fill(ada.bareJid);
  await show('new-chat');
  await page.keyboard.press('Escape');
  await startChat(page, ada.bareJid, 'Ada Lovelace');
  const conversation = [
    ['me', 'Good morning! Did the train get through?'],
    ['ada', 'Just about. The hotel here lets nothing out but web pages, and it still works.'],
    ['me', 'Same here. https://example.org/timetable?day=monday has the new times.'],
    ['ada', 'Lovely 🙂'],
    ['ada', 'I wrote it down:\n· leave at 8:40\n· change at the old bridge\n· arrive at 11:05'],
    ['me', 'Then see you at eleven.'],
  ] as const;
  for (const [who, text] of conversation) {
    if (who === 'me') {
      await send(page, text);
      await expect(state(message(page, 'You', text).last(), 'Delivered')).toBeVisible();
    } else {
      ada.send({ to: me.jid, body: text });
      await expect(message(page, 'Ada Lovelace', text.split('\n')[0] ?? text).last()).toBeVisible();
    }
  }
  await composer(page).fill('And bring the');
  await show('conversation');

  const health = await openHealth(page);
  await show('connection');
  await health.getByRole('button', { name: 'Examine' }).click();
  const doctor = page.getByRole('dialog', { name: 'Connection doctor' });
  await expect(doctor.getByText(/ left$/u)).toBeVisible();
  await show('doctor');
  await doctor.getByRole('button', { name: 'Stop' }).click();
  await expect(doctor.getByRole('region', { name: 'Verdict' })).toBeVisible();
  await show('doctor-stopped');
  await page.keyboard.press('Escape');
  await health.getByRole('button', { name: 'XML console' }).click();
  const xmlConsole = page.getByRole('dialog', { name: 'XML console' });
  await expect(xmlConsole).toContainText('0 elements');
  await show('console-empty');
  ada.send({ to: me.jid, body: 'Do you see this?' });
  await expect(xmlConsole.getByRole('article').filter({ hasText: 'received' })).toBeVisible();
  await show('console');
  await page.keyboard.press('Escape');
  await health.press('Escape');

  await back(page);
  await show('chats');
  await place(page, 'Accounts').click();
  await expect(page.getByRole('heading', { name: me.jid })).toBeVisible();
  await show('accounts');
  await addCompanyAuthority(page);
  await show('authorities');
  await page.getByRole('button', { name: 'Change proxy' }).click();
  await chooseProxy(page, page.getByRole('dialog'), { pac: 'http://proxy.example.org/proxy.pac' });
  await show('change-proxy');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Remove account' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await show('remove-account');
  await page.keyboard.press('Escape');
}

/**
 * The same for the playground, from the sign-in on. Works at any width, without any server.
 */
export async function visitPlayground(
  page: Page,
  show: (screen: string) => Promise<void>,
): Promise<void> {
  await lookAround(page);
  await expect(chatRow(page, 'Marlow')).toContainText('2 unread');
  await show('playground-chats');
  await openChat(page, 'Marlow');
  await expect(message(page, 'Marlow', 'Welcome!')).toBeVisible();
  await show('playground-guide');
  await back(page);
  await openChat(page, 'Rana');
  await expect(message(page, 'Rana', 'فقط نفسك').last()).toBeVisible();
  await show('playground-conversation');
  const panel = await openHealth(page);
  await playNetwork(panel, 'Portal');
  await expect(panel.getByRole('status').filter({ hasText: 'Trying again' })).toBeVisible();
  await show('playground-network');
  await playNetwork(panel, 'Good');
  await page.keyboard.press('Escape');
  await back(page);
  await place(page, 'Contacts').click();
  await show('playground-contacts');
  await place(page, 'Accounts').click();
  await expect(page.getByText('This is the playground')).toBeVisible();
  await show('playground-accounts');
  const mend = await breakTimes(page);
  await place(page, 'Chats').click();
  await (await fault(page, 'part')).getByText('Details', { exact: true }).click();
  await show('fault');
  await mend();
  await page.getByRole('button', { name: 'Try again' }).click();
  await breakFrame(page);
  await fault(page, 'window');
  await show('fault-window');
}

/** An authority is added under Accounts. */
async function addCompanyAuthority(page: Page): Promise<void> {
  const { ca } = await createAuthority();
  await chooseAuthorityFile(page, page, Buffer.from(ca));
  await expect(page.getByRole('list', { name: 'Certificate authorities' })).toBeVisible();
}

/** A proxy asks who is there, and gets no answer. */
async function visitProxyQuestion(
  page: Page,
  show: (screen: string) => Promise<void>,
): Promise<void> {
  const proxy = await ScriptedProxy.start({ asks: 'basic' });
  const advanced = page.getByRole('button', { name: 'Advanced' });
  try {
    await advanced.click();
    await chooseProxy(page, page.getByRole('main'), proxy.address);
    await show('sign-in-advanced');
    const user = { jid: 'somebody@example.org', password: 'secret' };
    await fillSignIn(page, user, 'https://chat.outside.test/http-bind');
    await expect(proxyQuestion(page)).toBeVisible();
    await show('proxy-question');
    await page.keyboard.press('Escape');
    await expect(proxyQuestion(page)).toBeHidden();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await chooseProxy(page, page.getByRole('main'), 'none');
    const server = await FaultyServer.start(
      (await createAuthority(['DNS:localhost'])).certificates[0],
    );
    try {
      await fillSignIn(page, user, server.url('/good', 'localhost'));
      await page.getByRole('button', { name: 'Show certificate' }).click();
      await show('certificate');
      await page.keyboard.press('Escape');
      await expect(page.getByRole('alertdialog')).toBeHidden();
      await page.getByRole('button', { name: 'Cancel' }).click();
    } finally {
      await server.close();
    }
    await chooseProxy(page, page.getByRole('main'), 'system');
    await advanced.click();
  } finally {
    await proxy.close();
  }
}

/** On a narrow window the conversation hides the list and the navigation. */
async function back(page: Page): Promise<void> {
  const link = page.getByRole('link', { name: 'Back' });
  if (await link.isVisible()) await link.click();
}
