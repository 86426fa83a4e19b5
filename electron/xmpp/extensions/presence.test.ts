import xml from '@xmpp/xml';
import { expect, test, vi } from 'vitest';
import { presence } from './presence.ts';
import { ScriptedStream } from './testing/scripted-stream.ts';

const capabilities = () => xml('c', { xmlns: 'http://jabber.org/protocol/caps', ver: 'v' });

function presences() {
  const stream = new ScriptedStream('juliet@example.com/balcony');
  const heard = vi.fn();
  const own = presence(stream, capabilities);
  own.onPresence(heard);
  return { stream, heard, presence: own };
}

test('announces with show, status and capabilities, and leaves', () => {
  const { stream, presence } = presences();
  presence.announce();
  presence.announce({ show: 'away', status: 'asleep' });
  presence.leave();
  expect(stream.sent.map(String)).toEqual([
    '<presence><c xmlns="http://jabber.org/protocol/caps" ver="v"/></presence>',
    '<presence><show>away</show><status>asleep</status><c xmlns="http://jabber.org/protocol/caps" ver="v"/></presence>',
    '<presence type="unavailable"/>',
  ]);
});

test('a person is as their device of highest priority is', () => {
  const { stream, heard, presence } = presences();
  stream.receive(
    "<presence from='romeo@example.net/phone'><show>away</show><priority>1</priority></presence>",
  );
  stream.receive(`<presence from='romeo@example.net/orchard'>
    <show>dnd</show><status>Wooing Juliet</status><priority>5</priority></presence>`);
  expect(heard.mock.calls).toEqual([
    ['romeo@example.net', { show: 'away' }],
    ['romeo@example.net', { show: 'dnd', status: 'Wooing Juliet' }],
  ]);
  expect(presence.devicesOf('romeo@example.net').map(({ jid }) => jid)).toEqual([
    'romeo@example.net/orchard',
    'romeo@example.net/phone',
  ]);
});

test('among equal priorities the device heard of last counts', () => {
  const { stream, presence } = presences();
  stream.receive("<presence from='romeo@example.net/a'><show>xa</show></presence>");
  stream.receive("<presence from='romeo@example.net/b'><show>chat</show></presence>");
  expect(presence.of('romeo@example.net').show).toBe('chat');
  stream.receive("<presence from='romeo@example.net/a'/>");
  expect(presence.of('romeo@example.net/b').show).toBe('online');
});

test('a person is offline once the last device has gone', () => {
  const { stream, heard, presence } = presences();
  stream.receive("<presence from='romeo@example.net/a'/>");
  stream.receive("<presence from='romeo@example.net/b'><show>away</show></presence>");
  stream.receive("<presence from='romeo@example.net/b' type='unavailable'/>");
  expect(presence.of('romeo@example.net')).toEqual({ show: 'online' });
  stream.receive("<presence from='romeo@example.net/a' type='unavailable'/>");
  expect(heard).toHaveBeenLastCalledWith('romeo@example.net', { show: 'offline' });
});

test('unavailable or an error from the bare address speaks for every device', () => {
  const { stream, presence } = presences();
  for (const type of ['unavailable', 'error']) {
    stream.receive("<presence from='romeo@example.net/a'/>");
    stream.receive("<presence from='romeo@example.net/b'/>");
    stream.receive(`<presence from='romeo@example.net' type='${type}'/>`);
    expect(presence.devicesOf('romeo@example.net')).toEqual([]);
  }
});

test('subscription requests, probes and occupants of rooms are nobody being here', () => {
  const { stream, heard } = presences();
  stream.receive("<presence from='romeo@example.net' type='subscribe'/>");
  stream.receive("<presence from='romeo@example.net' type='probe'/>");
  stream.receive(`<presence from='coven@chat.shakespeare.lit/firstwitch'>
    <x xmlns='http://jabber.org/protocol/muc#user'/></presence>`);
  expect(heard).not.toHaveBeenCalled();
});

test('a priority out of range and a show nobody defined do no harm', () => {
  const { stream, presence } = presences();
  stream.receive(`<presence from='romeo@example.net/a'>
    <show>bored</show><priority>9999</priority></presence>`);
  stream.receive("<presence from='romeo@example.net/b'><priority>high</priority></presence>");
  expect(presence.devicesOf('romeo@example.net')).toEqual([
    { jid: 'romeo@example.net/a', show: 'online', priority: 127 },
    { jid: 'romeo@example.net/b', show: 'online', priority: 0 },
  ]);
});

test('a stranger with countless devices fills no memory', () => {
  const { stream, presence } = presences();
  for (let device = 0; device < 1_000; device += 1) {
    stream.receive(`<presence from='tybalt@example.com/${device}'/>`);
  }
  expect(presence.devicesOf('tybalt@example.com')).toHaveLength(64);
});
