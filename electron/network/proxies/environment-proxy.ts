/** What the environment variables say about proxies: HTTPS_PROXY, ALL_PROXY, NO_PROXY, in either case. */
import { getProxyForUrl } from 'proxy-from-env';
import { proxyFromUrl, type Route } from './route.ts';

/** The route to an address; undefined where no variable says anything of it. */
export function environmentRoute(url: URL): Route | undefined {
  const { env } = process;
  const named = [env.https_proxy, env.HTTPS_PROXY, env.all_proxy, env.ALL_PROXY].filter(Boolean);
  if (named.length === 0) return undefined;
  const proxy = getProxyForUrl(url.href);
  if (proxy === '') return 'direct';
  // A proxy without a scheme speaks HTTP, whatever it is used for; the library gives it the address's.
  const isBare = !named.includes(proxy);
  return proxyFromUrl(isBare ? proxy.replace(`${url.protocol}//`, 'http://') : proxy);
}
