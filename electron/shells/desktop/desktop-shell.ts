/**
 * The desktop shell from start to quit: what must happen before the application is ready, then the host,
 * the page's protocol, the window, and the host's end before the process ends.
 */
import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  dialog,
  ipcMain,
  powerMonitor,
  safeStorage,
  session,
} from 'electron';
import type { HostPort } from '../../../shared/contract/bridge.ts';
import { problemOf } from '../../../shared/problem.ts';
import type { Http2Switch } from '../../host/http2-switch.ts';
import type { Secrets } from '../../host/secrets.ts';
import { makeDataFolder } from '../data-folder.ts';
import { createPageHandler } from '../page-handler.ts';
import { guardApplication } from './guards.ts';
import { Http2File } from './http2-file.ts';
import { createKeyFileConsent } from './key-file-consent.ts';
import { openMainWindow } from './main-window.ts';
import { installMenu } from './menu.ts';
import { answerPage } from './page-messages.ts';
import { registerPageScheme, servePage } from './page-protocol.ts';
import { createSafeStorageSecrets } from './safe-storage-secrets.ts';

/** What the main file brings. */
export interface DesktopShellParts {
  /** The folder of the built page. */
  readonly pageFolder: string;
  /** The bundled preload, one CommonJS file. */
  readonly preload: string;
  readonly startHost: (
    dataFolder: string,
    secrets: Secrets,
    http2: Http2Switch,
  ) => Promise<HostPort>;
  readonly openKeyFile: (dataFolder: string) => Promise<Secrets>;
}

/** How long the host may take to close, in ms, before the application quits regardless. */
const CLOSE_LIMIT = 5_000;

/** Must be called while the main module is being evaluated: part of it has to come before `ready`. */
export async function runDesktopShell(parts: DesktopShellParts): Promise<void> {
  const folder = app.commandLine.getSwitchValue('data-dir');
  if (folder) app.setPath('userData', folder);
  // The lock is one of the data folder: two folders are two instances.
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const http2 = new Http2File(join(app.getPath('userData'), 'http2.json'));
  if (http2.http2.isOff) app.commandLine.appendSwitch('disable-http2');
  app.enableSandbox();
  registerPageScheme();
  guardApplication(app);

  let window: BrowserWindow | undefined;
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  await app.whenReady();
  try {
    const host = await startHost(parts, http2);
    closeBeforeQuit(host);
    tellOfSleep(host);
    answerPage(ipcMain, host);
    servePage(
      session.defaultSession.protocol,
      createPageHandler({
        folder: parts.pageFolder,
        readAvatar: host.readAvatar.bind(host),
      }),
    );
  } catch (error) {
    const { message, advice } = problemOf(error);
    dialog.showErrorBox(message, advice);
    app.exit(1);
    return;
  }
  installMenu(process.platform, !app.isPackaged);

  const open = () => {
    window = openMainWindow(parts.preload);
    window.once('closed', () => {
      window = undefined;
    });
  };
  open();
  // macOS keeps the application when its window is closed.
  app.on('activate', () => {
    if (!window) open();
  });
}

async function startHost(parts: DesktopShellParts, http2: Http2Switch): Promise<HostPort> {
  const dataFolder = join(app.getPath('userData'), 'data');
  makeDataFolder(dataFolder);
  const secrets = await createSafeStorageSecrets({
    safeStorage,
    platform: process.platform,
    agreesToKeyFile: createKeyFileConsent(dataFolder),
    openKeyFile: () => parts.openKeyFile(dataFolder),
  });
  return parts.startHost(dataFolder, secrets, http2);
}

function tellOfSleep(host: HostPort): void {
  powerMonitor.on('suspend', () => void host.sleep());
  powerMonitor.on('resume', () => host.wake());
}

function closeBeforeQuit(host: HostPort): void {
  let closing: 'no' | 'now' | 'done' = 'no';
  app.on('before-quit', (event) => {
    if (closing === 'done') return;
    event.preventDefault();
    if (closing === 'now') return;
    closing = 'now';
    const limit = new Promise((resolve) => setTimeout(resolve, CLOSE_LIMIT));
    void Promise.race([host.close(), limit])
      .catch((error) => process.stderr.write(`While closing: ${error}\n`))
      .finally(() => {
        closing = 'done';
        app.quit();
      });
  });
}
