import xml from '@xmpp/xml';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '../testing/signed-in.ts';
import { Companion, type CompanionOptions, type Script } from './companion.ts';
import { echoScript } from './echo.ts';
import { Pace } from './pace.ts';
import { drawPicture } from './picture.ts';

const ROMEO = 'romeo@playground.alt';
const NURSE = 'nurse@playground.alt';
const METADATA = 'urn:xmpp:avatar:metadata';
const picture = drawPicture({ hue: 10, sun: 0.5 });

/** Nobody waits in a test. */
class NoPauses extends Pace {
  override async pause(): Promise<void> {}
}

function start(script: Script, options: Partial<CompanionOptions> = {}) {
  const { server, client, account } = startTestServer(['romeo']);
  const companion = new Companion({
    ...{ jid: NURSE, profile: { name: 'Nurse', picture }, script, watchers: [ROMEO] },
    ...{ router: server.router, pace: new NoPauses(), ...options },
  });
  account('romeo').roster.set({ jid: NURSE, groups: [], to: true, from: true, asked: false });
  return { companion, client };
}

const silent: Script = { hear: async () => {} };

describe('a companion', () => {
  it('says that a message arrived, types, and answers', async () => {
    const { client } = start(echoScript);
    const romeo = await client('romeo');
    const request = xml('request', { xmlns: 'urn:xmpp:receipts' });
    romeo.send(
      xml('message', { to: NURSE, type: 'chat', id: 'm1' }, xml('body', {}, 'Ho!'), request),
    );
    await romeo.message('Ho!');
    const messages = romeo.received.filter(({ name }) => name === 'message');
    expect(messages.map((message) => message.getChildElements()[0]?.name)).toEqual([
      'received',
      'composing',
      'body',
    ]);
    expect(messages[0]?.getChild('received')?.attrs.id).toBe('m1');
  });

  it('answers one message after the other, in order', async () => {
    let isBusy = false;
    const { client } = start({
      async hear(text, voice) {
        expect(isBusy).toBe(false);
        isBusy = true;
        await voice.pause(1);
        voice.say(text);
        isBusy = false;
      },
    });
    const romeo = await client('romeo');
    for (const text of ['one', 'two', 'three']) {
      romeo.send(xml('message', { to: NURSE, type: 'chat' }, xml('body', {}, text)));
    }
    await romeo.message('three');
    const texts = romeo.received.flatMap((element) => element.getChildText('body') ?? []);
    expect(texts).toEqual(['one', 'two', 'three']);
  });

  it('greets somebody who comes, once', async () => {
    const { client } = start({ ...silent, greet: async (voice) => voice.say('Welcome') });
    const first = await client('romeo', { resource: 'first' });
    await first.message('Welcome');
    const second = await client('romeo', { resource: 'second' });
    await second.request(
      xml('iq', { type: 'get', to: NURSE }, xml('ping', { xmlns: 'urn:xmpp:ping' })),
    );
    expect(second.received.some(({ name }) => name === 'message')).toBe(false);
  });

  it('shows its mood, and a change of it', async () => {
    const { client, companion } = start(silent, { mood: { show: 'away', status: 'Out' } });
    const romeo = await client('romeo');
    const presence = await romeo.next(({ attrs }) => attrs.from === `${NURSE}/playground`);
    expect(presence.getChildText('show')).toBe('away');
    expect(presence.getChildText('status')).toBe('Out');
    companion.voiceFor(ROMEO).setMood('offline');
    await romeo.next(({ attrs }) => attrs.type === 'unavailable');
  });

  it('can be read: vCard, and the picture over PEP, under the hash that presence names', async () => {
    const { client } = start(silent);
    const romeo = await client('romeo', { features: [`${METADATA}+notify`] });
    const event = await romeo.next((element) => element.getChild('event') !== undefined);
    const info = event.getChild('event')?.getChild('items')?.getChild('item')?.getChild('metadata');
    const hash = info?.getChild('info')?.attrs.id;
    const presence = await romeo.next(({ attrs }) => attrs.from === `${NURSE}/playground`);
    expect(presence.getChild('x')?.getChildText('photo')).toBe(hash);
    const items = xml('items', { node: 'urn:xmpp:avatar:data' }, xml('item', { id: hash }));
    const pubsub = xml('pubsub', { xmlns: 'http://jabber.org/protocol/pubsub' }, items);
    const answer = await romeo.request(xml('iq', { type: 'get', to: NURSE }, pubsub));
    const data = answer
      .getChild('pubsub')
      ?.getChild('items')
      ?.getChild('item')
      ?.getChildText('data');
    expect(Buffer.from(data ?? '', 'base64').equals(picture.bytes)).toBe(true);
    const card = await romeo.request(
      xml('iq', { type: 'get', to: NURSE }, xml('vCard', { xmlns: 'vcard-temp' })),
    );
    expect(card.getChild('vCard')?.getChildText('FN')).toBe('Nurse');
  });

  it('tells of a new picture only those who want to hear of pictures', async () => {
    const { client, companion } = start(silent);
    const curious = await client('romeo', {
      resource: 'curious',
      features: [`${METADATA}+notify`],
    });
    const other = await client('romeo', { resource: 'other', features: ['urn:other+notify'] });
    const mark = curious.received.length;
    companion.voiceFor(ROMEO).setPicture(drawPicture({ hue: 200, sun: 0.1 }));
    await curious.next((element) => element.getChild('event') !== undefined, mark);
    expect(other.received.some((element) => element.getChild('event'))).toBe(false);
  });

  it('lets itself be added, and asks in return', async () => {
    const { client } = start(silent, { watchers: [] });
    const romeo = await client('romeo');
    romeo.send(xml('presence', { to: NURSE, type: 'subscribe' }));
    await romeo.next(({ attrs }) => attrs.from === `${NURSE}/playground`);
  });

  it('is nobody’s business before: it answers strangers nothing about itself', async () => {
    const { client } = start(silent, { watchers: [] });
    const romeo = await client('romeo');
    const answer = await romeo.request(
      xml('iq', { type: 'get', to: NURSE }, xml('vCard', { xmlns: 'vcard-temp' })),
    );
    expect(answer.attrs.type).toBe('error');
  });
});
