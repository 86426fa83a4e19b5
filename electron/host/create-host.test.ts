import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import xml from '@xmpp/xml';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../shared/ids.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { HostOptions } from './create-host.ts';
import { OpenedHost, ROMEO } from './testing/opened-host.ts';
import {
  GONE,
  noHttp,
  REFUSED,
  ScriptedServer,
  WRONG_PASSWORD,
} from './testing/scripted-server.ts';

const NURSE = 'nurse@example.org';

let folder: string;
let server: ScriptedServer;
let open: OpenedHost[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-host-'));
  server = new ScriptedServer();
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((host) => host.close()));
  await rm(folder, { recursive: true, force: true });
});

async function openHost(
  options: Partial<Pick<HostOptions, 'discover' | 'network' | 'random' | 'now'>> = {},
): Promise<OpenedHost> {
  const { createStream } = server;
  const host = await OpenedHost.open({
    ...{ dataFolder: folder, createHttp: () => noHttp, createStream },
    ...options,
  });
  open.push(host);
  return host;
}

/** A message of Romeo's. */
function from(body: string) {
  return xml(
    'message',
    { from: `${ROMEO}/device`, to: 'juliet@example.org', type: 'chat', id: newId() },
    xml('body', {}, body),
  );
}

async function online(): Promise<{ host: OpenedHost; accountId: string }> {
  const host = await openHost();
  const accountId = await host.add();
  await host.untilPhase('online');
  return { host, accountId };
}

describe('the first sign-in', () => {
  it('takes the newest messages of the archive as history, not as news', async () => {
    for (let number = 0; number < 60; number++) await server.deliver(ROMEO, `old ${number}`);
    const { host, accountId } = await online();
    await host.until(() => host.account.chats.length === 1);
    expect(host.account.chats[0]).toMatchObject({ unread: 0, lastMessage: { body: 'old 59' } });
    const page = await host.run('messages.load', { accountId, jid: ROMEO, limit: 50 });
    expect(page.messages.map((message) => message.body)).toEqual(
      Array.from({ length: 50 }, (_, index) => `old ${index + 10}`),
    );
    expect(page.atStart).toBe(false);
    const older = await host.run('messages.load', {
      accountId,
      jid: ROMEO,
      before: page.messages[0]?.position ?? 0,
      limit: 50,
    });
    expect(older.messages.map((message) => message.body)).toEqual(
      Array.from({ length: 10 }, (_, index) => `old ${index}`),
    );
    expect(older.atStart).toBe(true);
  });

  it('keeps what arrives meanwhile unread, and after the history', async () => {
    await server.deliver(ROMEO, 'old');
    const gate = Promise.withResolvers<void>();
    server.archiveGate = gate.promise;
    const host = await openHost();
    const accountId = await host.add();
    await host.untilPhase('catching-up');
    await server.deliver(ROMEO, 'new');
    gate.resolve();
    await host.untilTold('new');
    await host.untilPhase('online');
    expect(await host.bodies(accountId)).toEqual(['old', 'new']);
    await host.until(() => host.account.chats[0]?.unread === 1);
  });

  it('keeps the account after a wrong password, and signs in with the right one', async () => {
    server.refuses = WRONG_PASSWORD;
    const host = await openHost();
    const accountId = await host.add();
    await host.untilPhase('failed');
    expect(host.connection.problem?.code).toBe('server.not-authorized');
    server.refuses = undefined;
    await host.run('accounts.signIn', { accountId, password: 'better' });
    await host.untilPhase('online');
    expect(server.stream.options.password).toBe('better');
  });

  it('can be cancelled while it looks for the endpoint', async () => {
    const host = await openHost({
      discover: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new ProblemError(REFUSED)));
        }),
    });
    const { accountId } = await host.run('accounts.add', {
      jid: 'juliet@example.org',
      password: 'secret',
    });
    await host.untilPhase('finding-endpoint');
    await host.run('accounts.signOut', { accountId });
    expect(host.account.account).toMatchObject({
      enabled: false,
      connection: { phase: 'offline' },
    });
    expect(server.streams).toEqual([]);
  });

  it('uses the endpoint that discovery found', async () => {
    const host = await openHost({
      discover: async ({ domain }) => ({ url: `https://${domain}/found`, source: 'guess' }),
    });
    await host.run('accounts.add', { jid: 'Juliet@Example.ORG', password: 'secret' });
    await host.untilPhase('online');
    expect(server.stream.options).toMatchObject({
      jid: 'juliet@example.org',
      endpoint: 'https://example.org/found',
      resource: expect.stringMatching(/^Holdfast\.[a-z0-9]{6}$/),
    });
    expect(host.account.account.found).toEqual({
      ...{ url: 'https://example.org/found', source: 'guess' },
    });
  });

  it('looks for the endpoint from where it was last, on this network', async () => {
    const asked: unknown[] = [];
    const host = await openHost({
      network: () => 'office',
      discover: async ({ domain, last }) => {
        asked.push(last);
        return { url: `https://${domain}/found`, source: 'published' };
      },
    });
    const { accountId } = await host.run('accounts.add', {
      ...{ jid: 'juliet@example.org', password: 'secret' },
    });
    await host.untilPhase('online');
    await host.run('accounts.signOut', { accountId });
    await host.run('accounts.signIn', { accountId, endpoint: '' });
    await host.untilPhase('online');
    expect(asked).toEqual([undefined, { url: 'https://example.org/found', source: 'published' }]);
  });
});

describe('after a lost session', () => {
  it('fills the gap from the archive in order, page after page, before what arrives now', async () => {
    const { host, accountId } = await online();
    await server.deliver(ROMEO, 'before');
    await host.untilTold('before');
    const gate = Promise.withResolvers<void>();
    server.archiveGate = gate.promise;
    server.loseSession();
    for (let number = 0; number < 250; number++) await server.deliver(ROMEO, `missed ${number}`);
    await host.untilPhase('catching-up');
    await server.deliver(ROMEO, 'live');
    gate.resolve();
    await host.untilTold('live');
    await host.untilPhase('online');
    const missed = Array.from({ length: 250 }, (_, index) => `missed ${index}`);
    const bodies: string[] = [];
    let before: number | undefined;
    for (let atStart = false; !atStart; ) {
      const page = await host.run('messages.load', {
        ...{ accountId, jid: ROMEO, limit: 100 },
        ...(before !== undefined && { before }),
      });
      bodies.unshift(...page.messages.map((message) => message.body));
      before = page.messages[0]?.position;
      atStart = page.atStart;
    }
    expect(bodies).toEqual(['before', ...missed, 'live']);
  });

  it('keeps the order where the next session was lost too, in the middle of its catch-up', async () => {
    const { host, accountId } = await online();
    await server.deliver(ROMEO, 'before');
    await host.untilTold('before');
    server.archiveGate = new Promise(() => {});
    server.loseSession();
    await server.deliver(ROMEO, 'missed');
    await host.untilPhase('catching-up');
    await server.deliver(ROMEO, 'live');
    server.archiveGate = Promise.resolve();
    server.loseSession();
    await host.untilTold('missed');
    await host.untilPhase('online');
    expect(await host.bodies(accountId)).toEqual(['before', 'missed', 'live']);
  });

  it('takes in what only a lost session heard, after what the archive tells', async () => {
    const { host, accountId } = await online();
    server.archiveGate = new Promise(() => {});
    server.loseSession();
    await server.deliver(ROMEO, 'missed');
    await host.untilPhase('catching-up');
    server.archives = false;
    await server.deliver(ROMEO, 'heard only');
    server.archives = true;
    server.archiveGate = Promise.resolve();
    await host.close();
    server.close();
    const again = await openHost();
    await again.untilTold('heard only');
    await again.untilPhase('online');
    expect(await again.bodies(accountId)).toEqual(['missed', 'heard only']);
  });

  it('waits for what the server archives late, and only then sends', async () => {
    const { host, accountId } = await online();
    await server.deliver(ROMEO, 'before');
    await host.untilTold('before');
    const gate = Promise.withResolvers<void>();
    server.archiveGate = gate.promise;
    server.loseSession();
    await host.untilPhase('catching-up');
    await server.deliver(ROMEO, 'live');
    const id = await host.write(accountId, 'ours');
    const receivedEarly: string[] = [];
    server.late.push(
      () => server.keep(from('late one')),
      () => receivedEarly.push(...server.received),
      () => server.keep(from('late two')),
      () => server.keep(from('late three')),
    );
    gate.resolve();
    await host.untilState(id, 'sent');
    expect(await host.bodies(accountId)).toEqual([
      ...['before', 'live', 'late one', 'late two', 'late three', 'ours'],
    ]);
    expect(receivedEarly).toEqual([]);
  });

  it('does not send again what the server is late with', async () => {
    const { host, accountId } = await online();
    server.takesOnly = 0;
    const id = await host.write(accountId, 'taken');
    await host.until(() => host.log.some((line) => line.includes('next try')));
    server.takesOnly = Number.POSITIVE_INFINITY;
    const [taken] = server.lost;
    server.late.push(() => taken && server.take(taken));
    await host.untilState(id, 'sent');
    await host.untilPhase('online');
    expect(server.received).toEqual([id]);
  });

  it('sends nothing new before it knows what became of the old, though the archive fails at first', async () => {
    const { host, accountId } = await online();
    server.takesOnly = 0;
    const old = await host.write(accountId, 'old');
    await host.until(() => host.log.some((line) => line.includes('next try')));
    server.brokenQueries = 2;
    const young = await host.write(accountId, 'young');
    server.takesOnly = Number.POSITIVE_INFINITY;
    for (const id of [old, young]) await host.untilState(id, 'sent');
    expect(server.received).toEqual([old, young]);
  });

  it('goes by the archive where something came live that it has before', async () => {
    const { host, accountId } = await online();
    await server.deliver(ROMEO, 'before');
    await host.untilTold('before');
    const gate = Promise.withResolvers<void>();
    server.archiveGate = gate.promise;
    server.loseSession();
    const again = from('delivered again');
    server.keep(again);
    await host.untilPhase('catching-up');
    await server.deliver(ROMEO, 'live');
    await server.route(again);
    gate.resolve();
    await host.untilTold('live');
    await host.untilPhase('online');
    expect(await host.bodies(accountId)).toEqual(['before', 'delivered again', 'live']);
  });

  it('asks no second time where the session was lost long ago', async () => {
    const { host } = await online();
    await host.close();
    server.close();
    await openHost({ now: () => Date.now() + 61_000 }).then((again) => again.untilPhase('online'));
    expect(server.queries).toBe(2);
  });

  describe('in which an answer was missing', () => {
    it('takes in what came past it after what the archive tells, once', async () => {
      const { host, accountId } = await online();
      await server.deliver(ROMEO, 'before');
      await host.untilTold('before');
      const [missing, heard, heardOnly] = [from('missing'), from('heard'), from('heard only')];
      server.keep(missing);
      server.keep(heard);
      server.loseSession(GONE, [heard, heardOnly]);
      await host.untilTold('heard only');
      await host.untilPhase('online');
      expect(await host.bodies(accountId)).toEqual(['before', 'missing', 'heard', 'heard only']);
    });

    it('takes in what came past it where there is no archive', async () => {
      server.archives = false;
      const { host, accountId } = await online();
      server.loseSession(GONE, [from('heard')]);
      await host.untilTold('heard');
      await host.untilPhase('online');
      expect(await host.bodies(accountId)).toEqual(['heard']);
    });
  });

  it('counts what was missed as unread even where the archive was empty at first', async () => {
    const { host, accountId } = await online();
    server.loseSession();
    for (const body of ['one', 'two']) await server.deliver(ROMEO, body);
    await host.untilTold('two');
    await host.untilPhase('online');
    expect(await host.bodies(accountId)).toEqual(['one', 'two']);
    await host.until(() => host.account.chats[0]?.unread === 2);
  });

  it('goes by time where the archive has forgotten the cursor', async () => {
    const { host, accountId } = await online();
    await server.deliver(ROMEO, 'before');
    await host.untilTold('before');
    server.loseSession();
    await server.deliver(ROMEO, 'missed');
    server.archive.splice(0, 1);
    await host.untilTold('missed');
    await host.untilPhase('online');
    expect(await host.bodies(accountId)).toEqual(['before', 'missed']);
  });

  it('sends again, under the same id, only what the server never took', async () => {
    const { host, accountId } = await online();
    server.takesOnly = 1;
    const first = await host.write(accountId, 'first');
    const second = await host.write(accountId, 'second');
    const third = await host.write(accountId, 'third');
    await host.until(() => host.log.some((line) => line.includes('next try')));
    server.takesOnly = Number.POSITIVE_INFINITY;
    for (const id of [first, second, third]) await host.untilState(id, 'sent');
    expect(server.received).toEqual([first, second, third]);
    expect(await host.bodies(accountId)).toEqual(['first', 'second', 'third']);
  });

  it('does not send again what the server took without saying so', async () => {
    const { host, accountId } = await online();
    await host.write(accountId, 'sent before');
    // The server has it and is gone before its answer.
    const { stream } = server;
    const answered = stream.options.journal.answered;
    stream.options.journal.answered = async () => server.loseSession();
    const id = await host.write(accountId, 'taken');
    await host.until(() => server.streams.length === 2);
    stream.options.journal.answered = answered;
    await host.untilState(id, 'sent');
    await host.untilPhase('online');
    expect(server.received.filter((each) => each === id)).toHaveLength(1);
  });

  it('leaves the choice to the person where there is no archive to ask', async () => {
    server.archives = false;
    const { host, accountId } = await online();
    server.takesOnly = 0;
    const id = await host.write(accountId, 'lost?');
    await host.untilState(id, 'failed');
    expect(host.messageNow(id)?.problem?.code).toBe('network.unconfirmed');
    server.takesOnly = Number.POSITIVE_INFINITY;
    await host.untilPhase('online');
    await host.run('messages.retry', { accountId, id });
    await host.untilState(id, 'sent');
    expect(server.received).toEqual([id]);
  });

  it('sends what was written meanwhile after what was written before', async () => {
    const { host, accountId } = await online();
    server.refuses = REFUSED;
    server.loseSession();
    await host.untilPhase('reconnecting');
    const ids: string[] = [];
    for (const body of ['one', 'two', 'three']) ids.push(await host.write(accountId, body));
    server.refuses = undefined;
    await host.run('accounts.retryNow', { accountId });
    for (const id of ids) await host.untilState(id, 'sent');
    expect(server.received).toEqual(ids);
  });
});

describe('after a restart', () => {
  it('goes on with the stored session and asks the archive nothing', async () => {
    const first = await online();
    await server.deliver(ROMEO, 'before');
    await first.host.untilTold('before');
    await first.host.close();
    const again = await openHost();
    await again.untilPhase('online');
    expect(server.stream.options.resume).toBeDefined();
    expect(again.log.join('\n')).not.toContain('archive');
    await server.deliver(ROMEO, 'after');
    await again.untilTold('after');
    expect(await again.bodies(first.accountId)).toEqual(['before', 'after']);
  });

  it('takes up a catch-up that a dying process left unfinished', async () => {
    const { host, accountId } = await online();
    server.archiveGate = new Promise(() => {});
    server.loseSession();
    await server.deliver(ROMEO, 'missed');
    await host.untilPhase('catching-up');
    await host.close();
    server.archiveGate = Promise.resolve();
    const again = await openHost();
    await again.untilTold('missed');
    expect(server.stream.options.resume).toBeDefined();
    expect(await again.bodies(accountId)).toEqual(['missed']);
  });

  it('signs in at once where the server has lost the session', async () => {
    const first = await online();
    await first.host.close();
    server.close();
    await server.deliver(ROMEO, 'missed');
    const again = await openHost();
    await again.untilPhase('online');
    await again.untilTold('missed');
    expect(again.log.join('\n')).toContain('the stored session ended: endpoint.item-not-found');
    expect(again.log.join('\n')).not.toContain('next try');
  });

  it('shows chats, contacts and drafts before there is any connection', async () => {
    const { host, accountId } = await online();
    await server.deliver(ROMEO, 'hello');
    await host.untilTold('hello');
    await host.run('chats.saveDraft', { accountId, jid: ROMEO, draft: 'I was about to' });
    await host.run('accounts.signOut', { accountId });
    await host.close();
    const again = await openHost();
    expect(again.account).toMatchObject({
      account: { enabled: false, connection: { phase: 'offline' } },
      chats: [{ jid: ROMEO, unread: 1, draft: 'I was about to', lastMessage: { body: 'hello' } }],
    });
  });
});

describe('whom to believe', () => {
  const receipt = (from: string, id: string) =>
    xml(
      'message',
      { from: `${from}/device`, to: 'juliet@example.org' },
      xml('received', { xmlns: 'urn:xmpp:receipts', id }),
    );

  it('takes a receipt from nobody but the one the message was sent to', async () => {
    const { host, accountId } = await online();
    const id = await host.write(accountId, 'hello');
    await host.untilState(id, 'sent');
    await server.route(receipt(NURSE, id));
    await server.deliver(NURSE, 'I said nothing');
    await host.untilTold('I said nothing');
    expect(host.messageNow(id)?.state).toBe('sent');
    await server.route(receipt(ROMEO, id));
    await host.untilState(id, 'delivered');
  });

  it('takes an error from nobody but the one the message was sent to', async () => {
    const { host, accountId } = await online();
    const id = await host.write(accountId, 'hello');
    await host.untilState(id, 'sent');
    const bounce = (from: string) =>
      xml(
        'message',
        { from, to: 'juliet@example.org', type: 'error', id },
        xml(
          'error',
          { type: 'cancel' },
          xml('item-not-found', { xmlns: 'urn:ietf:params:xml:ns:xmpp-stanzas' }),
        ),
      );
    await server.route(bounce(NURSE));
    await server.deliver(NURSE, 'I sent nothing');
    await host.untilTold('I sent nothing');
    expect(host.messageNow(id)?.state).toBe('sent');
    await server.route(bounce(ROMEO));
    await host.untilState(id, 'failed');
    expect(host.messageNow(id)?.problem?.code).toBe('server.message-item-not-found');
  });

  it('tells strangers nothing about being here, and those we write to everything', async () => {
    const { host, accountId } = await online();
    const asking = (body: string) =>
      xml(
        'message',
        { from: `${ROMEO}/device`, to: 'juliet@example.org', type: 'chat', id: body },
        xml('body', {}, body),
        xml('request', { xmlns: 'urn:xmpp:receipts' }),
      );
    const receipts = () => server.stream.sent.filter((each) => each.getChild('received')).length;
    await server.route(asking('stranger'));
    await host.untilTold('stranger');
    // The store answers in order: by now it was asked whether we ever wrote to him.
    await host.bodies(accountId);
    await host.write(accountId, 'who are you?');
    await server.route(asking('friend'));
    await host.untilTold('friend');
    await host.close();
    expect(receipts()).toBe(1);
  });
});

describe('a network that lets one connection through', () => {
  const oneConnection: Problem = { ...REFUSED, code: 'network.one-connection', retry: 'now' };

  it('gets a polling session at once, and the next time too', async () => {
    const { host } = await online();
    expect(server.stream.options.polling).toBe(false);
    server.loseSession(oneConnection);
    await host.until(() => server.streams.length === 2 && host.connection.phase === 'online');
    expect(server.stream.options.polling).toBe(true);
    await host.close();
    server.close();
    const again = await openHost();
    await again.until(() => server.streams.length === 4 && again.connection.phase === 'online');
    expect(server.streams.map(({ options }) => options.polling)).toEqual([false, true, true, true]);
  });
});

describe('a network that let one connection through', () => {
  it('gets a session with two again once the computer is in another one', async () => {
    let network = 'office';
    const host = await openHost({ network: () => network });
    await host.add();
    await host.untilPhase('online');
    server.loseSession({ ...REFUSED, code: 'network.one-connection', retry: 'now' });
    await host.until(() => server.streams.length === 2 && host.connection.phase === 'online');
    network = 'home';
    host.wake();
    await host.until(() => server.streams.length === 3 && host.connection.phase === 'online');
    expect(server.streams.map(({ options }) => options.polling)).toEqual([false, true, false]);
  });
});

describe('a network that has shown what it does', () => {
  it('is kept to by the next session, in the next process too', async () => {
    const limits = { wait: 8, largestRequest: 5_000, refusedRequest: 10_000 };
    const { host } = await online();
    server.stream.options.onLimits?.(limits);
    server.loseSession({ ...REFUSED, code: 'network.request-too-large', retry: 'now' });
    await host.until(() => server.streams.length === 2 && host.connection.phase === 'online');
    expect(server.stream.options.limits).toEqual(limits);
    await host.close();
    server.close();
    const again = await openHost();
    await again.until(() => again.connection.phase === 'online');
    expect(server.stream.options.limits).toEqual(limits);
  });

  it('is told to who asks, and found out anew when it is forgotten', async () => {
    const { host, accountId } = await online();
    const [stream] = server.streams;
    stream?.options.onLimits?.({ wait: 8 });
    const known = await host.run('health.limits', { accountId });
    expect(known).toEqual({
      ...{ limits: { wait: 8 }, at: expect.any(Number), until: expect.any(Number) },
    });
    await host.run('health.forgetLimits', { accountId });
    expect(await host.run('health.limits', { accountId })).toEqual({ limits: {} });
    expect(stream?.limits).toEqual([{}]);
    const { events } = await host.run('health.history', { accountId });
    expect(events.filter(({ kind }) => kind === 'limits')).toMatchObject([
      { limits: { wait: 8 } },
      { limits: {} },
    ]);
  });

  it('makes a session that polls make way for another when it is forgotten', async () => {
    const { host, accountId } = await online();
    server.loseSession({ ...REFUSED, code: 'network.one-connection', retry: 'now' });
    await host.until(() => server.streams.length === 2 && host.connection.phase === 'online');
    expect(server.stream.options.polling).toBe(true);
    await host.run('health.forgetLimits', { accountId });
    await host.until(() => server.streams.length === 3 && host.connection.phase === 'online');
    expect(server.stream.options.polling).toBe(false);
  });
});

describe('the history of the connection', () => {
  it('tells of every session and why it ended, in the next process too', async () => {
    const { host, accountId } = await online();
    server.loseSession();
    await host.until(() => server.streams.length === 2 && host.connection.phase === 'online');
    await host.close();
    const again = await openHost();
    await again.untilPhase('online');
    const { events } = await again.run('health.history', { accountId });
    const told = events.map((event) => {
      if (event.kind === 'state') return event.state;
      return event.kind === 'problem' ? event.problem.code : event.kind;
    });
    expect(told).toEqual([
      ...['recovering', 'rung', 'up', GONE.code, 'down', 'rung', 'up'],
      ...['recovering', 'rung', 'up'],
    ]);
    expect(events.find((event) => event.kind === 'state' && event.state === 'down')).toMatchObject({
      problem: { code: GONE.code },
    });
    const { text } = await again.run('health.report', { accountId });
    expect(text).toContain(`problem ${GONE.code}: ${GONE.message}`);
  });

  it('goes with its account, whose events end', async () => {
    const { host, accountId } = await online();
    await host.run('accounts.remove', { accountId });
    const removed = host.events.findIndex(({ type }) => type === 'account-removed');
    expect(host.events.slice(removed).map(({ type }) => type)).toEqual(['account-removed']);
    expect(host.log.filter((line) => line.includes('history:'))).toEqual([]);
  });
});

describe('a manager that found us too fast', () => {
  it('is left alone for ten seconds', async () => {
    const { host } = await online();
    const before = Date.now();
    server.loseSession({ ...REFUSED, code: 'endpoint.policy-violation' });
    await host.untilPhase('reconnecting');
    expect((host.connection.retryAt ?? 0) - before).toBeGreaterThanOrEqual(10_000);
  });
});

describe('commands', () => {
  it.each([
    ['not a command', {}, 'input.unknown-command'],
    ['messages.send', { accountId: 'a' }, 'input.invalid'],
    ['chats.open', { accountId: 'nobody', jid: ROMEO }, 'input.unknown-account'],
    ['accounts.add', { jid: 'juliet', password: 'x' }, 'input.jid-incomplete'],
    ['accounts.add', { jid: '@example.org', password: 'x' }, 'input.jid'],
    ['accounts.add', { jid: 'a@b/desk', password: 'x' }, 'input.jid-resource'],
    ['accounts.add', { jid: '', password: 'x' }, 'input.jid-empty'],
    ['accounts.add', { jid: 'a@b', password: '' }, 'input.password-empty'],
    [
      'accounts.add',
      { jid: 'a@b', password: 'x', endpoint: 'http://example.org/' },
      'input.endpoint-insecure',
    ],
  ])('refuses %s %j', async (name, input, code) => {
    const host = await openHost();
    expect(await host.raw(name, input)).toMatchObject({ ok: false, problem: { code } });
  });

  it('refuses an address that is here already, however it is written', async () => {
    const { host } = await online();
    const again = host.run('accounts.add', { jid: 'JULIET@example.org', password: 'x' });
    await expect(again).rejects.toMatchObject({ problem: { code: 'input.account-exists' } });
  });

  it('sends a repeated command once', async () => {
    const { host, accountId } = await online();
    const id = newId();
    const input = { accountId, jid: ROMEO, id, body: 'once' };
    await Promise.all([host.run('messages.send', input), host.run('messages.send', input)]);
    await host.untilState(id, 'sent');
    await host.run('messages.send', input);
    expect(server.received).toEqual([id]);
  });

  it('deletes an account with everything of it, and forgets it for good', async () => {
    const { host, accountId } = await online();
    await server.deliver(ROMEO, 'hello');
    await host.untilTold('hello');
    await host.run('accounts.remove', { accountId });
    expect(host.snapshot.accounts).toEqual([]);
    await host.close();
    expect((await openHost()).snapshot.accounts).toEqual([]);
  });

  it('reports the connection without saying who it is', async () => {
    const { host, accountId } = await online();
    const { text } = await host.run('health.report', { accountId });
    expect(text).toContain('login');
    expect(text).not.toContain('juliet');
  });

  it('refuses what needs a connection while there is none', async () => {
    server.refuses = WRONG_PASSWORD;
    const host = await openHost();
    const accountId = await host.add();
    await host.untilPhase('failed');
    const adding = host.run('contacts.add', { accountId, jid: ROMEO });
    await expect(adding).rejects.toMatchObject({ problem: { code: 'network.offline' } });
  });
});

describe('in any history of lost sessions and restarts', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constant('write' as const) },
    { weight: 5, arbitrary: fc.constant('receive' as const) },
    { weight: 1, arbitrary: fc.constant('lose' as const) },
    { weight: 1, arbitrary: fc.constant('lose in the middle' as const) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  );

  it('has every message once, each side in the order it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        server = new ScriptedServer();
        folder = await mkdtemp(join(tmpdir(), 'holdfast-host-'));
        let host = await openHost();
        const accountId = await host.add();
        await host.untilPhase('online');
        const written: string[] = [];
        const delivered: string[] = [];
        for (const what of steps) {
          switch (what) {
            case 'write':
              written.push(await host.write(accountId, `ours ${written.length}`));
              break;
            case 'receive':
              delivered.push(`theirs ${delivered.length}`);
              await server.deliver(ROMEO, delivered.at(-1) ?? '');
              break;
            case 'lose':
              server.loseSession();
              break;
            case 'lose in the middle':
              server.takesOnly = 0;
              written.push(await host.write(accountId, `ours ${written.length}`));
              await host.until(() => host.connection.phase !== 'catching-up');
              server.loseSession();
              server.takesOnly = Number.POSITIVE_INFINITY;
              break;
            case 'restart':
              await host.close();
              host = await openHost();
          }
        }
        server.takesOnly = Number.POSITIVE_INFINITY;
        const last = await host.write(accountId, 'the end');
        await host.untilState(last, 'sent');
        await server.deliver(ROMEO, 'good night');
        await host.untilTold('good night');
        const bodies = await host.bodies(accountId);
        expect(server.received).toEqual([...written, last]);
        expect(bodies.filter((body) => body.startsWith('theirs'))).toEqual(delivered);
        expect(bodies.filter((body) => body.startsWith('ours'))).toEqual(
          written.map((_, index) => `ours ${index}`),
        );
        await host.close();
        await rm(folder, { recursive: true, force: true });
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});
