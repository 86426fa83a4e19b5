import xml, { type Element } from '@xmpp/xml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extensions } from './extensions.ts';
import { ScriptedStream } from './testing/scripted-stream.ts';

const NAMES = [
  ...['message', 'presence', 'body', 'show', 'status', 'priority', 'error', 'x', 'photo', 'c'],
  ...['received', 'sent', 'forwarded', 'result', 'delay', 'stanza-id', 'origin-id', 'request'],
  ...['event', 'items', 'item', 'metadata', 'info', 'composing', 'text', 'forbidden', 'set', 'fin'],
];
const NAMESPACES = [
  ...['jabber:client', 'urn:xmpp:carbons:2', 'urn:xmpp:forward:0', 'urn:xmpp:mam:2'],
  ...['urn:xmpp:delay', 'urn:xmpp:sid:0', 'urn:xmpp:receipts', 'vcard-temp:x:update'],
  ...['http://jabber.org/protocol/chatstates', 'http://jabber.org/protocol/pubsub#event'],
  ...['urn:xmpp:avatar:metadata', 'urn:ietf:params:xml:ns:xmpp-stanzas'],
];
const ATTRIBUTES = ['from', 'to', 'id', 'by', 'type', 'stamp', 'queryid', 'node', 'bytes', 'jid'];
const VALUES = [
  ...[
    '',
    'juliet@capulet.lit',
    'juliet@capulet.lit/balcony',
    'romeo@montague.lit/x',
    '@',
    '/',
    '@@/',
  ],
  ...['error', 'chat', 'groupchat', 'subscribe', 'unavailable', '9e999', '-1', '__proto__'],
  ...['2002-09-10T23:08:25Z', '9999-99-99T99:99:99Z', 'urn:xmpp:avatar:metadata', '\ud800'],
];

const { element } = fc.letrec<{ element: Element }>((tie) => ({
  element: fc
    .record({
      name: fc.constantFrom(...NAMES),
      namespace: fc.option(fc.constantFrom(...NAMESPACES), { nil: undefined }),
      attributes: fc.dictionary(
        fc.constantFrom(...ATTRIBUTES),
        fc.oneof(fc.constantFrom(...VALUES), fc.string()),
      ),
      children: fc.array(fc.oneof({ maxDepth: 6 }, fc.string(), tie('element')), { maxLength: 4 }),
    })
    .map(({ name, namespace, attributes, children }) =>
      xml(name, { ...attributes, ...(namespace ? { xmlns: namespace } : {}) }, ...children),
    ),
}));

test('no stanza, however made, throws out of a listener', () => {
  fc.assert(
    fc.property(element, fc.constantFrom('message', 'presence'), (stanza, name) => {
      const stream = new ScriptedStream('juliet@capulet.lit/balcony');
      const { archive } = extensions(stream, {
        version: '1',
        trustsStanzaIds: () => true,
        savesData: () => false,
      });
      void archive.forward({});
      stanza.name = name;
      stream.receive(stanza);
    }),
    { numRuns: 2_000 },
  );
});

test('no roster push, however made, does more than be refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(element, { maxLength: 3 }), async (items) => {
      const stream = new ScriptedStream('juliet@capulet.lit/balcony');
      extensions(stream, { version: '1', trustsStanzaIds: () => true, savesData: () => false });
      const push = xml(
        'iq',
        { type: 'set', id: 'p', from: 'tybalt@capulet.lit' },
        xml('query', { xmlns: 'jabber:iq:roster' }, ...items),
      );
      expect(await stream.receiveRequest(push)).toBe('error:service-unavailable');
    }),
    { numRuns: 200 },
  );
});
