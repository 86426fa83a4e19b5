import { expect, test } from 'vitest';
import { CAPS_NODE, verificationString } from './caps.ts';
import { disco } from './disco.ts';
import { capabilities, extensions } from './extensions.ts';
import { ScriptedStream, stanzaOf } from './testing/scripted-stream.ts';

const INFO = 'http://jabber.org/protocol/disco#info';
const ITEMS = 'http://jabber.org/protocol/disco#items';

function answering() {
  const stream = new ScriptedStream('juliet@capulet.com/chamber');
  return { stream, disco: disco(stream, () => capabilities) };
}

const infoRequest = (node = '') => `<iq type='get' id='i'><query xmlns='${INFO}' ${node}/></iq>`;

test('says what Holdfast is and everything its extensions bring', async () => {
  const { stream } = answering();
  const info = stanzaOf(await stream.receiveRequest(infoRequest()));
  expect(info.getChild('identity')?.attrs).toEqual({
    category: 'client',
    type: 'pc',
    name: 'Holdfast',
  });
  expect(info.getChildren('feature').map((feature) => feature.attrs.var)).toEqual([
    'http://jabber.org/protocol/caps',
    'urn:xmpp:delay',
    INFO,
    ITEMS,
    'urn:xmpp:ping',
    'urn:xmpp:receipts',
    'jabber:iq:version',
    'urn:xmpp:avatar:metadata+notify',
    'http://jabber.org/protocol/chatstates',
  ]);
});

test('what presence announces is what is answered about its node', async () => {
  const stream = new ScriptedStream('juliet@capulet.com/chamber');
  extensions(stream, {
    version: '1',
    trustsStanzaIds: () => true,
    savesData: () => false,
  }).presence.announce();
  const { node, ver } = stream.sent[0]?.getChild('c')?.attrs ?? {};
  const info = stanzaOf(await stream.receiveRequest(infoRequest(`node='${node}#${ver}'`)));
  expect(info.attrs.node).toBe(`${node}#${ver}`);
  const [identity] = info.getChildren('identity');
  const answered = {
    identities: [
      {
        category: identity?.attrs.category,
        type: identity?.attrs.type,
        name: identity?.attrs.name,
      },
    ],
    features: info.getChildren('feature').map((feature) => String(feature.attrs.var)),
  };
  expect(verificationString(answered)).toBe(ver);
});

test('has no items, and nothing to say about other nodes', async () => {
  const { stream } = answering();
  const items = `<iq type='get' id='i'><query xmlns='${ITEMS}'/></iq>`;
  expect(await stream.receiveRequest(items)).toBe(`<query xmlns="${ITEMS}"/>`);
  const other = items.replace('/></iq>', " node='music'/></iq>");
  expect(await stream.receiveRequest(other)).toBe('error:item-not-found');
  expect(await stream.receiveRequest(infoRequest(`node='${CAPS_NODE}#old'`))).toBe(
    'error:item-not-found',
  );
});

test('asks the server and the account, and reads what they can do', async () => {
  const { stream, disco } = answering();
  const server = disco.server();
  const account = disco.account();
  expect(stream.requests.map((iq) => iq.attrs.to)).toEqual(['capulet.com', 'juliet@capulet.com']);
  stream.answer(`<iq type='result'><query xmlns='${INFO}'>
    <identity category='server' type='im' name='capulet'/><identity type='broken'/>
    <feature var='urn:xmpp:carbons:2'/><feature/></query></iq>`);
  stream.answer("<iq type='result'/>");
  expect(await server).toEqual({
    identities: [{ category: 'server', type: 'im', name: 'capulet' }],
    features: new Set(['urn:xmpp:carbons:2']),
  });
  expect(await account).toEqual({ identities: [], features: new Set() });
});

test('asks for items', async () => {
  const { stream, disco } = answering();
  const items = disco.items('capulet.com');
  stream.answer(`<iq type='result'><query xmlns='${ITEMS}'>
    <item jid='upload.capulet.com' name='Files'/><item name='nowhere'/></query></iq>`);
  expect(await items).toEqual([{ jid: 'upload.capulet.com', name: 'Files' }]);
});
