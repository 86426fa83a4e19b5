import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DoctorRun } from '../../shared/doctor.ts';
import { problemOf } from '../../shared/problem.ts';
import { TrialManager } from '../network/doctor/testing/trial-manager.ts';
import { FaultyServer } from '../network/faulty-server.ts';
import { createNodeHttpExchange } from '../network/node-http-exchange.ts';
import { createAuthority } from '../network/throwaway-certificates.ts';
import { OpenedHost } from './testing/opened-host.ts';
import { ScriptedServer } from './testing/scripted-server.ts';

let folder: string;
let manager: TrialManager;
let server: ScriptedServer;
let host: OpenedHost;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-host-'));
  manager = await TrialManager.start();
  // Nothing is held, so nothing has to be waited for.
  manager.grants = { wait: '0' };
  server = new ScriptedServer();
  host = await OpenedHost.open({
    dataFolder: folder,
    createHttp: () => createNodeHttpExchange(),
    createStream: server.createStream,
  });
});
afterEach(async () => {
  await host.close();
  await manager.stop();
  await rm(folder, { recursive: true, force: true });
});

const told = (): DoctorRun | undefined => {
  const event = host.events.findLast(({ type }) => type === 'doctor');
  return event?.type === 'doctor' ? event.run : undefined;
};
const over = () => host.until(() => told()?.state === 'done' || told()?.state === 'stopped');

describe('the doctor of an account with a certificate of its own', () => {
  it('goes by the exception that was made for it', async () => {
    const { certificates } = await createAuthority(['DNS:localhost']);
    const web = await FaultyServer.start(certificates[0]);
    const own = await OpenedHost.open({
      dataFolder: join(folder, 'own'),
      createHttp: (_account, { trust }) => createNodeHttpExchange({ trust }),
    });
    try {
      const endpoint = web.url('/good', 'localhost');
      const accountId = await own.add({ jid: 'juliet@localhost', password: 'secret', endpoint });
      await own.until(() => own.connection.problem?.certificate !== undefined);
      const { fingerprint = '' } = own.connection.problem?.certificate?.chain[0] ?? {};
      await own.run('certificates.except', { accountId, fingerprint });
      await own.run('doctor.start', { accountId });
      const encryption = () =>
        own.snapshot.doctor?.steps.find(({ id, endedAt }) => id === 'encryption' && endedAt);
      await own.until(() => encryption() !== undefined);
      expect(encryption()).toMatchObject({
        state: 'limited',
        result: expect.stringContaining('makes an exception for it'),
      });
    } finally {
      await own.close();
      await web.close();
    }
  });
});

describe('the doctor', () => {
  it('examines the way of an address without an account, tells as it goes, and reports', async () => {
    await host.run('doctor.start', { jid: 'Me@localhost', endpoint: manager.url });
    await over();
    expect(told()).toMatchObject({
      ...{ jid: 'me@localhost', endpoint: manager.url, state: 'done' },
      verdict: { outcome: 'clear' },
    });
    expect(host.snapshot.doctor).toEqual(told());
    const { text } = await host.run('doctor.report', { format: 'markdown' });
    expect(text).toContain('m…@localhost');
    expect(JSON.parse((await host.run('doctor.report', { format: 'json' })).text)).toMatchObject({
      ...{ holdfast: 'test', state: 'done' },
    });
  });

  it('examines the address an account uses, and the account then keeps to what was found', async () => {
    // Refused by the loopback interface itself: nothing listens there.
    const accountId = await host.add({
      ...{ jid: 'juliet@localhost', password: 'secret', endpoint: 'http://127.0.0.1:1/bosh' },
    });
    await host.untilPhase('online');
    await host.run('doctor.start', { accountId });
    await over();
    expect(told()).toMatchObject({
      ...{ accountId, jid: 'juliet@localhost', endpoint: 'http://127.0.0.1:1/bosh' },
      verdict: { outcome: 'blocked', findings: [{ code: 'refused' }] },
    });
    await host.run('accounts.signIn', { accountId, endpoint: manager.url });
    await host.run('doctor.start', { accountId });
    await over();
    const before = server.streams.length;
    await host.run('doctor.apply', { accountId });
    await host.until(() => server.streams.length > before && host.connection.phase === 'online');
    expect(server.stream.options).toMatchObject({
      ...{ endpoint: manager.url, polling: false, limits: { oneConnection: false } },
    });
  });

  it('stops when it is asked to, and when another examination begins', async () => {
    manager.treat = () => true;
    const arrived = new Promise((resolve) => manager.once('request', resolve));
    await host.run('doctor.start', { jid: 'me@localhost', endpoint: manager.url });
    await arrived;
    const first = told()?.id;
    await host.run('doctor.start', { jid: 'you@localhost', endpoint: manager.url });
    const stopped = host.events.some(
      (event) => event.type === 'doctor' && event.run.id === first && event.run.state === 'stopped',
    );
    expect(stopped).toBe(true);
    await host.run('doctor.stop', {});
    expect(told()).toMatchObject({ jid: 'you@localhost', state: 'stopped' });
  });

  it.each([
    ['an address that is none', { jid: 'a b' }, 'input.jid'],
    ['no address', {}, 'input.jid'],
    ['an account that is none', { accountId: 'x' }, 'input.unknown-account'],
    ['an endpoint that is none', { jid: 'a@b', endpoint: 'http://b/' }, 'input.endpoint-insecure'],
  ])('refuses %s', async (_name, input, code) => {
    const refused = host.run('doctor.start', input).catch((error) => problemOf(error).code);
    expect(await refused).toBe(code);
  });

  it('has nothing to report or to keep to before it has examined anything', async () => {
    const accountId = await host.add();
    for (const asked of [
      host.run('doctor.report', { format: 'json' }),
      host.run('doctor.apply', { accountId }),
    ]) {
      expect(await asked.catch((error) => problemOf(error).code)).toBe('input.nothing-examined');
    }
  });
});
