import { expect, test, vi } from 'vitest';
import type { DecodedMessage } from './decoded-message.ts';
import { messages } from './messages.ts';
import { receipts } from './receipts.ts';
import { ScriptedStream } from './testing/scripted-stream.ts';

function conversation() {
  const stream = new ScriptedStream('kingrichard@royalty.england.lit/throne');
  const spoken = messages(stream, { trustsStanzaIds: () => true, savesData: () => false });
  const owed: boolean[] = [];
  const acknowledge = receipts(stream, spoken);
  spoken.onMessage((message: DecodedMessage) => owed.push(acknowledge.answer(message)));
  return { stream, owed, receipts: acknowledge };
}

const REQUEST = "<request xmlns='urn:xmpp:receipts'/>";
const BODY = "<body>My lord, dispatch; read o'er these articles.</body>";
const FROM = "from='northumberland@shakespeare.lit/westminster'";

test('a live message that asks is acknowledged to the device that sent it', () => {
  const { stream, owed } = conversation();
  stream.receive(`<message ${FROM} id='richard2-4.1.247' to='kingrichard@royalty.england.lit/throne'>
    ${BODY}${REQUEST}</message>`);
  expect(owed).toEqual([true]);
  const [receipt] = stream.sent;
  expect(receipt?.attrs.to).toBe('northumberland@shakespeare.lit/westminster');
  expect(String(receipt?.getChild('received'))).toBe(
    '<received xmlns="urn:xmpp:receipts" id="richard2-4.1.247"/>',
  );
  expect(receipt?.getChild('request')).toBeUndefined();
});

test.each([
  ['does not ask', `<message ${FROM} id='1'>${BODY}</message>`],
  ['has no id', `<message ${FROM}>${BODY}${REQUEST}</message>`],
  [
    'is our own from another device',
    `<message from='kingrichard@royalty.england.lit/phone' id='1'>${BODY}${REQUEST}</message>`,
  ],
  [
    'is itself a receipt',
    `<message ${FROM} id='1'>${BODY}${REQUEST}<received xmlns='urn:xmpp:receipts' id='0'/></message>`,
  ],
  [
    'has no text',
    `<message ${FROM} id='1'>${REQUEST}<active xmlns='http://jabber.org/protocol/chatstates'/></message>`,
  ],
  [
    'is a copy of what another device was sent',
    `<message from='kingrichard@royalty.england.lit'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>
      <message xmlns='jabber:client' ${FROM} to='kingrichard@royalty.england.lit/phone' id='1'>${BODY}${REQUEST}</message>
    </forwarded></received></message>`,
  ],
])('a message that %s is owed none', (_, text) => {
  const { stream, owed } = conversation();
  stream.receive(text);
  expect(owed).toEqual([false]);
  expect(stream.sent).toEqual([]);
});

test('a message out of the archive is owed none', () => {
  const { stream, receipts } = conversation();
  const archived: DecodedMessage = {
    kind: 'message',
    route: 'archive',
    peer: 'northumberland@shakespeare.lit',
    outgoing: false,
    from: 'northumberland@shakespeare.lit/westminster',
    to: 'kingrichard@royalty.england.lit',
    id: '1',
    body: 'hi',
    receiptRequested: true,
  };
  expect(receipts.answer(archived)).toBe(false);
  expect(receipts.answer({ ...archived, route: 'direct' })).toBe(true);
  expect(stream.sent).toHaveLength(1);
});

test('a receipt names its sender and our message, whatever its type', () => {
  const { stream, receipts } = conversation();
  const heard = vi.fn();
  receipts.onReceipt(heard);
  stream.receive(`<message from='northumberland@shakespeare.lit/westminster' id='bi29sg183b4v'>
    <received xmlns='urn:xmpp:receipts' id='richard2-4.1.247'/></message>`);
  stream.receive(`<message ${FROM} type='chat'><received xmlns='urn:xmpp:receipts'/></message>`);
  expect(heard).toHaveBeenCalledExactlyOnceWith({
    peer: 'northumberland@shakespeare.lit',
    id: 'richard2-4.1.247',
  });
});

test('a receipt our other device gave is not one for us', () => {
  const { stream, receipts } = conversation();
  const heard = vi.fn();
  receipts.onReceipt(heard);
  stream.receive(`<message from='kingrichard@royalty.england.lit'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>
    <message xmlns='jabber:client' from='kingrichard@royalty.england.lit/phone' to='northumberland@shakespeare.lit'>
      <received xmlns='urn:xmpp:receipts' id='1'/></message></forwarded></sent></message>`);
  expect(heard).not.toHaveBeenCalled();
});
