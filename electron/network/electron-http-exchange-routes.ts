/** Which way Chromium sends an account's requests. The desktop shell hands it to the host for the doctor. */
import type { Session } from 'electron';
import type { ProxySetting } from '../../shared/proxy.ts';
import { chromiumProxyConfig } from './proxies/chromium-proxy.ts';
import { pacRoutes } from './proxies/pac-answer.ts';
import type { FoundRoutes } from './proxies/route-finder.ts';

/** Asks Chromium itself, told again what to go by. What is wrong with a script it does not tell. */
export async function chromiumRoutes(
  session: Pick<Session, 'setProxy' | 'resolveProxy'>,
  url: URL,
  setting: ProxySetting,
): Promise<FoundRoutes> {
  await session.setProxy(chromiumProxyConfig(setting));
  return { routes: pacRoutes(await session.resolveProxy(url.href)) };
}
