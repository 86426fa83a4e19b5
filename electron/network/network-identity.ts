/**
 * Tells one network from another, as far as a program can without asking anybody: by the networks this computer
 * has addresses in. The host remembers by it what a network does.
 */
import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * The same for the same network, another one elsewhere; nothing can be read from it. Two homes with the same
 * private addresses and no IPv6 look alike.
 */
export function networkIdentity(interfaces: Interfaces = networkInterfaces()): string {
  const networks = Object.values(interfaces)
    .flatMap((addresses = []) => addresses)
    .filter(({ internal, address }) => !internal && !isLinkLocal(address))
    .map(networkOf);
  const text = [...new Set(networks)].sort().join(' ');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Such addresses are made up by the computer itself. */
function isLinkLocal(address: string): boolean {
  return /^(169\.254\.|fe80:)/iu.test(address);
}

/** Without the part that is this computer's own, which changes with every lease and every hour. */
function networkOf({ address, netmask }: NetworkInterfaceInfo): string {
  if (!isIPv4(address)) return `${address.split(':').slice(0, 4).join(':')}::/64`;
  const mask = netmask.split('.').map(Number);
  const bytes = address.split('.').map((byte, index) => Number(byte) & (mask[index] ?? 0));
  return `${bytes.join('.')}/${netmask}`;
}
