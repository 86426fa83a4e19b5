import xml, { type Element } from '@xmpp/xml';
import { describe, expect, it } from 'vitest';
import { startTestServer, tickingClock } from '../testing/signed-in.ts';
import type { TestClient } from '../testing/test-client.ts';
import { Room } from './room.ts';

const ROOM = 'harbour@rooms.playground.alt';
const MUC = 'http://jabber.org/protocol/muc';

function startRoom() {
  const started = startTestServer(['romeo', 'juliet']);
  const room = new Room({
    ...{ jid: ROOM, name: 'Harbour', subject: 'Tides', regulars: ['Ines'] },
    ...{ router: started.server.router, now: tickingClock() },
  });
  return { ...started, room };
}

/** Enters and waits for the subject, which comes last. */
async function enter(client: TestClient, nick: string, history?: string): Promise<void> {
  const mark = client.received.length;
  const x = xml('x', { xmlns: MUC });
  if (history !== undefined) x.append(xml('history', { maxstanzas: history }));
  client.send(xml('presence', { to: `${ROOM}/${nick}` }, x));
  await client.next((element) => element.getChild('subject') !== undefined, mark);
}

function say(client: TestClient, text: string, ...children: Element[]): void {
  client.send(
    xml('message', { to: ROOM, type: 'groupchat', id: text }, xml('body', {}, text), ...children),
  );
}

function codes(presence: Element): string[] {
  const statuses = presence.getChild('x', `${MUC}#user`)?.getChildren('status') ?? [];
  return statuses.map(({ attrs }) => attrs.code);
}

function fromNick(nick: string, type?: string) {
  return ({ name, attrs }: Element) =>
    name === 'presence' && attrs.from === `${ROOM}/${nick}` && attrs.type === type;
}

describe('entering a room', () => {
  it('shows who is there, then oneself, then what was said, then the subject', async () => {
    const { client, room } = startRoom();
    room.say('Ines', 'The tide is out');
    const romeo = await client('romeo');
    const mark = romeo.received.length;
    await enter(romeo, 'Romeo');
    const shown = romeo.received.slice(mark).filter(({ attrs }) => attrs.from?.startsWith(ROOM));
    expect(
      shown.map(
        (each) => each.getChildText('body') ?? each.getChildText('subject') ?? each.attrs.from,
      ),
    ).toEqual([`${ROOM}/Ines`, `${ROOM}/Romeo`, 'The tide is out', 'Tides']);
    expect(codes(shown[1] as Element)).toEqual(['110']);
    expect(shown[2]?.getChild('delay')).toBeDefined();
  });

  it('shows no more of what was said than is asked for', async () => {
    const { client, room } = startRoom();
    for (const text of ['one', 'two', 'three']) room.say('Ines', text);
    const romeo = await client('romeo');
    await enter(romeo, 'Romeo', '1');
    const bodies = romeo.received.flatMap((element) => element.getChildText('body') ?? []);
    expect(bodies).toEqual(['three']);
  });

  it.each(['Ines', 'Juliet'])('is refused under a name that is taken: %s', async (nick) => {
    const { client } = startRoom();
    await enter(await client('juliet'), 'Juliet');
    const romeo = await client('romeo');
    romeo.send(xml('presence', { to: `${ROOM}/${nick}` }, xml('x', { xmlns: MUC })));
    const refusal = await romeo.next(fromNick(nick, 'error'));
    expect(refusal.getChild('error')?.getChild('conflict')).toBeDefined();
  });
});

describe('in a room', () => {
  it('everybody hears what one says, oneself included, under the same id', async () => {
    const { client, room } = startRoom();
    const heard: string[] = [];
    room.onTalk(({ nick, text }) => heard.push(`${nick}: ${text}`));
    const [romeo, juliet] = [await client('romeo'), await client('juliet')];
    await enter(romeo, 'Romeo');
    await enter(juliet, 'Juliet');
    say(romeo, 'Good evening');
    for (const each of [romeo, juliet]) {
      const { attrs } = await each.message('Good evening');
      expect(attrs).toMatchObject({ from: `${ROOM}/Romeo`, id: 'Good evening', type: 'groupchat' });
    }
    expect(heard).toEqual(['Romeo: Good evening']);
  });

  it('one who is not there cannot speak', async () => {
    const { client } = startRoom();
    const romeo = await client('romeo');
    say(romeo, 'Let me in');
    const refusal = await romeo.next(({ attrs }) => attrs.type === 'error');
    expect(refusal.getChild('error')?.getChild('not-acceptable')).toBeDefined();
  });

  it('the subject is not for visitors to change', async () => {
    const { client } = startRoom();
    const romeo = await client('romeo');
    await enter(romeo, 'Romeo');
    romeo.send(xml('message', { to: ROOM, type: 'groupchat' }, xml('subject', {}, 'Me')));
    const refusal = await romeo.next(({ attrs }) => attrs.type === 'error');
    expect(refusal.getChild('error')?.getChild('forbidden')).toBeDefined();
  });

  it('one can take another name, and whisper', async () => {
    const { client } = startRoom();
    const [romeo, juliet] = [await client('romeo'), await client('juliet')];
    await enter(romeo, 'Romeo');
    await enter(juliet, 'Juliet');
    romeo.send(xml('presence', { to: `${ROOM}/Montague` }));
    const gone = await juliet.next(fromNick('Romeo', 'unavailable'));
    await juliet.next(fromNick('Montague'));
    expect(codes(gone)).toEqual(['303']);
    juliet.send(
      xml('message', { to: `${ROOM}/Montague`, type: 'chat' }, xml('body', {}, 'Deny thy name')),
    );
    expect((await romeo.message('Deny thy name')).attrs.from).toBe(`${ROOM}/Juliet`);
  });

  it('one can ask whether one is still in (XEP-0410)', async () => {
    const { client } = startRoom();
    const romeo = await client('romeo');
    const ping = () =>
      romeo.request(
        xml('iq', { type: 'get', to: `${ROOM}/Romeo` }, xml('ping', { xmlns: 'urn:xmpp:ping' })),
      );
    expect((await ping()).attrs.type).toBe('error');
    await enter(romeo, 'Romeo');
    expect((await ping()).attrs.type).toBe('result');
  });
});

describe('leaving a room', () => {
  it.each([
    [
      'by saying so',
      (client: TestClient) =>
        client.send(xml('presence', { to: `${ROOM}/Romeo`, type: 'unavailable' })),
    ],
    ['by going offline', (client: TestClient) => client.close()],
  ])('is seen by the others: %s', async (_how, leave) => {
    const { client, room } = startRoom();
    const [romeo, juliet] = [await client('romeo'), await client('juliet')];
    await enter(romeo, 'Romeo');
    await enter(juliet, 'Juliet');
    leave(romeo);
    await juliet.next(fromNick('Romeo', 'unavailable'));
    expect(room.hasVisitors).toBe(true);
    leave(juliet);
  });
});
