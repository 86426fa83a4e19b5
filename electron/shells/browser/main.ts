/** The browser shell's main file: puts the host with its Node adapters behind the shell. */
import { createHost } from '../../host/create-host.ts';
import { RootStore } from '../../network/certificates/root-store.ts';
import { createNodeHttpExchange } from '../../network/node-http-exchange.ts';
import { RouteFinder } from '../../network/proxies/route-finder.ts';
import { pageFolder } from '../page-folder.ts';
import { VERSION } from '../version.ts';
import { createKeyFileSecrets } from './key-file-secrets.ts';
import { runBrowserShell } from './shell.ts';

const roots = new RootStore();
const finder = new RouteFinder({ createHttp: createNodeHttpExchange });

await runBrowserShell({
  parameters: process.argv.slice(2),
  pageFolder: pageFolder(import.meta.url),
  startHost: async (dataFolder, log) =>
    createHost({
      dataFolder,
      secrets: await createKeyFileSecrets(dataFolder),
      createHttp: (_account, { proxySetting, proxyKeys, trust }) =>
        createNodeHttpExchange({
          ...{ trust, roots },
          proxies: { finder, setting: proxySetting, keys: proxyKeys },
        }),
      findRoutes: (_account, url, setting) => finder.routesTo(url, setting),
      version: VERSION,
      log,
    }),
});
