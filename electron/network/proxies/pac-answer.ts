/** What `FindProxyForURL` answers, as routes to be tried in order (Netscape's proxy auto-configuration format). */
import { proxyFromUrl, type Route } from './route.ts';

const schemes: Readonly<Record<string, string>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS: 'socks5',
  SOCKS5: 'socks5',
};

/** `PROXY a:3128; SOCKS5 b; DIRECT` as routes. What cannot be read is left out; nothing at all means straight. */
export function pacRoutes(answer: string): Route[] {
  const routes = answer.split(';').flatMap((entry): Route[] => {
    const [kind = '', address = ''] = entry.trim().split(/\s+/);
    if (kind.toUpperCase() === 'DIRECT') return ['direct'];
    const scheme = schemes[kind.toUpperCase()];
    const proxy = scheme === undefined ? undefined : proxyFromUrl(`${scheme}://${address}`);
    return proxy === undefined ? [] : [proxy];
  });
  return routes.length === 0 ? ['direct'] : routes;
}
