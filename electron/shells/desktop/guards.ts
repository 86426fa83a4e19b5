/**
 * What no page may do in the desktop shell, whatever it loads: navigate away, open windows, embed other
 * contents, ask for permissions. Installed before the first window (security checklist 5, 12 to 15).
 */
import { type App, type Session, shell, type WebContents } from 'electron';
import { isPageUrl } from './page-protocol.ts';

/** What a link may open outside; everything else could start a program. */
const OUTSIDE_SCHEMES = new Set(['https:', 'http:', 'mailto:', 'xmpp:']);

/** The one thing granted: copying text after a click, for the connection report. */
const GRANTED_PERMISSION = 'clipboard-sanitized-write';

/** Guards every session and every web contents there will be. */
export function guardApplication(app: Pick<App, 'on'>): void {
  app.on('session-created', guardSession);
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
}

/** Opens a link in the program the person chose for it, or does nothing where that could be dangerous. */
async function openOutside(address: string): Promise<void> {
  const url = URL.parse(address);
  if (url && OUTSIDE_SCHEMES.has(url.protocol)) await shell.openExternal(url.href);
}

function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback) => {
    callback(permission === GRANTED_PERMISSION && isPageUrl(contents.getURL()));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === GRANTED_PERMISSION && isPageUrl(origin),
  );
  session.setDevicePermissionHandler(() => false);
}

function guardContents(contents: WebContents): void {
  contents.on('will-attach-webview', (event) => event.preventDefault());
  const stay = (event: { url: string; preventDefault(): void }) => {
    if (!isPageUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url).catch(() => undefined);
    return { action: 'deny' };
  });
}
