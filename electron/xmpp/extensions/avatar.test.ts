import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { avatar } from './avatar.ts';
import { ScriptedStream } from './testing/scripted-stream.ts';
import { vcard } from './vcard.ts';
import { vcardAvatar } from './vcard-avatar.ts';

const HASH = '111f4b3c50d7b0df729d299bc6f8e9ef9066971f';
const GIF = Buffer.from('GIF89a');
const GIF_HASH = createHash('sha1').update(GIF).digest('hex');
const NOT_FOUND =
  "<iq type='error'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";

function listening() {
  const stream = new ScriptedStream('romeo@montague.lit/home');
  const published = vi.fn();
  const announced = vi.fn();
  const avatars = avatar(stream);
  const vcards = vcard(stream);
  const photos = vcardAvatar(stream, vcards);
  avatars.onHash(published);
  photos.onHash(announced);
  return { stream, published, announced, avatars, vcards, photos };
}

const event = (metadata: string, from = 'juliet@capulet.lit') => `<message from='${from}'>
  <event xmlns='http://jabber.org/protocol/pubsub#event'>
    <items node='urn:xmpp:avatar:metadata'><item id='${HASH}'>
      <metadata xmlns='urn:xmpp:avatar:metadata'>${metadata}</metadata>
    </item></items>
  </event></message>`;

const info = (attributes: string) => `<info type='image/png' ${attributes}/>`;

test('a published image is announced by its hash', () => {
  const { stream, published } = listening();
  stream.receive(event(info(`bytes='12345' height='64' width='64' id='${HASH}'`)));
  expect(published).toHaveBeenCalledExactlyOnceWith('juliet@capulet.lit', HASH);
});

test('an empty metadata element takes the image away', () => {
  const { stream, published } = listening();
  stream.receive(event(''));
  expect(published).toHaveBeenCalledExactlyOnceWith('juliet@capulet.lit', undefined);
});

test('of several formats the first that lies in the data node is taken', () => {
  const { stream, published } = listening();
  const elsewhere = info(`bytes='1' id='${'0'.repeat(40)}' url='http://avatars.example/happy.gif'`);
  stream.receive(event(elsewhere + info(`bytes='12345' id='${HASH}'`)));
  expect(published).toHaveBeenCalledExactlyOnceWith('juliet@capulet.lit', HASH);
});

test.each([
  ['larger than we take', event(info(`bytes='1048577' id='${HASH}'`))],
  ['without a size', event(info(`id='${HASH}'`))],
  ['without a real hash', event(info("bytes='1' id='../../secret'"))],
  ['somewhere else only', event(info(`bytes='1' id='${HASH}' url='http://a.example/'`))],
  [
    'of a device, which PEP never is',
    event(info(`bytes='1' id='${HASH}'`), 'juliet@capulet.lit/x'),
  ],
])('an image %s is not announced', (_, text) => {
  const { stream, published } = listening();
  stream.receive(text);
  expect(published).not.toHaveBeenCalled();
});

const data = (
  bytes: Buffer,
) => `<iq type='result'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
  <items node='urn:xmpp:avatar:data'><item id='${GIF_HASH}'>
    <data xmlns='urn:xmpp:avatar:data'>${bytes.toString('base64')}</data></item></items></pubsub></iq>`;

test('a published image is fetched by its hash and checked against it', async () => {
  const { stream, avatars } = listening();
  const image = avatars.fetch('juliet@capulet.lit', GIF_HASH);
  expect(String(stream.requests[0])).toBe(
    '<iq type="get" to="juliet@capulet.lit"><pubsub xmlns="http://jabber.org/protocol/pubsub">' +
      `<items node="urn:xmpp:avatar:data"><item id="${GIF_HASH}"/></items></pubsub></iq>`,
  );
  stream.answer(data(GIF));
  expect(await image).toEqual({ hash: GIF_HASH, type: 'image/gif', bytes: new Uint8Array(GIF) });
  const exchanged = avatars.fetch('juliet@capulet.lit', GIF_HASH);
  stream.answer(data(Buffer.from('GIF87a')));
  expect(await exchanged).toBeUndefined();
});

test('an image that is not there is no failure, silence is one', async () => {
  const { stream, avatars, vcards } = listening();
  const missing = avatars.fetch('juliet@capulet.lit', GIF_HASH);
  stream.answer(NOT_FOUND);
  expect(await missing).toBeUndefined();
  const card = vcards.read('juliet@capulet.lit');
  stream.answer(NOT_FOUND);
  expect(await card).toEqual({});
  for (const silent of [
    () => avatars.fetch('juliet@capulet.lit', GIF_HASH),
    () => vcards.read('juliet@capulet.lit'),
  ]) {
    const answer = silent();
    stream.fail(new Error('no answer'));
    await expect(answer).rejects.toThrow('no answer');
  }
});

const CARD = `<iq type='result'><vCard xmlns='vcard-temp'>
  <FN>Juliet Capulet</FN><NICKNAME>Jule</NICKNAME>
  <PHOTO><TYPE>image/jpeg</TYPE><BINVAL>
    ${GIF.toString('base64')}
  </BINVAL></PHOTO></vCard></iq>`;

test('a vCard gives the names and the photo, typed by its bytes', async () => {
  const { stream, vcards } = listening();
  const card = vcards.read('juliet@capulet.lit/chamber');
  expect(String(stream.requests[0])).toBe(
    '<iq type="get" to="juliet@capulet.lit"><vCard xmlns="vcard-temp"/></iq>',
  );
  stream.answer(CARD);
  expect(await card).toEqual({
    fullName: 'Juliet Capulet',
    nickname: 'Jule',
    photo: { hash: GIF_HASH, type: 'image/gif', bytes: new Uint8Array(GIF) },
  });
});

test('our own vCard is asked for without an address', async () => {
  const { stream, vcards } = listening();
  const card = vcards.read('romeo@montague.lit');
  expect(stream.requests[0]?.attrs.to).toBeUndefined();
  stream.answer("<iq type='result'><vCard xmlns='vcard-temp'/></iq>");
  expect(await card).toEqual({});
});

test('presence announces the photo, its absence, or nothing yet', () => {
  const { stream, announced } = listening();
  const update = (inside: string, type = '') =>
    `<presence from='juliet@capulet.com/balcony' ${type}><x xmlns='vcard-temp:x:update'>${inside}</x></presence>`;
  stream.receive(update('<photo>01b87fcd030b72895ff8e88db57ec525450f000d</photo>'));
  stream.receive(update('<photo/>'));
  stream.receive(update(''));
  stream.receive(update('<photo>not a hash</photo>'));
  stream.receive(update('<photo/>', "type='unavailable'"));
  expect(announced.mock.calls).toEqual([
    ['juliet@capulet.com', '01b87fcd030b72895ff8e88db57ec525450f000d'],
    ['juliet@capulet.com', undefined],
  ]);
});

test('a photo is taken only where its bytes are the ones announced', async () => {
  const { stream, photos } = listening();
  const right = photos.fetch('juliet@capulet.lit', GIF_HASH);
  stream.answer(CARD);
  expect(await right).toMatchObject({ hash: GIF_HASH });
  const wrong = photos.fetch('juliet@capulet.lit', HASH);
  stream.answer(CARD);
  expect(await wrong).toBeUndefined();
});
