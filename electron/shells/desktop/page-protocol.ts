/** `app://holdfast/`: the page's address in the desktop shell, served by the handler both shells share. */
import { type CustomScheme, type Protocol, protocol } from 'electron';
import type { PageHandler } from '../page-handler.ts';

/** The page's address. */
export const PAGE_URL = 'app://holdfast/';

const page = new URL(PAGE_URL);

/** Whether an address belongs to the page's origin. Compared part by part: a custom scheme's `origin` is `null` in Node. */
export function isPageUrl(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === page.protocol && url.host === page.host;
}

/** Must be called before the application is ready, once. */
export function registerPageScheme(): void {
  const scheme: CustomScheme = {
    scheme: 'app',
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
  };
  protocol.registerSchemesAsPrivileged([scheme]);
}

/** Serves the page to the windows of one session; other hosts under the scheme do not exist. */
export function servePage(sessionProtocol: Pick<Protocol, 'handle'>, handler: PageHandler): void {
  sessionProtocol.handle('app', async (request) =>
    isPageUrl(request.url) ? handler(request) : new Response(null, { status: 404 }),
  );
}
