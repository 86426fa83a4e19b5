import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { networkIdentity } from './network-identity.ts';

function at(address: string, netmask = '255.255.255.0', internal = false): NetworkInterfaceInfo {
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return { address, netmask, internal, mac: '', cidr: null, scopeid: 0, family } as never;
}

const loopback = at('127.0.0.1', '255.0.0.0', true);
const office = networkIdentity({ lo: [loopback], eth0: [at('192.168.7.20')] });

describe('the identity of a network', () => {
  it('is the same with another lease, another cable and another privacy address', () => {
    expect(networkIdentity({ wlan0: [at('192.168.7.99')] })).toBe(office);
    const [one, two] = ['2001:db8:1:2:aaaa::1', '2001:db8:1:2:bbbb::2'].map((address) =>
      networkIdentity({ eth0: [at(address)] }),
    );
    expect(one).toBe(two);
  });

  it('is another one elsewhere, and where a second network joins', () => {
    expect(networkIdentity({ eth0: [at('192.168.8.20')] })).not.toBe(office);
    expect(networkIdentity({ eth0: [at('192.168.7.20')], tun0: [at('10.8.0.2')] })).not.toBe(
      office,
    );
  });

  it('does not come from addresses the computer makes up', () => {
    const made = [at('169.254.3.4', '255.255.0.0'), at('fe80::1')];
    expect(networkIdentity({ eth0: [at('192.168.7.20'), ...made] })).toBe(office);
  });

  it('shows no address', () => {
    expect(office).toMatch(/^[0-9a-f]{16}$/u);
  });
});
