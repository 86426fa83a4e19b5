/**
 * What only real Electron can show: that it is told of sleep, and that secrets are kept where the system keeps
 * them. Its proxy sign-in (proxies.spec.ts) and its certificate verification (certificates.spec.ts) are shown by
 * the specs both shells share.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE } from '../../electron/store/open-database.ts';
import { shellKind } from '../holdfast/shell.ts';
import { expectSignedIn, message, openChat, openHealth, readSid, signIn } from './actions.ts';
import { expect, SERVERS, test } from './fixtures.ts';

test.skip(shellKind() === 'browser', 'only Electron has a keychain and is told of sleep');

for (const kind of SERVERS) {
  test(`goes on in the same session on ${kind} after the computer slept`, async ({
    holdfast,
    servers,
    connectPeer,
  }) => {
    const server = await servers(kind);
    const { page, electron } = holdfast;
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    await signIn(page, me, server.boshUrl);
    const sid = await readSid(page);
    const panel = await openHealth(page);

    await electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('suspend'));
    // Prosody grants no pause: there the session is kept for as long as it is without one.
    if (kind === 'ejabberd') {
      await expect(panel.getByRole('status').filter({ hasText: 'Paused' })).toBeVisible();
    }
    peer.send({ to: me.jid, body: 'While it slept' });
    await electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));

    expect(await readSid(page)).toBe(sid);
    await openChat(page, peer.bareJid);
    await expect(message(page, peer.bareJid, 'While it slept')).toHaveCount(1);
  });
}

test('keeps the password where the system keeps secrets, and signs in with it again', async ({
  holdfast,
  servers,
}) => {
  const server = await servers('prosody');
  const me = server.newUser();
  await signIn(holdfast.page, me, server.boshUrl);
  const hasKeychain = await holdfast.electron.evaluate(
    async ({ safeStorage }) =>
      (await safeStorage.isAsyncEncryptionAvailable()) &&
      (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'),
  );
  await holdfast.quit();

  const folder = join(holdfast.dataFolder, 'data');
  const database = new DatabaseSync(join(folder, DATABASE_FILE), { readOnly: true });
  const { password } = database.prepare('SELECT password FROM accounts').get() ?? {};
  database.close();
  expect(String(password).startsWith('keychain:')).toBe(hasKeychain);
  const entries = await readdir(holdfast.dataFolder, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
    const bytes = await readFile(join(parentPath, name));
    expect(bytes.includes(me.password), name).toBe(false);
  }

  await holdfast.start();
  await expectSignedIn(holdfast.page);
});
