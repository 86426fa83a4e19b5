import { expect, test, vi } from 'vitest';
import type { DecodedMessage } from './decoded-message.ts';
import {
  buildChatMessage,
  decodeArchived,
  decodeMessage,
  LONGEST_RECEIVED_BODY,
  messages,
} from './messages.ts';
import { ScriptedStream, stanzaOf } from './testing/scripted-stream.ts';

const JULIET = 'juliet@capulet.lit';
const context = { account: JULIET, trustsStanzaIds: true };
const decode = (text: string) => decodeMessage(stanzaOf(text), context);

function message(text: string): DecodedMessage {
  const decoded = decode(text);
  if (decoded?.kind !== 'message') throw new Error(`no message: ${text}`);
  return decoded;
}

test('a message with everything is decoded', () => {
  expect(
    decode(`<message to='juliet@capulet.lit/balcony' from='Romeo@montague.lit/orchard' type='chat' id='m1'>
      <body>Call me but love, and I'll be new baptized; Henceforth I never will be Romeo.</body>
      <origin-id xmlns='urn:xmpp:sid:0' id='o1'/>
      <stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.lit' id='28482-98726-73623'/>
      <request xmlns='urn:xmpp:receipts'/>
      <active xmlns='http://jabber.org/protocol/chatstates'/>
    </message>`),
  ).toEqual({
    kind: 'message',
    route: 'direct',
    peer: 'romeo@montague.lit',
    outgoing: false,
    from: 'Romeo@montague.lit/orchard',
    to: 'juliet@capulet.lit/balcony',
    id: 'm1',
    originId: 'o1',
    stanzaId: '28482-98726-73623',
    body: "Call me but love, and I'll be new baptized; Henceforth I never will be Romeo.",
    receiptRequested: true,
    chatState: 'active',
  });
});

test.each(['', "type='normal'", "type='chat'", "type='something-new'"])(
  'a message of %s is read',
  (type) => {
    expect(decode(`<message from='romeo@montague.lit' ${type}><body>hi</body></message>`)).toEqual(
      expect.objectContaining({ body: 'hi', to: JULIET }),
    );
  },
);

test.each([
  ['group chat', "<message from='coven@chat.lit/w' type='groupchat'><body>hi</body></message>"],
  ['a headline', "<message from='romeo@montague.lit' type='headline'><body>hi</body></message>"],
  [
    'a private message of a room',
    "<message from='coven@chat.lit/w' type='chat'><body>hi</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>",
  ],
  ['an empty message', "<message from='romeo@montague.lit'/>"],
  ['presence', "<presence from='romeo@montague.lit'><body>hi</body></presence>"],
  ['a foreign body', "<message from='r@m.lit'><body xmlns='urn:other'>hi</body></message>"],
  ['an impossible sender', "<message from='@@' type='chat'><body>hi</body></message>"],
  ['others talking', "<message from='a@m.lit' to='b@m.lit'><body>hi</body></message>"],
  [
    'an archive result nobody asked for',
    `<message from='romeo@montague.lit'><result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'>
      <message xmlns='jabber:client' from='a@m.lit' to='juliet@capulet.lit'><body>hi</body></message></forwarded></result></message>`,
  ],
])('%s is not a message from a person', (_, text) => {
  expect(decode(text)).toBeUndefined();
});

test.each([
  'romeo@montague.lit',
  'capulet.lit',
  'juliet@capulet.lit/balcony',
  'juliet@capulet.lit.evil.example',
  '',
])('a stanza-id by "%s" is not ours', (by) => {
  const decoded = message(`<message from='romeo@montague.lit/orchard' type='chat'><body>hi</body>
    <stanza-id xmlns='urn:xmpp:sid:0' by='${by}' id='forged'/></message>`);
  expect(decoded.stanzaId).toBeUndefined();
});

test('two stanza-ids in our name are none', () => {
  const decoded = message(`<message from='romeo@montague.lit/orchard' type='chat'><body>hi</body>
    <stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.lit' id='a'/>
    <stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.lit' id='b'/></message>`);
  expect(decoded.stanzaId).toBeUndefined();
});

test('no stanza-id is believed where the server does not announce them', () => {
  const stanza = stanzaOf(`<message from='romeo@montague.lit' type='chat'><body>hi</body>
    <stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.lit' id='a'/></message>`);
  const decoded = decodeMessage(stanza, { ...context, trustsStanzaIds: false });
  expect(decoded).not.toHaveProperty('stanzaId');
});

test('our own server’s stamp is preferred to anybody else’s', () => {
  const decoded = message(`<message from='romeo@montague.lit/orchard' type='chat'><body>hi</body>
    <delay xmlns='urn:xmpp:delay' from='romeo@montague.lit' stamp='1999-01-01T00:00:00Z'/>
    <delay xmlns='urn:xmpp:delay' from='capulet.lit' stamp='2002-09-10T23:08:25Z'>Offline Storage</delay>
  </message>`);
  expect(decoded.delayedAt).toBe(Date.UTC(2002, 8, 10, 23, 8, 25));
});

test('a stamp that is no time is not there', () => {
  const decoded = message(`<message from='romeo@montague.lit' type='chat'><body>hi</body>
    <delay xmlns='urn:xmpp:delay' stamp='yesterday'/></message>`);
  expect(decoded.delayedAt).toBeUndefined();
});

test('the text in no particular language is preferred', () => {
  const decoded = message(`<message from='romeo@montague.lit' type='chat'>
    <body xml:lang='cs'>ahoj</body><body>hi</body></message>`);
  expect(decoded.body).toBe('hi');
});

test('an endless text is cut, between two characters', () => {
  const body = `${'a'.repeat(LONGEST_RECEIVED_BODY - 1)}😀`;
  const decoded = message(
    `<message from='romeo@montague.lit' type='chat'><body>${body}</body></message>`,
  );
  expect(decoded.body).toBe('a'.repeat(LONGEST_RECEIVED_BODY - 1));
});

const carbon = (from: string, kind: 'sent' | 'received', inner: string) =>
  `<message from='${from}' to='juliet@capulet.lit/balcony' type='chat'><${kind} xmlns='urn:xmpp:carbons:2'>
    <forwarded xmlns='urn:xmpp:forward:0'>${inner}</forwarded></${kind}></message>`;

test('a sent carbon is our own message to the other side', () => {
  const inner = `<message xmlns='jabber:client' from='juliet@capulet.lit/phone' to='romeo@montague.lit' type='chat' id='x'>
    <body>hi</body></message>`;
  expect(decode(carbon(JULIET, 'sent', inner))).toMatchObject({
    route: 'carbon',
    outgoing: true,
    peer: 'romeo@montague.lit',
    body: 'hi',
    id: 'x',
  });
});

test('a received carbon keeps the stanza-id our server gave the message inside', () => {
  const inner = `<message xmlns='jabber:client' to='juliet@capulet.lit/phone' from='romeo@montague.lit/orchard' type='chat'>
    <body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.lit' id='s'/></message>`;
  expect(decode(carbon(JULIET, 'received', inner))).toMatchObject({
    route: 'carbon',
    outgoing: false,
    peer: 'romeo@montague.lit',
    stanzaId: 's',
  });
});

test('a forged carbon says nothing, not even in its own sender’s name', () => {
  const inner = `<message xmlns='jabber:client' from='romeo@montague.lit/orchard' to='juliet@capulet.lit' type='chat'>
    <body>Thou shall meet me tonite, at our house's hall!</body></message>`;
  const forged = carbon('tybalt@capulet.lit/home', 'received', inner);
  expect(decode(forged)).toBeUndefined();
  expect(decode(forged.replace("type='chat'>", "type='chat'><body>hi</body>"))).toBeUndefined();
});

test('an archived message takes the archive’s id and stamp, whatever it says inside', () => {
  const archived =
    stanzaOf(`<message from='juliet@capulet.lit/balcony' to='romeo@montague.lit' type='chat' id='8a54s'>
    <body>What man art thou</body><stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.lit' id='forged'/>
    <delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/></message>`);
  expect(
    decodeArchived({ id: '5d398-28273-f7382', at: 1_000, message: archived }, context),
  ).toEqual({
    kind: 'message',
    route: 'archive',
    outgoing: true,
    peer: 'romeo@montague.lit',
    from: 'juliet@capulet.lit/balcony',
    to: 'romeo@montague.lit',
    id: '8a54s',
    stanzaId: '5d398-28273-f7382',
    delayedAt: 1_000,
    body: 'What man art thou',
    receiptRequested: false,
  });
});

test('a message that came back says why in words', () => {
  expect(
    decode(`<message from='romeo@montague.lit' to='juliet@capulet.lit/balcony' type='error' id='m1'>
      <body>hi</body>
      <error type='cancel'>
        <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
        <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>not today</text>
      </error></message>`),
  ).toEqual({
    kind: 'error',
    route: 'direct',
    peer: 'romeo@montague.lit',
    id: 'm1',
    problem: {
      code: 'server.message-service-unavailable',
      source: 'server',
      message: 'The other server did not take this message.',
      advice: 'The person may not exist there, or may not accept messages from you.',
      retry: 'never',
      detail: 'service-unavailable: not today',
    },
  });
});

test('an error without a known condition still has words, and one without an id says nothing', () => {
  const bare = "<message from='romeo@montague.lit' type='error' id='m1'/>";
  expect(decode(bare)).toMatchObject({
    problem: { code: 'server.message-undefined-condition', message: expect.any(String) },
  });
  expect(decode("<message from='romeo@montague.lit' type='error'/>")).toBeUndefined();
});

test('a message to ourselves is an outgoing one in a chat with ourselves', () => {
  expect(
    message(
      "<message from='juliet@capulet.lit/phone' to='juliet@capulet.lit'><body>note</body></message>",
    ),
  ).toMatchObject({ outgoing: true, peer: JULIET });
});

test('an outgoing message carries its id twice, asks for a receipt and says that we are here', () => {
  expect(String(buildChatMessage({ id: 'm1', to: 'romeo@montague.lit', body: '<3 & more' }))).toBe(
    '<message type="chat" to="romeo@montague.lit" id="m1"><body>&lt;3 &amp; more</body>' +
      '<origin-id xmlns="urn:xmpp:sid:0" id="m1"/><request xmlns="urn:xmpp:receipts"/>' +
      '<active xmlns="http://jabber.org/protocol/chatstates"/></message>',
  );
});

test('an outgoing message says nothing of typing where little data is to be used', () => {
  const stream = new ScriptedStream('juliet@capulet.lit/balcony');
  const spoken = messages(stream, { trustsStanzaIds: () => true, savesData: () => true });
  spoken.send({ id: 'm1', to: 'romeo@montague.lit', body: 'hi' });
  expect(String(stream.sent[0])).not.toContain('chatstates');
});

test('messages and errors are told apart, and every sent one is announced', () => {
  const stream = new ScriptedStream('juliet@capulet.lit/balcony');
  const spoken = messages(stream, { trustsStanzaIds: () => true, savesData: () => false });
  const heard = { message: vi.fn(), error: vi.fn(), sent: vi.fn() };
  spoken.onMessage(heard.message);
  spoken.onError(heard.error);
  const stop = spoken.onSent(heard.sent);
  stream.receive("<message from='romeo@montague.lit' type='chat'><body>hi</body></message>");
  stream.receive("<message from='romeo@montague.lit' type='error' id='m1'/>");
  spoken.send({ id: 'm2', to: 'romeo@montague.lit', body: 'hi' });
  stop();
  spoken.send({ id: 'm3', to: 'romeo@montague.lit', body: 'hi' });
  expect(heard.message).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ body: 'hi' }));
  expect(heard.error).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: 'm1' }));
  expect(heard.sent).toHaveBeenCalledExactlyOnceWith('romeo@montague.lit');
  expect(stream.sent).toHaveLength(2);
});
