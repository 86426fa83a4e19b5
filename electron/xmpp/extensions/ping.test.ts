import { expect, test } from 'vitest';
import { ping } from './ping.ts';
import { ScriptedStream } from './testing/scripted-stream.ts';
import { version } from './version.ts';

test('a ping is answered with an empty result', async () => {
  const stream = new ScriptedStream('juliet@capulet.lit/balcony');
  ping(stream);
  const answer = await stream.receiveRequest(
    "<iq from='capulet.lit' to='juliet@capulet.lit/balcony' id='s2c1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
  );
  expect(answer).toBe('');
});

test('asking gives the time to the answer, also where the answer is a refusal', async () => {
  const stream = new ScriptedStream('juliet@capulet.lit/balcony');
  const asked = ping(stream).ask();
  expect(String(stream.requests[0])).toBe(
    '<iq type="get" to="capulet.lit"><ping xmlns="urn:xmpp:ping"/></iq>',
  );
  stream.answer("<iq type='result'/>");
  expect(await asked).toBeGreaterThanOrEqual(0);
  const refused = ping(stream).ask({ to: 'romeo@montague.lit/orchard' });
  stream.answer(
    "<iq type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
  );
  expect(await refused).toBeGreaterThanOrEqual(0);
});

test('silence is no sign of life', async () => {
  const stream = new ScriptedStream('juliet@capulet.lit/balcony');
  const asked = ping(stream).ask();
  stream.fail(new Error('no answer'));
  await expect(asked).rejects.toThrow('no answer');
});

test('the version is told, the system is not', async () => {
  const stream = new ScriptedStream('juliet@capulet.lit/balcony');
  version(stream, { name: 'Holdfast', version: '0.1.0' });
  expect(
    await stream.receiveRequest("<iq type='get' id='v'><query xmlns='jabber:iq:version'/></iq>"),
  ).toBe('<query xmlns="jabber:iq:version"><name>Holdfast</name><version>0.1.0</version></query>');
});
