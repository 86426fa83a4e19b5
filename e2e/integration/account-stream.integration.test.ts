/** The account stream over BOSH on real servers: sign in, talk, go on with a session, be refused. */
import xml, { type Element } from '@xmpp/xml';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createMemoryJournal,
  type MemoryJournal,
} from '../../electron/bosh/client/testing/memory-journal.ts';
import { createNodeHttpExchange } from '../../electron/network/node-http-exchange.ts';
import type { AccountStream } from '../../electron/xmpp/account-stream.ts';
import { createAccountStream } from '../../electron/xmpp/create-account-stream.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';

const open: AccountStream[] = [];

interface Person {
  readonly stream: AccountStream;
  readonly journal: MemoryJournal;
  /** Bodies of messages received, in order. */
  readonly heard: string[];
  hears(body: string): Promise<void>;
}

function connect(
  server: XmppServer,
  name: string,
  options: { password?: string; endpoint?: string; resumeFrom?: MemoryJournal } = {},
): Person {
  const { jid, password } = server.user(name);
  const record = options.resumeFrom?.record();
  const journal = options.resumeFrom ?? createMemoryJournal();
  const stream = createAccountStream({
    jid,
    password: options.password ?? password,
    resource: 'Holdfast.test',
    endpoint: options.endpoint ?? server.boshUrl,
    http: createNodeHttpExchange(),
    journal,
    reason: 'test',
    ...(record ? { resume: { record, unprocessed: [...journal.unprocessed] } } : {}),
  });
  const heard: string[] = [];
  const waiting = new Map<string, () => void>();
  stream.onStanza((stanza: Element) => {
    const body = stanza.is('message') ? stanza.getChildText('body') : null;
    if (body === null) return;
    heard.push(body);
    waiting.get(body)?.();
  });
  stream.start();
  open.push(stream);
  return {
    stream,
    journal,
    heard,
    hears: (body) =>
      heard.includes(body)
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.set(body, resolve);
          }),
  };
}

const chat = (to: string, body: string, id = crypto.randomUUID()) =>
  xml('message', { to, type: 'chat', id }, xml('body', {}, body));

async function online(person: Person): Promise<Person> {
  await person.stream.ready;
  person.stream.send(xml('presence'));
  return person;
}

describe.each([
  ['prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('an account stream on %s', (_kind, start) => {
  let server: XmppServer;

  beforeAll(async () => {
    server = await start();
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((stream) => stream.terminate()));
  });

  afterAll(() => server.stop());

  it('signs in with the strongest mechanism and binds', async () => {
    const alice = connect(server, 'alice');
    await alice.stream.ready;
    expect(alice.stream.jid).toBe(`${server.user('alice').jid}/Holdfast.test`);
    const health = alice.stream.health();
    expect(health.state).toBe('open');
    expect(health.granted.hold).toBe(1);
    expect(health.rung?.name).toBe('login');
  });

  it('carries a burst each way once and in order', async () => {
    const alice = await online(connect(server, 'alice'));
    const bob = await online(connect(server, 'bob'));
    const sent = Array.from({ length: 200 }, (_, index) => `n ${index}`);
    for (const body of sent) {
      alice.stream.send(chat(bob.stream.bareJid, body));
      bob.stream.send(chat(alice.stream.bareJid, body));
    }
    await Promise.all([alice.hears('n 199'), bob.hears('n 199')]);
    expect(bob.heard).toEqual(sent);
    expect(alice.heard).toEqual(sent);
  });

  it('answers each of a long run of echoes without a stall', async () => {
    const alice = await online(connect(server, 'alice'));
    const bob = await online(connect(server, 'bob'));
    bob.stream.onStanza((stanza) => {
      const body = stanza.is('message') ? stanza.getChildText('body') : null;
      if (body !== null) bob.stream.send(chat(alice.stream.bareJid, `echo ${body}`));
    });
    for (let index = 0; index < 100; index += 1) {
      alice.stream.send(chat(bob.stream.bareJid, `${index}`));
      await alice.hears(`echo ${index}`);
    }
    expect(alice.heard).toHaveLength(100);
  });

  it('goes on with a session another process let go, and misses nothing', async () => {
    const alice = await online(connect(server, 'alice'));
    const bob = await online(connect(server, 'bob'));
    bob.stream.send(chat(alice.stream.bareJid, 'before'));
    await alice.hears('before');
    const sid = alice.stream.health().sid;
    await alice.stream.detach();
    for (const body of ['one', 'two', 'three']) bob.stream.send(chat(alice.stream.bareJid, body));
    const again = connect(server, 'alice', { resumeFrom: alice.journal });
    await again.stream.ready;
    await again.hears('three');
    expect(again.heard).toEqual(['one', 'two', 'three']);
    expect(again.stream.health().sid).toBe(sid);
    expect(again.stream.health().rung?.name).toBe('re-attach');
    again.stream.send(chat(bob.stream.bareJid, 'back'));
    await bob.hears('back');
  });

  it('says that a wrong password was not accepted', async () => {
    const alice = connect(server, 'alice', { password: 'wrong' });
    await expect(alice.stream.ready).rejects.toMatchObject({
      problem: { code: 'server.not-authorized', retry: 'never' },
    });
  });

  it('says that a session is gone', async () => {
    const alice = await online(connect(server, 'alice'));
    await alice.stream.detach();
    const record = alice.journal.record();
    if (!record) throw new Error('no session in the journal');
    await alice.journal.begin({ ...record, sid: `${record.sid}x` });
    const again = connect(server, 'alice', { resumeFrom: alice.journal });
    await expect(again.stream.ready).rejects.toMatchObject({
      problem: { code: 'endpoint.item-not-found', retry: 'now' },
    });
  });
});
