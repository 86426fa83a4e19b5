import { expect, test } from 'vitest';
import { carbonIn, carbons } from './carbons.ts';
import { ScriptedStream, stanzaOf } from './testing/scripted-stream.ts';

const ROMEO = 'romeo@montague.example';

const RECEIVED = `<received xmlns='urn:xmpp:carbons:2'>
  <forwarded xmlns='urn:xmpp:forward:0'>
    <message xmlns='jabber:client' from='juliet@capulet.example/balcony'
             to='romeo@montague.example/garden' type='chat'>
      <body>What man art thou that, thus bescreen'd in night, so stumblest on my counsel?</body>
    </message>
  </forwarded>
</received>`;

const SENT = `<sent xmlns='urn:xmpp:carbons:2'>
  <forwarded xmlns='urn:xmpp:forward:0'>
    <message xmlns='jabber:client' to='juliet@capulet.example/balcony'
             from='romeo@montague.example/home' type='chat'>
      <body>Neither, fair saint, if either thee dislike.</body>
    </message>
  </forwarded>
</sent>`;

const wrapped = (from: string, inside: string) =>
  stanzaOf(`<message ${from} to='romeo@montague.example/home' type='chat'>${inside}</message>`);

test('a received copy from our own server is unwrapped', () => {
  const carbon = carbonIn(wrapped(`from='${ROMEO}'`, RECEIVED), ROMEO);
  expect(carbon).toMatchObject({ direction: 'received' });
  expect(carbon !== 'forged' && carbon?.message.attrs.from).toBe('juliet@capulet.example/balcony');
});

test('a sent copy from our own server is unwrapped', () => {
  const carbon = carbonIn(wrapped(`from='${ROMEO}'`, SENT), ROMEO);
  expect(carbon).toMatchObject({ direction: 'sent' });
  expect(carbon !== 'forged' && carbon?.message.attrs.to).toBe('juliet@capulet.example/balcony');
});

test.each([
  ["from='tybalt@capulet.example/home'"],
  ["from='tybalt@capulet.example'"],
  ["from='romeo@montague.example/home'"],
  ["from='montague.example'"],
  ["from='romeo@montague.example.evil.example'"],
  [''],
])('a copy %s is forged', (from) => {
  expect(carbonIn(wrapped(from, RECEIVED), ROMEO)).toBe('forged');
  expect(carbonIn(wrapped(from, SENT), ROMEO)).toBe('forged');
});

test('a sent copy of what somebody else sent is forged', () => {
  const other = SENT.replace('romeo@montague.example/home', 'tybalt@capulet.example/home');
  expect(carbonIn(wrapped(`from='${ROMEO}'`, other), ROMEO)).toBe('forged');
});

test('two copies in one stanza are forged', () => {
  expect(carbonIn(wrapped(`from='${ROMEO}'`, RECEIVED + SENT), ROMEO)).toBe('forged');
});

test('an ordinary message is no carbon', () => {
  expect(carbonIn(wrapped(`from='${ROMEO}'`, '<body>hi</body>'), ROMEO)).toBeUndefined();
});

test('copies are asked for, and a refusal is an answer', async () => {
  const stream = new ScriptedStream('romeo@montague.example/garden');
  const enabled = carbons(stream).enable();
  expect(String(stream.requests[0])).toBe(
    '<iq type="set"><enable xmlns="urn:xmpp:carbons:2"/></iq>',
  );
  stream.answer("<iq from='romeo@montague.example' id='enable1' type='result'/>");
  expect(await enabled).toBe(true);
  const refused = carbons(stream).enable();
  stream.answer(`<iq type='error'><error type='auth'>
    <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`);
  expect(await refused).toBe(false);
});

test('silence is a failure', async () => {
  const stream = new ScriptedStream('romeo@montague.example/garden');
  const enabled = carbons(stream).enable();
  stream.fail(new Error('no answer'));
  await expect(enabled).rejects.toThrow('no answer');
});
