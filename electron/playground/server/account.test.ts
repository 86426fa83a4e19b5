import xml, { type Element } from '@xmpp/xml';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '../testing/signed-in.ts';
import type { TestClient } from '../testing/test-client.ts';

const ROMEO = 'romeo@playground.alt';
const JULIET = 'juliet@playground.alt';
const CARBONS = 'urn:xmpp:carbons:2';
const ROSTER = 'jabber:iq:roster';

function chat(to: string, text: string, ...children: Element[]): Element {
  return xml('message', { to, type: 'chat', id: text }, xml('body', {}, text), ...children);
}

/** Everything sent to a client before this has come. */
async function settled(client: TestClient): Promise<void> {
  await client.request(
    xml('iq', { type: 'get', to: 'playground.alt' }, xml('ping', { xmlns: 'urn:xmpp:ping' })),
  );
}

async function rosterOf(client: TestClient): Promise<Record<string, string>> {
  const answer = await client.request(xml('iq', { type: 'get' }, xml('query', { xmlns: ROSTER })));
  const items = answer.getChild('query', ROSTER)?.getChildren('item') ?? [];
  return Object.fromEntries(items.map(({ attrs }) => [attrs.jid, attrs.subscription]));
}

function presences(client: TestClient, from: string): (string | undefined)[] {
  return client.received
    .filter(({ name, attrs }) => name === 'presence' && attrs.from?.startsWith(from))
    .map(({ attrs }) => attrs.type);
}

describe('messages', () => {
  it('go to every device there, from the true address and with the archive’s id', async () => {
    const { client } = startTestServer(['romeo', 'juliet']);
    const [phone, laptop] = [
      await client('juliet', { resource: 'phone' }),
      await client('juliet', { resource: 'laptop' }),
    ];
    const romeo = await client('romeo');
    romeo.send(
      xml(
        'message',
        { to: JULIET, from: 'tybalt@playground.alt', type: 'chat' },
        xml('body', {}, 'It is the east'),
      ),
    );
    for (const device of [phone, laptop]) {
      const message = await device.message('It is the east');
      expect(message.attrs.from).toBe(romeo.jid);
      expect(message.getChild('stanza-id')?.attrs).toMatchObject({ by: JULIET });
    }
  });

  it('do not go to a device that is not available or has a negative priority', async () => {
    const { client } = startTestServer(['romeo', 'juliet']);
    const absent = await client('juliet', { resource: 'absent', isAvailable: false });
    const quiet = await client('juliet', { resource: 'quiet', isAvailable: false });
    quiet.announce(xml('priority', {}, '-1'));
    const there = await client('juliet', { resource: 'there' });
    const romeo = await client('romeo');
    romeo.send(chat(JULIET, 'Good night'));
    await there.message('Good night');
    expect(
      [...absent.received, ...quiet.received].filter(({ name }) => name === 'message'),
    ).toEqual([]);
  });

  it('are copied to devices that want copies, both ways', async () => {
    const { client } = startTestServer(['romeo', 'juliet']);
    const phone = await client('juliet', { resource: 'phone' });
    const laptop = await client('juliet', { resource: 'laptop' });
    const romeo = await client('romeo');
    await laptop.request(xml('iq', { type: 'set' }, xml('enable', { xmlns: CARBONS })));
    romeo.send(chat(phone.jid, 'To the phone'));
    const received = await laptop.next((each) => each.getChild('received', CARBONS) !== undefined);
    phone.send(chat(ROMEO, 'From the phone'));
    const sent = await laptop.next((each) => each.getChild('sent', CARBONS) !== undefined);
    expect(received.attrs.from).toBe(JULIET);
    expect(String(received)).toContain('To the phone');
    expect(String(sent)).toContain('From the phone');
    await settled(phone);
    expect(phone.received.some((each) => each.getChild('sent', CARBONS))).toBe(false);
  });

  it('come back from an address nobody has, and are no error without end', async () => {
    const { client } = startTestServer(['romeo']);
    const romeo = await client('romeo');
    romeo.send(chat('nobody@playground.alt', 'Hello?'));
    romeo.send(chat('somebody@example.org', 'Hello there?'));
    const conditions: (string | undefined)[] = [];
    for (const id of ['Hello?', 'Hello there?']) {
      const error = await romeo.next(({ attrs }) => attrs.type === 'error' && attrs.id === id);
      conditions.push(error.getChild('error')?.getChildElements()[0]?.name);
    }
    expect(conditions).toEqual(['service-unavailable', 'remote-server-not-found']);
  });

  it('cannot bring an archive id of their own', async () => {
    const { client } = startTestServer(['romeo', 'juliet']);
    const juliet = await client('juliet');
    const romeo = await client('romeo');
    const forged = xml('stanza-id', { xmlns: 'urn:xmpp:sid:0', by: JULIET, id: 'forged' });
    romeo.send(chat(JULIET, 'Trust me', forged));
    const message = await juliet.message('Trust me');
    const ids = message.getChildren('stanza-id').map(({ attrs }) => attrs.id);
    expect(ids).toHaveLength(1);
    expect(ids).not.toContain('forged');
  });
});

describe('contacts', () => {
  it('are agreed on by asking and granting, both ways', async () => {
    const { client } = startTestServer(['romeo', 'juliet']);
    const juliet = await client('juliet');
    const romeo = await client('romeo');
    await rosterOf(romeo);
    romeo.send(xml('presence', { to: JULIET, type: 'subscribe' }));
    await juliet.next(({ attrs }) => attrs.type === 'subscribe');
    juliet.send(xml('presence', { to: ROMEO, type: 'subscribed' }));
    await romeo.next(({ name, attrs }) => name === 'presence' && attrs.from === juliet.jid);
    expect(await rosterOf(romeo)).toEqual({ [JULIET]: 'to' });
    expect(await rosterOf(juliet)).toEqual({ [ROMEO]: 'from' });
    const pushes = romeo.received.filter(
      ({ name, attrs }) => name === 'iq' && attrs.type === 'set',
    );
    const items = pushes.map((push) => push.getChild('query')?.getChild('item')?.attrs);
    expect(items).toMatchObject([
      { subscription: 'none', ask: 'subscribe' },
      { subscription: 'to' },
    ]);
  });

  it('hear a request again at their next start, until they answer it', async () => {
    const { client } = startTestServer(['romeo', 'juliet']);
    const romeo = await client('romeo');
    romeo.send(xml('presence', { to: JULIET, type: 'subscribe' }));
    await settled(romeo);
    const first = await client('juliet');
    await first.next(({ attrs }) => attrs.type === 'subscribe');
    first.close();
    const second = await client('juliet');
    await second.next(({ attrs }) => attrs.type === 'subscribe');
    second.send(xml('presence', { to: ROMEO, type: 'unsubscribed' }));
    await romeo.next(({ attrs }) => attrs.type === 'unsubscribed');
    const third = await client('juliet', { resource: 'third' });
    await settled(third);
    expect(third.received.some(({ attrs }) => attrs.type === 'subscribe')).toBe(false);
  });

  it('are renamed and removed, and no longer see anybody then', async () => {
    const { account, client } = startTestServer(['romeo', 'juliet']);
    const both = { groups: [], to: true, from: true, asked: false };
    account('romeo').roster.set({ jid: JULIET, ...both });
    account('juliet').roster.set({ jid: ROMEO, ...both });
    const juliet = await client('juliet');
    const romeo = await client('romeo');
    const edit = (item: Record<string, string>) =>
      romeo.request(xml('iq', { type: 'set' }, xml('query', { xmlns: ROSTER }, xml('item', item))));
    await edit({ jid: JULIET, name: 'The sun' });
    expect(account('romeo').roster.get(JULIET)).toMatchObject({ name: 'The sun', to: true });
    await edit({ jid: JULIET, subscription: 'remove' });
    expect(await rosterOf(romeo)).toEqual({});
    expect(await rosterOf(juliet)).toEqual({ [ROMEO]: 'none' });
  });
});

describe('presence', () => {
  it('is told to contacts, told of contacts, and ends with the stream', async () => {
    const { account, client } = startTestServer(['romeo', 'juliet']);
    account('romeo').roster.set({ jid: JULIET, groups: [], to: true, from: true, asked: false });
    account('juliet').roster.set({ jid: ROMEO, groups: [], to: true, from: true, asked: false });
    const juliet = await client('juliet');
    const romeo = await client('romeo');
    const seen = ({ attrs }: Element) => attrs.from === juliet.jid;
    await romeo.next(seen);
    await juliet.next(({ attrs }) => attrs.from === romeo.jid);
    romeo.close();
    await juliet.next(({ attrs }) => attrs.from === romeo.jid && attrs.type === 'unavailable');
    expect(presences(juliet, ROMEO)).toEqual([undefined, 'unavailable']);
  });

  it('is not told to strangers, whatever they ask', async () => {
    const { client } = startTestServer(['romeo', 'juliet']);
    await client('juliet');
    const romeo = await client('romeo');
    romeo.send(xml('presence', { to: JULIET, type: 'probe' }));
    await settled(romeo);
    expect(presences(romeo, JULIET)).toEqual([]);
  });
});

describe('requests', () => {
  it.each([
    ['session', xml('session', { xmlns: 'urn:ietf:params:xml:ns:xmpp-session' }), 'set', undefined],
    ['ping', xml('ping', { xmlns: 'urn:xmpp:ping' }), 'get', 'playground.alt'],
    [
      'server information',
      xml('query', { xmlns: 'http://jabber.org/protocol/disco#info' }),
      'get',
      'playground.alt',
    ],
    [
      'account information',
      xml('query', { xmlns: 'http://jabber.org/protocol/disco#info' }),
      'get',
      ROMEO,
    ],
    ['own vCard', xml('vCard', { xmlns: 'vcard-temp' }), 'get', undefined],
    ['another’s vCard', xml('vCard', { xmlns: 'vcard-temp' }), 'get', JULIET],
  ] as const)('are answered: %s', async (_what, child, type, to) => {
    const { client } = startTestServer(['romeo', 'juliet']);
    const romeo = await client('romeo');
    const answer = await romeo.request(xml('iq', { type, ...(to && { to }) }, child));
    expect(answer.attrs).toMatchObject({ type: 'result', to: romeo.jid });
  });

  it('that nobody understands are refused', async () => {
    const { client } = startTestServer(['romeo', 'juliet']);
    const romeo = await client('romeo');
    for (const to of [undefined, 'playground.alt', JULIET, `${JULIET}/nowhere`]) {
      const unknown = xml('unknown', { xmlns: 'urn:example' });
      const answer = await romeo.request(xml('iq', { type: 'get', ...(to && { to }) }, unknown));
      expect(answer.getChild('error')?.getChild('service-unavailable')).toBeDefined();
    }
  });
});
