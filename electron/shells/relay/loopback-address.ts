/** Whether an address of a connection is this computer's own. Used where encryption is asked for elsewhere. */
import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** @param address as a socket tells it; IPv4 in its IPv6 form too. */
export function isLoopbackAddress(address = ''): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 6 ? 'ipv6' : 'ipv4');
}
