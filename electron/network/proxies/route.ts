/** One way to a server: straight, or through a proxy. What finds the ways and what opens them share it. */
import type { ProxyAddress, ProxyScheme } from '../../../shared/proxy.ts';

export interface ProxyCredentials {
  readonly username: string;
  readonly password: string;
}

export interface ProxyRoute extends ProxyAddress {
  /** Those in the address the proxy was named by, as environment variables have them. */
  readonly credentials?: ProxyCredentials;
}

export type Route = 'direct' | ProxyRoute;

const schemes: Readonly<Record<string, ProxyScheme>> = {
  'http:': 'http',
  'https:': 'https',
  'socks:': 'socks5',
  'socks5:': 'socks5',
  // The name is resolved by the proxy either way.
  'socks5h:': 'socks5',
};

const usualPorts: Readonly<Record<ProxyScheme, number>> = { http: 80, https: 443, socks5: 1080 };

/** A proxy named by an address such as `http://name:password@proxy.example:3128`; undefined where it is none. */
export function proxyFromUrl(text: string): ProxyRoute | undefined {
  const found = /^([a-z\d]+:)\/\/(.*)$/i.exec(text.trim());
  const scheme = schemes[found?.[1]?.toLowerCase() ?? ''];
  // Read as http: URL keeps the parts of a scheme it does not know in one piece.
  const address = `http://${found?.[2]}`;
  if (scheme === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const port = Number(url.port || (/:80\/?$/.test(address) ? 80 : usualPorts[scheme]));
  const credentials = { username: decoded(url.username), password: decoded(url.password) };
  return {
    scheme,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    ...(url.username === '' ? {} : { credentials }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
