import { chatRow, lookAround, message, openChat, openHealth, place, send } from './actions.ts';
import { breakFrame, breakTimes, fault } from './fault-actions.ts';
import { expect, test } from './fixtures.ts';

test('a place that throws leaves the others working, and can be tried again', async ({
  holdfast: { page },
}) => {
  await lookAround(page);
  await place(page, 'Contacts').click();
  const mend = await breakTimes(page);
  await place(page, 'Chats').click();
  const screen = await fault(page, 'part');
  await screen.getByText('Details', { exact: true }).click();
  await expect(screen).toContainText('Stopped: chats');
  await expect(screen).toContainText('no time for "[hidden]"');
  await place(page, 'Contacts').click();
  await expect(page.getByRole('list', { name: 'Contacts' })).toBeVisible();
  await expect(screen).toBeHidden();
  await place(page, 'Chats').click();
  await fault(page, 'part');
  await mend();
  await screen.getByRole('button', { name: 'Try again' }).click();
  await openChat(page, 'Echo');
  await send(page, 'Are you there?');
  await expect(message(page, 'Echo', 'Are you there?')).toBeVisible();
});

test('a connection panel that throws can be closed and opened', async ({ holdfast: { page } }) => {
  await lookAround(page);
  await place(page, 'Accounts').click();
  const mend = await breakTimes(page);
  const connection = page.getByRole('button', { name: 'Connection', exact: true });
  await connection.click();
  const screen = await fault(page, 'part');
  await connection.click();
  await expect(screen).toBeHidden();
  await mend();
  await openHealth(page);
});

test('a window that throws is told of, and is well again after a reload', async ({
  holdfast: { page },
}) => {
  await lookAround(page);
  await breakFrame(page);
  const screen = await fault(page, 'window');
  await screen.getByRole('button', { name: 'Reload' }).click();
  await expect(chatRow(page, 'Marlow')).toBeVisible();
});
