/** The host with its real store, streams and HTTP, on the playground inside it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpExchange } from '../network/http-exchange.ts';
import { createNodeHttpExchange } from '../network/node-http-exchange.ts';
import { OpenedHost } from './testing/opened-host.ts';

const ECHO = 'echo@playground.alt';
const NADIA = 'nadia@playground.alt';

/** A request that is refused sooner was not held. */
const TIRED_AFTER_MS = 1_600;

// Everything here is real but the people.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let open: OpenedHost[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-host-'));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((host) => host.close()));
  await rm(folder, { recursive: true, force: true });
});

async function openHost(
  createHttp: () => HttpExchange = () => createNodeHttpExchange(),
): Promise<OpenedHost> {
  const host = await OpenedHost.open({ dataFolder: folder, createHttp });
  open.push(host);
  return host;
}

async function lookAround(): Promise<{ host: OpenedHost; accountId: string }> {
  const host = await openHost();
  const { accountId } = await host.run('playground.open', {});
  await host.untilPhase('online');
  return { host, accountId };
}

/** Every text of a chat, reading back to its beginning. */
async function allTexts(host: OpenedHost, accountId: string, jid: string): Promise<string[]> {
  const texts: string[] = [];
  for (let before: number | undefined, atStart = false; !atStart; ) {
    const page = await host.run('messages.load', {
      ...{ accountId, jid, limit: 50 },
      ...(before !== undefined && { before }),
    });
    texts.unshift(...page.messages.map(({ body }) => body));
    before = page.messages[0]?.position;
    atStart = page.atStart;
    expect(page.problem).toBeUndefined();
  }
  return texts;
}

describe('looking around without an account', () => {
  it('signs in to a server inside, with contacts who have names, pictures and something to say', async () => {
    const { host } = await lookAround();
    await host.until(
      () => host.account.contacts.filter(({ avatar }) => avatar !== undefined).length === 6,
    );
    const names = host.account.contacts.map(({ name }) => name).sort();
    expect(names).toEqual(['Echo', 'Harbour Café', 'Marlow', 'Nadia', 'Rana', 'Uncle Teo']);
    const shown = host.account.contacts.find(({ jid }) => jid === NADIA)?.presence;
    expect(shown).toEqual({ show: 'away', status: 'Practising the waltz' });
    expect(host.account.account).toMatchObject({ playground: { network: 'good' } });
    await host.until(() => host.events.some((event) => event.type === 'message'));
    // What the server does not answer or refuses would be noted, by its code.
    expect(host.log.filter((line) => /\b(server|network|app)\.[a-z]/u.test(line))).toEqual([]);
  });

  it('echoes what is written, with a receipt', async () => {
    const { host, accountId } = await lookAround();
    const id = await host.write(accountId, 'Is anybody there?', ECHO);
    await host.untilState(id, 'delivered');
    await host.until(() =>
      host.events.some(
        (event) =>
          event.type === 'message' &&
          !event.message.outgoing &&
          event.message.body === 'Is anybody there?',
      ),
    );
  });

  it('has a past to read back to its beginning', async () => {
    const { host, accountId } = await lookAround();
    const texts = await allTexts(host, accountId, NADIA);
    expect(texts.length).toBeGreaterThan(150);
    expect(texts[0]).toContain('Found the accordion at last!');
  });

  it('is the same account when it is asked for twice, at once or later', async () => {
    const host = await openHost();
    const [one, two] = await Promise.all([
      host.run('playground.open', {}),
      host.run('playground.open', {}),
    ]);
    await host.untilPhase('online');
    await host.run('accounts.signOut', one);
    const three = await host.run('playground.open', {});
    await host.untilPhase('online');
    expect([two, three]).toEqual([one, one]);
    expect(host.snapshot.accounts).toHaveLength(1);
  });

  it('is not signed in to by address and password', async () => {
    const host = await openHost();
    const input = { jid: 'you@playground.alt', password: 'guessed' };
    await expect(host.run('accounts.add', input)).rejects.toMatchObject({
      problem: { code: 'input.jid-playground' },
    });
  });

  it('can be removed, and begins anew after that', async () => {
    const { host, accountId } = await lookAround();
    const { endpoint = '' } = host.account.account;
    await host.run('accounts.remove', { accountId });
    expect(host.snapshot.accounts).toEqual([]);
    await expect(fetch(endpoint)).rejects.toThrow();
    const again = await host.run('playground.open', {});
    await host.untilPhase('online');
    expect(again.accountId).not.toBe(accountId);
  });
});

describe('after a restart', () => {
  it('the account is back, with everything once, and goes on', async () => {
    const { host: first, accountId } = await lookAround();
    const sent = await first.write(accountId, 'Before the night', ECHO);
    await first.untilState(sent, 'delivered');
    await allTexts(first, accountId, ECHO);
    const before = await allTexts(first, accountId, NADIA);
    await first.close();

    const second = await openHost();
    await second.untilPhase('online');
    expect(await allTexts(second, accountId, NADIA)).toEqual(before);
    const echoed = await allTexts(second, accountId, ECHO);
    expect(echoed.filter((text) => text === 'Hello?')).toHaveLength(2);
    expect(echoed).toContain('Before the night');
    const id = await second.write(accountId, 'After the night', ECHO);
    await second.untilState(id, 'delivered');
  });

  it('a past half read is read on without a gap', async () => {
    const { host: first, accountId } = await lookAround();
    await first.run('messages.load', { accountId, jid: NADIA, limit: 50 });
    await first.close();
    const second = await openHost();
    await second.untilPhase('online');
    const texts = await allTexts(second, accountId, NADIA);
    expect(texts[0]).toContain('Found the accordion at last!');
    expect(new Set(texts).size).toBeGreaterThan(150);
    expect(texts.length).toBe(158);
  });
});

describe('the network that is played', () => {
  it('is shown, breaks the connection, and loses nothing', async () => {
    const { host, accountId } = await lookAround();
    await host.run('playground.network', { network: 'portal' });
    await host.untilPhase('reconnecting');
    expect(host.account.account.playground).toEqual({ network: 'portal' });
    await host.until(() => host.connection.problem?.code === 'network.html-answer');
    const id = await host.write(accountId, 'From the lobby', ECHO);
    await host.run('playground.network', { network: 'good' });
    await host.untilState(id, 'delivered');
    await host.untilPhase('online');
    const texts = await allTexts(host, accountId, ECHO);
    await host.until(() => host.account.chats.find(({ jid }) => jid === ECHO)?.unread === 1);
    expect(texts.filter((text) => text === 'From the lobby').length).toBeGreaterThan(0);
  });

  it('is another one after a change: what the last one did is forgotten', async () => {
    let isTired = false;
    const host = await openHost(() => {
      const http = createNodeHttpExchange();
      return {
        send: async (request) => {
          if (!isTired) return http.send(request);
          // A gateway that held the request for as long as it would.
          await setTimeout(TIRED_AFTER_MS);
          isTired = false;
          return {
            status: 504,
            headers: {},
            body: '',
            bytesSent: 0,
            bytesReceived: 0,
            httpVersion: '1.1',
          };
        },
        close: () => http.close(),
      };
    });
    const { accountId } = await host.run('playground.open', {});
    await host.untilPhase('online');
    isTired = true;
    await host.run('playground.network', { network: 'slow' });
    await host.until(() => host.log.some((line) => line.includes('the network here: {"wait":1}')));
    expect(await host.run('health.limits', { accountId })).toMatchObject({ limits: { wait: 1 } });
    await host.run('playground.network', { network: 'good' });
    expect(await host.run('health.limits', { accountId })).toEqual({ limits: {} });
  });
});
