/** A gateway that refuses large requests: what fits gets through, and what never will is said to the person. */
import { afterEach, describe, expect, it } from 'vitest';
import { startNginx } from '../networks/programs/nginx.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import { type HostDriver, HostFolder } from './host-driver.ts';

const BOB = 'bob@localhost';

const cleanings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanings.splice(0).reverse()) await clean();
});

async function open(): Promise<HostDriver> {
  const folder = await HostFolder.make();
  cleanings.push(() => folder.remove());
  return folder.open();
}

describe.each([
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('behind nginx with client_max_body_size 4k, on %s', (_name, start) => {
  it('parts what is written at once, fails what is too long, and loses nothing', async () => {
    const server = await start();
    cleanings.push(() => server.stop());
    const gateway = await startNginx(server.boshUrl, {
      server: 'client_max_body_size 4k; location / { proxy_pass http://manager; }',
    });
    cleanings.push(() => gateway.stop());
    const alice = await open();
    const endpoint = `http://127.0.0.1:${gateway.port}/http-bind`;
    const accountId = await alice.signIn(server, server.user('alice'), endpoint);
    const bob = await open();
    const bobsId = await bob.signIn(server, server.user('bob'));

    const texts = Array.from({ length: 8 }, (_, index) => `${index} ${'text '.repeat(250)}`);
    const [before, after] = [texts.slice(0, 4), texts.slice(4)];
    for (const text of before) await alice.write(accountId, BOB, text);
    const long = await alice.write(accountId, BOB, 'long '.repeat(2_000));
    for (const text of after) await alice.write(accountId, BOB, text);
    await alice.untilState(long, 'failed');
    expect(alice.messages.get(long)?.problem).toMatchObject({
      code: 'network.message-too-long',
      message: expect.stringContaining('too long'),
      advice: expect.stringContaining('shorter parts'),
    });
    const last = await alice.write(accountId, BOB, 'the last');
    await alice.untilState(last, 'sent');
    await bob.until('the last', () =>
      [...bob.messages.values()].some(({ body }) => body === 'the last'),
    );
    expect(await bob.bodies(bobsId, 'alice@localhost')).toEqual([...texts, 'the last']);
    const { limits } = await alice.run('health.limits', { accountId });
    expect(limits.largestRequest).toBeLessThanOrEqual(4_096);

    // In a network that lets it through it is as good as any other.
    await gateway.stop();
    await alice.run('accounts.signIn', { accountId, endpoint: server.boshUrl });
    await alice.untilPhase('online', accountId);
    await alice.run('messages.retry', { accountId, id: long });
    await alice.untilState(long, 'sent');
  });
});
