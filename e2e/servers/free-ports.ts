/** Ports for servers that must be told theirs in a configuration file. */

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** Asks the system for this many free loopback ports, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const holders: Server[] = [];
  for (let index = 0; index < count; index++) {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    holders.push(holder);
  }
  const ports = holders.map((holder) => (holder.address() as AddressInfo).port);
  await Promise.all(holders.map((holder) => once(holder.close(), 'close')));
  return ports;
}
