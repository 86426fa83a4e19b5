/** The desktop shell's main file: puts the host with its Electron adapters behind the shell. */
import { fileURLToPath } from 'node:url';
import { session } from 'electron';
import { createHost } from '../../host/create-host.ts';
import { createElectronHttpExchange } from '../../network/electron-http-exchange.ts';
import { chromiumRoutes } from '../../network/electron-http-exchange-routes.ts';
import { createKeyFileSecrets } from '../browser/key-file-secrets.ts';
import { pageFolder } from '../page-folder.ts';
import { VERSION } from '../version.ts';
import { runDesktopShell } from './desktop-shell.ts';

const accountSession = (id: string) => session.fromPartition(`persist:account-${id}`);

// Not awaited at the top: the application becomes ready only after this module has been evaluated.
void runDesktopShell({
  pageFolder: pageFolder(import.meta.url),
  preload: fileURLToPath(new URL('preload.cjs', import.meta.url)),
  openKeyFile: createKeyFileSecrets,
  startHost: (dataFolder, secrets, http2) =>
    createHost({
      dataFolder,
      secrets,
      http2,
      // A session each: long polls pin the few connections Chromium allows a host and a proxy.
      createHttp: ({ id }, settings) =>
        createElectronHttpExchange({
          session: accountSession(id),
          settings,
        }),
      findRoutes: ({ id }, url, setting) => chromiumRoutes(accountSession(id), url, setting),
      version: VERSION,
      log: (line) => process.stderr.write(`${line}\n`),
    }),
});
