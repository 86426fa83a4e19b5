/** The host on the real stream and session, over every rung, against a domain in memory. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpExchange } from '../network/http-exchange.ts';
import { PASSWORD, ScriptedDomain } from '../xmpp/testing/scripted-domain.ts';
import { OpenedHost } from './testing/opened-host.ts';

const ENDPOINT = 'https://domain.example/http-bind';
const ROMEO = 'romeo@domain.example';

let folder: string;
let domain: ScriptedDomain;
let open: OpenedHost[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-host-'));
  domain = new ScriptedDomain();
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((host) => host.close()));
  await rm(folder, { recursive: true, force: true });
});

async function openHost(
  createHttp: () => HttpExchange = () => domain.manager,
): Promise<OpenedHost> {
  const host = await OpenedHost.open({ dataFolder: folder, createHttp });
  open.push(host);
  return host;
}

async function online(createHttp?: () => HttpExchange) {
  const host = await openHost(createHttp);
  const account = { jid: 'juliet@domain.example', password: PASSWORD, endpoint: ENDPOINT };
  const accountId = await host.add(account);
  await host.untilPhase('online');
  return { host, accountId };
}

/** The rungs taken so far, in order. */
const rungsOf = (host: OpenedHost) =>
  host.log.flatMap((line) => /rung ([a-z-]+):/u.exec(line)?.[1] ?? []);
const untilRungs = (host: OpenedHost, ...rungs: string[]) =>
  host.until(() => rungsOf(host).join() === rungs.join() && host.connection.phase === 'online');
/** Everything in the store, secrets and all, as it lies on the disk. */
async function stored(): Promise<string> {
  const files = ['holdfast.db', 'holdfast.db-wal'];
  const texts = await Promise.all(
    files.map((file) => readFile(join(folder, file), 'latin1').catch(() => '')),
  );
  return texts.join('');
}

describe('a lost session whose stream the server keeps', () => {
  beforeEach(() => {
    domain.offers.management = true;
  });

  it('is resumed, and the server is told nothing twice', async () => {
    const { host, accountId } = await online();
    const asked = domain.others.length;
    domain.deliver('one');
    await host.untilTold('one');
    domain.loseSession();
    domain.deliver('two');
    await host.untilTold('two');
    await untilRungs(host, 'login', 'resume');
    const id = await host.write(accountId, 'ours', ROMEO);
    await host.untilState(id, 'sent');
    expect(domain.messages).toEqual(['ours']);
    expect(await host.bodies(accountId, ROMEO)).toEqual(['one', 'two', 'ours']);
    const again = domain.others.slice(asked).map(String).join('');
    expect(again).not.toContain('jabber:iq:roster');
    expect(again).not.toContain('<presence');
  });

  it('is resumed after a restart, with what was read counted once', async () => {
    const { host, accountId } = await online();
    domain.deliver('one');
    await host.untilTold('one');
    await host.close();
    domain.loseSession();
    domain.deliver('two');
    const again = await openHost();
    await untilRungs(again, 're-attach', 'resume');
    await again.untilTold('two');
    expect(await again.bodies(accountId, ROMEO)).toEqual(['one', 'two']);
    expect(again.account.account.connection.phase).toBe('online');
  });

  it('is left where the server has forgotten the stream too: the password is used', async () => {
    const { host } = await online();
    domain.forgetStream();
    await untilRungs(host, 'login', 'resume', 'login');
  });

  it('is over once the person signs out', async () => {
    const { host, accountId } = await online();
    await host.run('accounts.signOut', { accountId });
    await host.run('accounts.signIn', { accountId });
    await untilRungs(host, 'login', 'login');
  });

  it('leaves no SM-ID on the disk', async () => {
    const { host } = await online();
    domain.loseSession();
    await untilRungs(host, 'login', 'resume');
    expect(host.log.join('\n')).not.toContain('is-a-secret');
    await host.close();
    const text = await stored();
    expect(text).toContain('resumptions');
    expect(text).not.toContain('is-a-secret');
  });

  it('has every message once and in order in any history, with no archive to ask', async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.constant('write' as const) },
      { weight: 5, arbitrary: fc.constant('receive' as const) },
      { weight: 2, arbitrary: fc.constant('lose' as const) },
      { weight: 2, arbitrary: fc.constant('lose in the middle' as const) },
      { weight: 1, arbitrary: fc.constant('restart' as const) },
      { weight: 1, arbitrary: fc.constant('restart, lost' as const) },
    );
    const history = fc.array(step, { minLength: 5, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        domain = new ScriptedDomain();
        domain.offers.management = true;
        folder = await mkdtemp(join(tmpdir(), 'holdfast-host-'));
        let { host, accountId } = await online();
        const written: string[] = [];
        const delivered: string[] = [];
        const write = async () => {
          written.push(`ours ${written.length}`);
          await host.write(accountId, written.at(-1) ?? '', ROMEO);
        };
        for (const what of steps) {
          switch (what) {
            case 'write':
              await write();
              break;
            case 'receive':
              delivered.push(`theirs ${delivered.length}`);
              domain.deliver(delivered.at(-1) ?? '');
              break;
            case 'lose':
              domain.loseSession();
              break;
            case 'lose in the middle':
              domain.losesAfter = 2;
              await Promise.all([write(), write(), write()]);
              break;
            case 'restart, lost':
            case 'restart':
              await host.close();
              if (what === 'restart, lost') domain.loseSession();
              host = await openHost();
          }
        }
        domain.losesAfter = undefined;
        domain.deliver('good night');
        await host.untilTold('good night');
        const last = await host.write(accountId, 'the end', ROMEO);
        await host.untilState(last, 'sent');
        const bodies = await host.bodies(accountId, ROMEO);
        expect(domain.messages).toEqual([...written, 'the end']);
        expect(bodies.filter((body) => body.startsWith('theirs'))).toEqual(delivered);
        expect(bodies.filter((body) => body.startsWith('ours'))).toEqual(written);
        expect(rungsOf(host).slice(1)).not.toContain('login');
        await host.close();
        await rm(folder, { recursive: true, force: true });
      }),
      { numRuns: 6 },
    );
  }, 60_000);
});

describe('a token', () => {
  beforeEach(() => {
    domain.offers.sasl2 = true;
  });

  it('spares the password at the next sign-in, and lies sealed until then', async () => {
    const { host } = await online();
    await host.close();
    const [token = 'none'] = domain.tokens;
    expect(await stored()).not.toContain(token);
    domain.loseSession();
    const again = await openHost();
    await untilRungs(again, 're-attach', 'fast');
    expect(again.log.join('\n')).not.toContain(token);
    expect(domain.requests.filter(({ name }) => name === 'authenticate')).toHaveLength(2);
    expect(domain.requests.filter(({ name }) => name === 'response')).toHaveLength(1);
  });

  it('is forgotten where the server refuses it, and the password is used at once', async () => {
    const { host } = await online();
    domain.tokens.clear();
    domain.loseSession();
    await untilRungs(host, 'login', 'fast');
    domain.loseSession();
    await untilRungs(host, 'login', 'fast', 'fast');
  });

  it('goes with a new password, and when the person signs out', async () => {
    const { host, accountId } = await online();
    await host.run('accounts.signIn', { accountId, password: PASSWORD });
    await host.run('accounts.signOut', { accountId });
    await host.run('accounts.signIn', { accountId });
    await untilRungs(host, 'login', 'login', 'login');
  });
});

describe('what an endpoint cannot do', () => {
  it('is tried once, then remembered across restarts', async () => {
    domain.offers.sasl2 = true;
    domain.crashesOn = 'authenticate';
    const { host } = await online();
    expect(rungsOf(host)).toEqual(['login', 'login']);
    expect(host.log.join('\n')).toContain('sasl2 does not work here');
    expect(host.connection.problem).toBeUndefined();
    await host.close();
    domain.loseSession();
    domain.requests.length = 0;
    const again = await openHost();
    await untilRungs(again, 're-attach', 'login');
    expect(domain.requests.map(({ name }) => name)).toEqual(['auth', 'response']);
  });
});

describe('an address the manager names', () => {
  it('is gone to for this connection only', async () => {
    const elsewhere = new ScriptedDomain();
    const there = 'https://elsewhere.example/http-bind';
    const posted: string[] = [];
    const exchange: HttpExchange = {
      send(request) {
        posted.push(request.url);
        return (request.url === there ? elsewhere : domain).manager.send(request);
      },
      close: async () => {},
    };
    domain.sendsTo = there;
    const { host } = await online(() => exchange);
    expect(rungsOf(host)).toEqual(['login', 'login']);
    expect(host.log.join('\n')).toContain('the server asks to use elsewhere.example');
    expect(posted.at(-1)).toBe(there);
    expect(host.account.account.endpoint).toBe(ENDPOINT);
    domain.sendsTo = undefined;
    elsewhere.forgetStream();
    await untilRungs(host, 'login', 'login', 'login');
    expect(posted.at(-1)).toBe(ENDPOINT);
  });

  it('is not gone to where it is not safe', async () => {
    domain.sendsTo = 'http://elsewhere.example/http-bind';
    const host = await openHost();
    await host.add({ jid: 'juliet@domain.example', password: PASSWORD, endpoint: ENDPOINT });
    await host.untilPhase('failed');
    expect(host.connection.problem).toMatchObject({
      code: 'endpoint.see-other-uri',
      message: expect.stringContaining('not safe'),
    });
  });
});
