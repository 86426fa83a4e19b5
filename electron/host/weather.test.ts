/** The host when the computer sleeps, wakes up and moves, and when accounts share an endpoint in an outage. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../shared/problem.ts';
import { OpenedHost } from './testing/opened-host.ts';
import { noHttp, REFUSED, ScriptedServer, WRONG_PASSWORD } from './testing/scripted-server.ts';

const BLOCKED: Problem = { ...REFUSED, code: 'endpoint.http-method-not-allowed', retry: 'never' };

let folder: string;
/** By account. */
let servers: Record<string, ScriptedServer>;
let host: OpenedHost;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-host-'));
  servers = { juliet: new ScriptedServer(), nurse: new ScriptedServer() };
  host = await OpenedHost.open({
    ...{ dataFolder: folder, createHttp: () => noHttp },
    createStream: (options) => serverOf(options.jid).createStream(options),
    // Pauses are as long as they can be.
    random: () => 0.999,
  });
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

function serverOf(jid: string): ScriptedServer {
  const server = servers[jid.split('@')[0] ?? ''];
  if (!server) throw new Error(`no server for ${jid}`);
  return server;
}

async function add(name: string): Promise<void> {
  await host.add({
    jid: `${name}@example.org`,
    password: 'secret',
    endpoint: `https://example.org/${name}`,
  });
}

function phaseOf(name: string): string | undefined {
  const { accounts } = host.snapshot;
  return accounts.find(({ account }) => account.jid.startsWith(name))?.account.connection.phase;
}

function until(name: string, phase: string): Promise<void> {
  return host.until(() => phaseOf(name) === phase);
}

describe('a computer that sleeps', () => {
  it('has every session ask to be kept, and tries every connection when it wakes up', async () => {
    await add('juliet');
    await add('nurse');
    await Promise.all([until('juliet', 'online'), until('nurse', 'online')]);
    await host.sleep();
    const streams = ['juliet', 'nurse'].map((name) => serverOf(name).stream);
    expect(streams.map(({ pauses }) => pauses)).toEqual([1, 1]);
    host.wake();
    expect(streams.map(({ retries }) => retries)).toEqual([1, 1]);
  });

  it('waits for no pause that began before', async () => {
    serverOf('juliet').refuses = REFUSED;
    await add('juliet');
    await host.until(() => (host.connection.retryAt ?? 0) > Date.now() + 500);
    serverOf('juliet').refuses = undefined;
    host.wake();
    await until('juliet', 'online');
    expect(host.log).toContain('the computer woke up: every connection is tried at once');
  });

  it('takes up what it gave up because of a network, and nothing else', async () => {
    serverOf('juliet').refuses = { ...BLOCKED, source: 'network' };
    serverOf('nurse').refuses = WRONG_PASSWORD;
    await add('juliet');
    await add('nurse');
    await Promise.all([until('juliet', 'failed'), until('nurse', 'failed')]);
    for (const server of Object.values(servers)) server.refuses = undefined;
    host.wake();
    await until('juliet', 'online');
    expect(phaseOf('nurse')).toBe('failed');
  });
});

describe('accounts on one endpoint', () => {
  it('go on at once when it works again for one of them', async () => {
    for (const name of ['juliet', 'nurse']) {
      serverOf(name).refuses = REFUSED;
      await add(name);
    }
    // A pause long enough to be cut short by the other.
    const isPatient = () =>
      host.snapshot.accounts.every(
        ({ account }) => (account.connection.retryAt ?? 0) > Date.now() + 1_500,
      );
    await host.until(isPatient);
    for (const server of Object.values(servers)) server.refuses = undefined;
    const { accounts } = host.snapshot;
    await host.run('accounts.retryNow', { accountId: accounts[0]?.account.id ?? '' });
    await Promise.all([until('juliet', 'online'), until('nurse', 'online')]);
    expect(host.log.filter((line) => line.includes('asked to try again now'))).toHaveLength(2);
  });
});
