import { expect, test, vi } from 'vitest';
import { roster } from './roster.ts';
import { ScriptedStream, stanzaOf } from './testing/scripted-stream.ts';

const JULIET = 'juliet@example.com/balcony';

function versioned(): ScriptedStream {
  const stream = new ScriptedStream(JULIET);
  stream.features = stanzaOf("<features><ver xmlns='urn:xmpp:features:rosterver'/></features>");
  return stream;
}

test('the roster of RFC 6121 §2.2 is read item by item', async () => {
  const stream = new ScriptedStream(JULIET);
  const loaded = roster(stream).load();
  stream.answer(`<iq id='hu2bac18' to='juliet@example.com/balcony' type='result'>
    <query xmlns='jabber:iq:roster' ver='ver11'>
      <item jid='romeo@example.net' name='Romeo' subscription='both'><group>Friends</group></item>
      <item jid='mercutio@example.com' name='Mercutio' subscription='from'/>
      <item jid='Benvolio@example.net' ask='subscribe'/>
    </query></iq>`);
  expect(await loaded).toEqual({
    kind: 'items',
    version: 'ver11',
    items: [
      {
        jid: 'romeo@example.net',
        name: 'Romeo',
        subscription: 'both',
        asked: false,
        groups: ['Friends'],
      },
      {
        jid: 'mercutio@example.com',
        name: 'Mercutio',
        subscription: 'from',
        asked: false,
        groups: [],
      },
      { jid: 'benvolio@example.net', subscription: 'none', asked: true, groups: [] },
    ],
  });
});

test('an item without a real address is left out, the others stay', async () => {
  const stream = new ScriptedStream(JULIET);
  const loaded = roster(stream).load();
  stream.answer(`<iq type='result'><query xmlns='jabber:iq:roster'>
    <item/><item jid='@@'/><item jid='romeo@example.net' subscription='sideways'/></query></iq>`);
  expect(await loaded).toMatchObject({
    items: [{ jid: 'romeo@example.net', subscription: 'none' }],
  });
});

test('a version is sent only where the server offers versioning', async () => {
  const plain = new ScriptedStream(JULIET);
  void roster(plain).load('ver11');
  expect(plain.requests[0]?.getChild('query')?.attrs.ver).toBeUndefined();
  const offered = versioned();
  void roster(offered).load('ver11');
  expect(offered.requests[0]?.getChild('query')?.attrs.ver).toBe('ver11');
  void roster(offered).load();
  expect(offered.requests[1]?.getChild('query')?.attrs.ver).toBe('');
});

test('an empty answer to a version means that nothing has changed', async () => {
  const stream = versioned();
  const loaded = roster(stream).load('ver14');
  stream.answer("<iq type='result'/>");
  expect(await loaded).toEqual({ kind: 'unchanged' });
});

test('an empty answer without a version is an empty roster', async () => {
  const stream = versioned();
  const loaded = roster(stream).load();
  stream.answer("<iq type='result'/>");
  expect(await loaded).toEqual({ kind: 'items', items: [] });
});

test.each([
  ['no address', ''],
  ['our own bare address', "from='juliet@example.com'"],
])('a push from %s is taken and acknowledged', async (_, from) => {
  const stream = new ScriptedStream(JULIET);
  const pushed = vi.fn();
  roster(stream).onPush(pushed);
  const answer = await stream.receiveRequest(`<iq id='a78b4q6ha463' ${from} type='set'>
    <query xmlns='jabber:iq:roster' ver='ver12'><item jid='nurse@example.com'/></query></iq>`);
  expect(answer).toBe('');
  expect(pushed).toHaveBeenCalledExactlyOnceWith({
    kind: 'item',
    version: 'ver12',
    item: { jid: 'nurse@example.com', subscription: 'none', asked: false, groups: [] },
  });
});

test.each([
  'romeo@example.net',
  'romeo@example.net/orchard',
  'example.com',
  'juliet@example.com/chamber',
  'juliet@example.com.evil.example',
  'not an address@@',
])('a push from %s is forged and changes nothing', async (from) => {
  const stream = new ScriptedStream(JULIET);
  const pushed = vi.fn();
  roster(stream).onPush(pushed);
  const answer = await stream.receiveRequest(`<iq id='push' from='${from}' type='set'>
    <query xmlns='jabber:iq:roster'><item jid='tybalt@example.com' subscription='both'/></query></iq>`);
  expect(answer).toBe('error:service-unavailable');
  expect(pushed).not.toHaveBeenCalled();
});

test('a push that removes names the contact', async () => {
  const stream = new ScriptedStream(JULIET);
  const pushed = vi.fn();
  roster(stream).onPush(pushed);
  await stream.receiveRequest(`<iq id='p' type='set'><query xmlns='jabber:iq:roster' ver=''>
    <item jid='nurse@example.com' subscription='remove'/></query></iq>`);
  expect(pushed).toHaveBeenCalledExactlyOnceWith({
    kind: 'removed',
    jid: 'nurse@example.com',
    version: '',
  });
});

test('a push without exactly one item is refused', async () => {
  const stream = new ScriptedStream(JULIET);
  const pushed = vi.fn();
  roster(stream).onPush(pushed);
  for (const items of ['', "<item jid='a@example.com'/><item jid='b@example.com'/>", '<item/>']) {
    const push = `<iq id='p' type='set'><query xmlns='jabber:iq:roster'>${items}</query></iq>`;
    expect(await stream.receiveRequest(push)).toBe('error:bad-request');
  }
  expect(pushed).not.toHaveBeenCalled();
});

test('a contact is set with name and groups, and removed', async () => {
  const stream = new ScriptedStream(JULIET);
  const contacts = roster(stream);
  void contacts.set({ jid: 'nurse@example.com', name: 'Nurse', groups: ['Servants'] });
  void contacts.remove('nurse@example.com/kitchen');
  expect(stream.requests.map((iq) => String(iq.getChild('query')))).toEqual([
    '<query xmlns="jabber:iq:roster"><item jid="nurse@example.com" name="Nurse"><group>Servants</group></item></query>',
    '<query xmlns="jabber:iq:roster"><item jid="nurse@example.com" subscription="remove"/></query>',
  ]);
  expect(stream.requests.map((iq) => iq.attrs.type)).toEqual(['set', 'set']);
});

test('the four words about presence are heard, with what was written along', () => {
  const stream = new ScriptedStream(JULIET);
  const heard = vi.fn();
  roster(stream).onSubscription(heard);
  stream.receive(`<presence from='romeo@example.net/orchard' type='subscribe'>
    <status>I would be a bird of thine</status></presence>`);
  stream.receive("<presence from='romeo@example.net' type='unsubscribed'/>");
  stream.receive("<presence from='romeo@example.net/orchard'/>");
  stream.receive("<presence from='juliet@example.com' type='subscribed'/>");
  expect(heard.mock.calls).toEqual([
    [{ kind: 'subscribe', jid: 'romeo@example.net', text: 'I would be a bird of thine' }],
    [{ kind: 'unsubscribed', jid: 'romeo@example.net' }],
  ]);
});

test('the four words are said to the bare address', () => {
  const stream = new ScriptedStream(JULIET);
  const contacts = roster(stream);
  contacts.subscribe('romeo@example.net/orchard');
  contacts.approve('romeo@example.net');
  contacts.unsubscribe('romeo@example.net');
  contacts.refuse('romeo@example.net');
  expect(stream.sent.map(String)).toEqual(
    ['subscribe', 'subscribed', 'unsubscribe', 'unsubscribed'].map(
      (type) => `<presence to="romeo@example.net" type="${type}"/>`,
    ),
  );
});
