import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Machine, PACKAGES, provision } from './provision.ts';

let folder: string;
let ran: string[];
let policyWhileInstalling: string | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provision-'));
  ran = [];
  policyWhileInstalling = undefined;
});

afterEach(() => rmSync(folder, { recursive: true }));

const statusOf = (name: string, status: string) =>
  `Package: ${name}\nStatus: ${status}\nPriority: optional\n`;

function machine(installed: readonly string[], differences: Partial<Machine> = {}): Machine {
  const policy = join(folder, 'policy-rc.d');
  return {
    isRoot: true,
    policy,
    async read(program, parameters) {
      if (program === 'apt-get') return 'apt 2.6';
      const name = String(parameters.at(-1));
      if (installed.includes(name)) return statusOf(name, 'install ok installed');
      return name === 'ejabberd' ? statusOf(name, 'deinstall ok config-files') : undefined;
    },
    async run(program, parameters) {
      ran.push([program, ...parameters].join(' '));
      policyWhileInstalling = existsSync(policy) ? readFileSync(policy, 'utf8') : undefined;
    },
    ...differences,
  };
}

const all = Object.keys(PACKAGES);
const withoutEjabberd = all.filter((name) => name !== 'ejabberd');

describe('provisioning', () => {
  it('does nothing where everything is there', async () => {
    await provision(machine(all, { isRoot: false }));
    expect(ran).toEqual([]);
  });

  it('installs what is missing, a removed package with its configuration left included', async () => {
    await provision(machine(withoutEjabberd));
    expect(ran[0]).toBe('apt-get update -q');
    expect(ran[1]).toMatch(/^apt-get install .* -y .* ejabberd$/u);
    for (const name of withoutEjabberd) expect(ran[1]).not.toContain(` ${name}`);
  });

  it('lets no service start meanwhile, and takes its guard away again', async () => {
    const target = machine([]);
    await provision(target);
    expect(policyWhileInstalling).toContain('exit 101');
    expect(existsSync(target.policy)).toBe(false);
  });

  it('takes its guard away after a failure too', async () => {
    const run = async () => {
      throw new Error('no network');
    };
    const target = machine([], { run });
    await expect(provision(target)).rejects.toThrow('no network');
    expect(existsSync(target.policy)).toBe(false);
  });

  it('leaves a policy of the machine as it is', async () => {
    const target = machine([]);
    writeFileSync(target.policy, 'of the machine');
    await provision(target);
    expect(policyWhileInstalling).toBe('of the machine');
    expect(readFileSync(target.policy, 'utf8')).toBe('of the machine');
  });

  it.each([
    ['it is not root', { isRoot: false }],
    ['there is no apt', { read: async () => undefined }],
  ])('says what to install where %s', async (_words, differences) => {
    await expect(provision(machine(withoutEjabberd, differences))).rejects.toThrow(
      /sudo apt-get install --no-install-recommends .*ejabberd/u,
    );
    expect(ran).toEqual([]);
  });
});
