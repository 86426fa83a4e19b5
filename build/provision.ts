/**
 * Makes sure that what the tests run against is installed: the two servers, a browser and the programs
 * that stand in networks, as Debian packages. `npm test` calls it first; `node build/provision.ts` does the same by itself.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** The packages, with what each is for. */
export const PACKAGES: Readonly<Record<string, string>> = {
  prosody: 'the first server',
  'lua-event': 'its network backend',
  'lua-unbound': 'its resolver',
  ejabberd: 'the second server',
  'erlang-p1-sqlite3': 'its database',
  openssl: 'their certificates',
  chromium: 'the browser of the end-to-end tests',
  squid: 'a company proxy',
  tinyproxy: 'a small proxy',
  microsocks: 'a SOCKS5 proxy',
  mitmproxy: 'a proxy that inspects TLS',
  'nginx-light': 'a reverse proxy',
  haproxy: 'a load balancer',
  nftables: 'lost packets',
  iproute2: 'the interface they are lost on, and a place without any network',
  profanity: 'a client for terminals, to compare with',
  'python3-nbxmpp': 'the library of Gajim, another one',
  libfaketime: 'a computer whose clock is wrong',
  'libnss-wrapper': 'names that only the proxies resolve',
};

/** dpkg asks this program whether a package may start its service; 101 says no (invoke-rc.d(8)). */
const POLICY = '/usr/sbin/policy-rc.d';

/** What provisioning does to the machine; tests bring their own. */
export interface Machine {
  /** The output of a program, or undefined where it is not there or fails. */
  read(program: string, parameters: readonly string[]): Promise<string | undefined>;
  /** Runs a program with its output on standard error. Rejects where it fails. */
  run(program: string, parameters: readonly string[]): Promise<void>;
  readonly isRoot: boolean;
  readonly policy: string;
}

/**
 * Installs the packages that are missing, without starting what they bring. Quick where nothing is missing.
 * @throws Error that says what to install, where this process may not.
 */
export async function provision(machine: Machine = thisMachine): Promise<void> {
  const missing = await missingPackages(machine);
  if (missing.length === 0) return;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  const canInstall = machine.isRoot && (await machine.read('apt-get', ['--version'])) !== undefined;
  if (!canInstall) {
    throw new Error(
      `The tests need packages that are not installed. On Debian or Ubuntu: sudo ${command}`,
    );
  }
  await withoutServices(machine.policy, async () => {
    await machine.run('apt-get', ['update', '-q']);
    await machine.run('apt-get', [
      ...['install', '-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'],
      ...missing,
    ]);
  });
}

async function missingPackages(machine: Machine): Promise<string[]> {
  const names = Object.keys(PACKAGES);
  // dpkg-query fails where it does not know one of them, so each is asked for by itself.
  const installed = await Promise.all(
    names.map((name) => machine.read('dpkg-query', ['--status', name])),
  );
  return names.filter(
    (_, index) => !installed[index]?.includes('\nStatus: install ok installed\n'),
  );
}

/** Keeps packages from starting their services, and leaves a policy that is there already alone. */
async function withoutServices(policy: string, install: () => Promise<void>): Promise<void> {
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await install();
  } finally {
    if (isOurs) rmSync(policy, { force: true });
  }
}

const thisMachine: Machine = {
  async read(program, parameters) {
    try {
      return (await promisify(execFile)(program, [...parameters])).stdout;
    } catch {
      return undefined;
    }
  },
  async run(program, parameters) {
    const child = spawn(program, parameters, {
      // Standard output belongs to whoever called.
      stdio: ['ignore', process.stderr, process.stderr],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${program} ${parameters[0]} ended with status ${code}.`);
  },
  isRoot: process.getuid?.() === 0,
  policy: POLICY,
};

if (import.meta.main) {
  try {
    await provision();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
