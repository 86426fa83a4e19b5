/** Which hosts a desktop's settings send straight: names, patterns, networks (the lists of GNOME, macOS and Windows). */
import { BlockList, isIP } from 'node:net';

/**
 * Whether a host, as `URL.hostname` spells it, is on the list: `example.org` (with all under it), `*.example.org`,
 * `.example.org`, `10.0.0.0/8`, `192.168.*`, `<local>` (a name without a dot).
 */
export function isBypassed(hostname: string, list: readonly string[]): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return list.some((entry) => covers(entry.trim().toLowerCase(), host));
}

function covers(entry: string, host: string): boolean {
  if (entry === '') return false;
  if (entry === '<local>') return !host.includes('.') && isIP(host) === 0;
  const network = /^(.+)\/(\d+)$/.exec(entry);
  if (network !== null) return isInNetwork(host, network[1] ?? '', Number(network[2]));
  if (isIP(entry) !== 0) return entry === host;
  if (entry.includes('*')) {
    const pattern = entry.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*');
    return RegExp(`^${pattern}$`).test(host);
  }
  const domain = entry.replace(/^\./, '');
  return host === domain || host.endsWith(`.${domain}`);
}

function isInNetwork(host: string, address: string, prefix: number): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(host) === 0 || isIP(host) !== isIP(address)) return false;
  const list = new BlockList();
  try {
    list.addSubnet(address, prefix, family);
  } catch {
    return false;
  }
  return list.check(host, family);
}
