/** The extensions against a real Prosody and a real ejabberd. */
import { createHash, randomUUID } from 'node:crypto';
import xml from '@xmpp/xml';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { arrivalOf } from '../../electron/host/arrival.ts';
import type { ArchiveAnswer, ArchivedMessage } from '../../electron/xmpp/extensions/archive.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { connectDevice, type Device, next } from './tcp-stream.ts';

const USERS = ['dora', 'emil', 'frida', 'gustav', 'hanna', 'ivan', 'jana', 'karl', 'lena', 'max'];

/** The smallest PNG there is: one transparent point. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const PNG_HASH = createHash('sha1').update(PNG).digest('hex');

describe.each([
  ['Prosody', startProsody],
  ['ejabberd', startEjabberd],
])('%s', (kind, start) => {
  let server: XmppServer;
  const devices: Device[] = [];

  beforeAll(async () => {
    server = await start({ tls: false, users: USERS });
  });
  afterAll(() => server?.stop());
  afterEach(async () => {
    await Promise.all(devices.splice(0).map((device) => device.close()));
  });

  /** Signs in, silent: no presence. */
  async function signIn(user: string, resource = 'desk'): Promise<Device> {
    const device = await connectDevice(server, user, resource);
    devices.push(device);
    return device;
  }

  /** Signs in with carbons and presence, known to the server as here. */
  async function arrive(user: string, resource = 'desk'): Promise<Device> {
    const device = await signIn(user, resource);
    await device.roster.load();
    expect(await device.carbons.enable()).toBe(true);
    const own = next(device.presence.onPresence, (jid) => jid === device.stream.bareJid);
    device.presence.announce();
    await own;
    return device;
  }

  const address = (user: string) => `${user}@${server.domain}`;

  test('a change to the roster is pushed to every device, and versions save asking again', async () => {
    const desk = await arrive('alice');
    const phone = await arrive('alice', 'phone');
    const pushed = next(phone.roster.onPush, (push) => push.kind === 'item');
    await desk.roster.set({ jid: address('bob'), name: 'Bob & Co', groups: ['Friends', 'Work'] });
    const [push] = await pushed;
    expect(push).toMatchObject({
      item: { jid: address('bob'), name: 'Bob & Co', subscription: 'none', asked: false },
    });
    expect(push.kind === 'item' && [...push.item.groups].sort()).toEqual(['Friends', 'Work']);
    const loaded = await phone.roster.load();
    expect(loaded).toMatchObject({ kind: 'items', items: [{ jid: address('bob') }] });
    const version = loaded.kind === 'items' ? loaded.version : undefined;
    expect(version).toBeDefined();
    expect(await phone.roster.load(version)).toEqual({ kind: 'unchanged' });

    const removed = next(phone.roster.onPush, ({ kind: what }) => what === 'removed');
    await desk.roster.remove(address('bob'));
    expect((await removed)[0]).toMatchObject({ jid: address('bob') });
  });

  test('one asks, the other accepts and asks in return, and both see each other', async () => {
    const dora = await arrive('dora');
    const emil = await arrive('emil');
    const request = next(emil.roster.onSubscription, ({ kind: word }) => word === 'subscribe');
    const asked = next(
      dora.roster.onPush,
      (push) => push.kind === 'item' && push.item.asked && push.item.subscription === 'none',
    );
    dora.roster.subscribe(address('emil'));
    expect((await request)[0].jid).toBe(address('dora'));
    await asked;

    const seen = next(
      dora.presence.onPresence,
      (jid, { show }) => jid === address('emil') && show === 'online',
    );
    const granted = next(dora.roster.onSubscription, ({ kind: word }) => word === 'subscribed');
    emil.roster.approve(address('dora'));
    expect((await granted)[0].jid).toBe(address('emil'));
    await seen;

    const back = next(dora.roster.onSubscription, ({ kind: word }) => word === 'subscribe');
    emil.roster.subscribe(address('dora'));
    await back;
    const both = next(
      emil.roster.onPush,
      (push) => push.kind === 'item' && push.item.subscription === 'both',
    );
    dora.roster.approve(address('emil'));
    expect((await both)[0]).toMatchObject({ item: { jid: address('dora'), asked: false } });

    const away = next(
      emil.presence.onPresence,
      (jid, { show }) => jid === address('dora') && show === 'away',
    );
    dora.presence.announce({ show: 'away', status: 'at lunch' });
    expect((await away)[1]).toEqual({ show: 'away', status: 'at lunch' });
    const gone = next(
      emil.presence.onPresence,
      (jid, { show }) => jid === address('dora') && show === 'offline',
    );
    dora.presence.leave();
    await gone;

    const refused = next(emil.roster.onSubscription, ({ kind: word }) => word === 'unsubscribed');
    dora.roster.refuse(address('emil'));
    expect((await refused)[0].jid).toBe(address('dora'));
  });

  test('a probe brings a contact’s presence again', async () => {
    const frida = await arrive('frida');
    const gustav = await arrive('gustav');
    const request = next(gustav.roster.onSubscription, ({ kind: word }) => word === 'subscribe');
    frida.roster.subscribe(address('gustav'));
    await request;
    const isHere = (jid: string, { show }: { show: string }) =>
      jid === address('gustav') && show === 'online';
    const seen = next(frida.presence.onPresence, isHere);
    gustav.roster.approve(address('frida'));
    await seen;
    const again = next(frida.presence.onPresence, isHere);
    frida.presence.probe(address('gustav'));
    await again;
  });

  test('texts go both ways with stable ids, receipts and chat states', async () => {
    const alice = await arrive('alice');
    const bob = await arrive('bob');
    const id = randomUUID();
    const arrived = next(bob.messages.onMessage, ({ body }) => body !== undefined);
    alice.messages.send({ id, to: address('bob'), body: 'Grüße <&> 👋' });
    const [message] = await arrived;
    expect(message).toMatchObject({
      route: 'direct',
      peer: address('alice'),
      outgoing: false,
      id,
      originId: id,
      body: 'Grüße <&> 👋',
      receiptRequested: true,
      chatState: 'active',
      stanzaId: expect.any(String),
    });
    expect(message).not.toHaveProperty('delayedAt');
    expect(arrivalOf(message, 1_000)).toEqual({
      chat: address('alice'),
      outgoing: false,
      body: 'Grüße <&> 👋',
      at: 1_000,
      messageId: id,
      stanzaId: message.stanzaId,
    });

    const receipt = next(alice.receipts.onReceipt, () => true);
    expect(bob.receipts.answer(message)).toBe(true);
    expect(await receipt).toEqual([{ peer: address('bob'), id }]);

    const composing = next(alice.chatStates.onState, () => true);
    bob.chatStates.send(address('alice'), 'composing');
    expect(await composing).toEqual([address('bob'), 'composing']);
  });

  test('every device has both sides of a conversation', async () => {
    const desk = await arrive('hanna');
    const phone = await arrive('hanna', 'phone');
    const ivan = await arrive('ivan');
    const sent = next(phone.messages.onMessage, ({ outgoing }) => outgoing);
    const arrived = next(ivan.messages.onMessage, ({ body }) => body !== undefined);
    desk.messages.send({ id: 'out', to: address('ivan'), body: 'from the desk' });
    expect((await sent)[0]).toMatchObject({
      route: 'carbon',
      peer: address('ivan'),
      id: 'out',
      originId: 'out',
      body: 'from the desk',
    });

    // An answer to one device reaches the other as a copy.
    const [question] = await arrived;
    const copied = next(phone.messages.onMessage, ({ body }) => body === 'to the desk');
    ivan.stream.send(
      xml('message', { type: 'chat', to: question.from, id: 'in' }, xml('body', {}, 'to the desk')),
    );
    const [copy] = await copied;
    expect(copy).toMatchObject({ route: 'carbon', outgoing: false, peer: address('ivan') });
    expect(copy.stanzaId).toEqual(expect.any(String));
    expect(phone.receipts.answer({ ...copy, receiptRequested: true })).toBe(false);

    // So does the receipt for what another device sent.
    const acknowledged = next(phone.receipts.onReceipt, () => true);
    ivan.receipts.answer(question);
    expect(await acknowledged).toEqual([{ peer: address('ivan'), id: 'out' }]);
  });

  test('what a stranger wraps as a copy, a result or a push is not believed', async () => {
    const alice = await arrive('alice');
    const mallory = await arrive('bob');
    const to = alice.stream.jid;
    const believed: string[] = [];
    alice.messages.onMessage(({ body }) => believed.push(body ?? ''));
    alice.roster.onPush(() => believed.push('push'));
    const forged = () =>
      xml(
        'forwarded',
        'urn:xmpp:forward:0',
        xml(
          'message',
          { xmlns: 'jabber:client', from: address('carol'), to: alice.stream.bareJid },
          xml('body', {}, 'forged'),
        ),
      );
    const wrapped = [
      xml('received', 'urn:xmpp:carbons:2', forged()),
      xml('sent', 'urn:xmpp:carbons:2', forged()),
      xml('result', { xmlns: 'urn:xmpp:mam:2', id: 'x', queryid: 'y' }, forged()),
    ];
    for (const wrapper of wrapped) {
      mallory.stream.send(xml('message', { to, type: 'chat' }, wrapper));
    }
    const push = xml(
      'iq',
      { to, type: 'set', id: 'push' },
      xml('query', 'jabber:iq:roster', xml('item', { jid: address('carol') })),
    );
    await expect(mallory.stream.request(push)).rejects.toMatchObject({
      condition: 'service-unavailable',
    });
    const last = next(alice.messages.onMessage, ({ body }) => body === 'honest');
    const stanzaId = { xmlns: 'urn:xmpp:sid:0', by: alice.stream.bareJid, id: 'forged' };
    mallory.stream.send(
      xml(
        'message',
        { to, type: 'chat' },
        xml('body', {}, 'honest'),
        xml('stanza-id', stanzaId),
        xml('stanza-id', { ...stanzaId, by: address('bob') }),
      ),
    );
    expect((await last)[0].stanzaId).not.toBe('forged');
    expect(believed).toEqual(['honest']);
  });

  test('a message to nobody comes back with a reason', async () => {
    const alice = await arrive('alice');
    const failed = next(alice.messages.onError, ({ id }) => id === 'lost');
    alice.messages.send({ id: 'lost', to: address('nobody'), body: 'hello?' });
    expect((await failed)[0]).toMatchObject({
      peer: address('nobody'),
      id: 'lost',
      problem: { code: 'server.message-service-unavailable', source: 'server' },
    });
  });

  test('what was sent while we were away comes with the time it was sent', async () => {
    const alice = await arrive('alice');
    const before = Date.now();
    alice.messages.send({ id: 'later', to: address('carol'), body: 'read this later' });
    await alice.ping.ask();
    const carol = await signIn('carol');
    await carol.roster.load();
    const arrived = next(carol.messages.onMessage, ({ body }) => body === 'read this later');
    carol.presence.announce();
    const [message] = await arrived;
    expect(message.delayedAt).toBeGreaterThan(before - 2_000);
    expect(message.delayedAt).toBeLessThan(Date.now() + 2_000);
    expect(carol.receipts.answer(message)).toBe(true);
  });

  describe('the archive', () => {
    const bodiesOf = (device: Device, messages: readonly ArchivedMessage[]) =>
      messages.flatMap((archived) => {
        const decoded = device.messages.decode(archived);
        return decoded?.kind === 'message' && decoded.body !== undefined ? [decoded.body] : [];
      });
    const page = (answer: ArchiveAnswer) => {
      if (answer.kind !== 'page') throw new Error(`no page but ${answer.kind}`);
      return answer;
    };
    const numbered = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => `number ${from + index}`);

    /** Ten to karl with two to lena between them, all archived when this returns. */
    async function talk(jana: Device, karl: Device): Promise<void> {
      const arrived = next(karl.messages.onMessage, ({ body }) => body === 'number 10');
      for (let number = 1; number <= 10; number += 1) {
        const body = `number ${number}`;
        jana.messages.send({ id: randomUUID(), to: karl.stream.bareJid, body });
        if (number % 5 === 0) {
          jana.messages.send({ id: randomUUID(), to: address('lena'), body: 'for lena' });
        }
      }
      await arrived;
      await jana.ping.ask();
    }

    test('is read forward after a cursor, page by page, to its end', async () => {
      const jana = await arrive('jana');
      const karl = await arrive('karl');
      expect((await jana.disco.account()).features).toContain('urn:xmpp:mam:2');
      const seen = next(karl.messages.onMessage, ({ body }) => body === 'number 3');
      await talk(jana, karl);
      const [third] = await seen;

      const pages: string[][] = [];
      const cursor = third.stanzaId;
      if (cursor === undefined) throw new Error('the server gave no stanza-id');
      for await (const answer of karl.archive.pagesAfter({ after: cursor, max: 3 })) {
        pages.push(bodiesOf(karl, page(answer).messages));
      }
      expect(pages.map(({ length }) => length).slice(0, 2)).toEqual([3, 3]);
      expect(pages.flat()).toEqual(numbered(4, 10));

      const all = page(await karl.archive.forward({ max: 100 }));
      expect(all.complete).toBe(true);
      expect(all.messages.find(({ id }) => id === cursor)).toBeDefined();
      expect(page(await karl.archive.forward({ after: all.last ?? '' }))).toEqual({
        kind: 'page',
        messages: [],
        complete: true,
      });
      const [first] = all.messages;
      const decoded = first && karl.messages.decode(first);
      expect(decoded).toMatchObject({
        route: 'archive',
        outgoing: false,
        peer: address('jana'),
        stanzaId: first?.id,
        delayedAt: first?.at,
      });
      expect(Math.abs(Date.now() - (first?.at ?? 0))).toBeLessThan(60_000);
    });

    test('is read backward for one person, from the end to its beginning', async () => {
      const max = await arrive('max');
      const lena = await arrive('lena');
      const karl = await arrive('karl');
      await talk(max, karl);
      const answered = next(max.messages.onMessage, ({ body }) => body === 'for max');
      lena.messages.send({ id: randomUUID(), to: address('max'), body: 'for max' });
      await answered;

      let bodies: string[] = [];
      let before: string | undefined;
      let pages = 0;
      for (;;) {
        const query = { with: address('karl'), max: 4, ...(before ? { before } : {}) };
        const answer = page(await max.archive.backward(query));
        bodies = [...bodiesOf(max, answer.messages), ...bodies];
        pages += 1;
        if (answer.complete) break;
        before = answer.first;
      }
      expect(bodies).toEqual(numbered(1, 10));
      expect(pages).toBeGreaterThanOrEqual(3);
      const own = page(await max.archive.backward({ with: address('lena'), max: 1 }));
      expect(max.messages.decode(own.messages[0] as ArchivedMessage)).toMatchObject({
        outgoing: false,
        peer: address('lena'),
        body: 'for max',
      });
    });

    test('never answers a cursor it does not know with less than there is', async () => {
      const jana = await arrive('jana');
      const karl = await arrive('karl');
      await talk(jana, karl);
      const answer = await jana.archive.forward({ after: 'never-given-out', max: 250 });
      if (kind === 'Prosody') {
        expect(answer).toEqual({ kind: 'cursor-unknown' });
      } else {
        // ejabberd ignores what is none of its ids and starts at the beginning.
        const all = page(await jana.archive.forward({ max: 250 }));
        expect(page(answer).messages.map(({ id }) => id)).toEqual(all.messages.map(({ id }) => id));
      }
    });

    test('lets go of a query that is given up', async () => {
      const jana = await arrive('jana');
      const controller = new AbortController();
      const given = jana.archive.forward({ signal: controller.signal });
      controller.abort(new Error('enough'));
      await expect(given).rejects.toThrow('enough');
      expect(page(await jana.archive.forward({})).kind).toBe('page');
    });
  });

  test('an avatar published by another client is announced and fetched', async () => {
    const frida = await arrive('frida');
    const phone = await signIn('frida', 'phone');
    const announced = next(frida.avatar.onHash, (_, hash) => hash !== undefined);
    const publish = (node: string, item: ReturnType<typeof xml>) =>
      phone.stream.request(
        xml(
          'iq',
          { type: 'set' },
          xml('pubsub', 'http://jabber.org/protocol/pubsub', xml('publish', { node }, item)),
        ),
      );
    const data = xml('data', 'urn:xmpp:avatar:data', PNG.toString('base64'));
    await publish('urn:xmpp:avatar:data', xml('item', { id: PNG_HASH }, data));
    const info = { bytes: String(PNG.length), id: PNG_HASH, type: 'image/png' };
    const metadata = xml('metadata', 'urn:xmpp:avatar:metadata', xml('info', info));
    await publish('urn:xmpp:avatar:metadata', xml('item', { id: PNG_HASH }, metadata));
    expect(await announced).toEqual([address('frida'), PNG_HASH]);
    expect(await frida.avatar.fetch(address('frida'), PNG_HASH)).toEqual({
      hash: PNG_HASH,
      type: 'image/png',
      bytes: new Uint8Array(PNG),
    });
    expect(await frida.avatar.fetch(address('frida'), '0'.repeat(40))).toBeUndefined();
    expect(await frida.avatar.fetch(address('karl'), PNG_HASH)).toBeUndefined();
  });

  test('a vCard written by another client gives the name and the photo', async () => {
    const lena = await arrive('lena');
    const max = await arrive('max');
    const request = next(lena.roster.onSubscription, ({ kind: word }) => word === 'subscribe');
    max.roster.subscribe(address('lena'));
    await request;
    const announced = next(max.vcardAvatar.onHash, (jid, hash) => {
      return jid === address('lena') && hash === PNG_HASH;
    });
    lena.roster.approve(address('max'));
    await lena.stream.request(
      xml(
        'iq',
        { type: 'set' },
        xml(
          'vCard',
          'vcard-temp',
          xml('FN', {}, 'Lena Example'),
          xml('NICKNAME', {}, 'Leni'),
          xml('PHOTO', {}, xml('TYPE', {}, 'image/png'), xml('BINVAL', {}, PNG.toString('base64'))),
        ),
      ),
    );
    // Servers put the hash of a new photo into the next presence.
    lena.presence.announce();
    await announced;
    expect(await max.vcard.read(address('lena'))).toMatchObject({
      fullName: 'Lena Example',
      nickname: 'Leni',
      photo: { hash: PNG_HASH, type: 'image/png' },
    });
    expect(await max.vcardAvatar.fetch(address('lena'), PNG_HASH)).toMatchObject({
      bytes: new Uint8Array(PNG),
    });
    expect(await max.vcard.read(address('ivan'))).toEqual({});
  });

  test('server and account say what they can do, and so do we', async () => {
    const alice = await arrive('alice');
    const bob = await arrive('bob');
    expect((await alice.disco.server()).features).toContain('urn:xmpp:carbons:2');
    expect((await alice.disco.account()).features).toContain('urn:xmpp:sid:0');
    const ours = await bob.disco.info(alice.stream.jid);
    expect(ours.identities).toEqual([{ category: 'client', type: 'pc', name: 'Holdfast' }]);
    expect(ours.features).toContain('urn:xmpp:receipts');
    expect(await alice.ping.ask()).toBeGreaterThan(0);
    expect(await bob.ping.ask({ to: alice.stream.jid })).toBeGreaterThan(0);
  });
});
