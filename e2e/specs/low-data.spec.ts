import { place, signIn } from './actions.ts';
import { expect, test } from './fixtures.ts';

test('uses little data where a person says so, and still does after a reload', async ({
  holdfast,
  servers,
}) => {
  const { page } = holdfast;
  const server = await servers('prosody');
  await signIn(page, server.newUser(), server.boshUrl);
  await place(page, 'Accounts').click();
  const tick = page.getByRole('checkbox', { name: 'Use little data' });
  await expect(tick).not.toBeChecked();
  await tick.focus();
  await page.keyboard.press('Space');
  await expect(tick).toBeChecked();
  await page.reload();
  await expect(tick).toBeChecked();
});
