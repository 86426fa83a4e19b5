import xml, { type Element } from '@xmpp/xml';
import { describe, expect, it } from 'vitest';
import { ANCHOR, startTestServer } from '../testing/signed-in.ts';
import type { TestClient } from '../testing/test-client.ts';
import { Archive } from './archive.ts';

const MAM = 'urn:xmpp:mam:2';
const RSM = 'http://jabber.org/protocol/rsm';
const JULIET = 'juliet@playground.alt';

interface Found {
  readonly texts: string[];
  readonly ids: string[];
  readonly complete: boolean;
  readonly count: string | null | undefined;
}

/** Asks for a page: fields of the form, then of the set. */
async function ask(
  client: TestClient,
  fields: Record<string, string>,
  set: Record<string, string>,
): Promise<Found> {
  const mark = client.received.length;
  const answer = await client.request(query(fields, set));
  const results = client.received
    .slice(mark)
    .flatMap((element) => element.getChild('result', MAM) ?? []);
  expect(results.every(({ attrs }) => attrs.queryid === 'q')).toBe(true);
  const fin = answer.getChild('fin', MAM);
  return {
    texts: results.map((result) => bodyIn(result)),
    ids: results.map(({ attrs }) => attrs.id),
    complete: fin?.attrs.complete === 'true',
    count: fin?.getChild('set', RSM)?.getChildText('count'),
  };
}

function query(fields: Record<string, string>, set: Record<string, string>): Element {
  const form = xml('x', { xmlns: 'jabber:x:data', type: 'submit' });
  for (const [name, value] of Object.entries({ FORM_TYPE: MAM, ...fields })) {
    form.append(xml('field', { var: name }, xml('value', {}, value)));
  }
  const page = xml('set', { xmlns: RSM });
  for (const [name, value] of Object.entries(set)) page.append(xml(name, {}, value));
  return xml('iq', { type: 'set' }, xml('query', { xmlns: MAM, queryid: 'q' }, form, page));
}

function bodyIn(result: Element): string {
  return result.getChild('forwarded')?.getChild('message')?.getChildText('body') ?? '';
}

async function withFiveMessages(): Promise<TestClient> {
  const { client } = startTestServer(['romeo', 'juliet', 'nurse']);
  const romeo = await client('romeo');
  for (const [to, text] of [
    ['juliet', 'one'],
    ['nurse', 'two'],
    ['juliet', 'three'],
    ['juliet', 'four'],
    ['juliet', 'five'],
  ] as const) {
    romeo.send(xml('message', { to: `${to}@playground.alt`, type: 'chat' }, xml('body', {}, text)));
  }
  return romeo;
}

describe('the archive', () => {
  it('hands over pages forwards, each from where the last one ended', async () => {
    const romeo = await withFiveMessages();
    const first = await ask(romeo, {}, { max: '3' });
    const second = await ask(romeo, {}, { max: '3', after: first.ids.at(-1) ?? '' });
    expect([first.texts, second.texts]).toEqual([
      ['one', 'two', 'three'],
      ['four', 'five'],
    ]);
    expect([first.complete, second.complete]).toEqual([false, true]);
    expect(first.count).toBe('5');
  });

  it('hands over pages backwards, each still in order, of one person only', async () => {
    const romeo = await withFiveMessages();
    const last = await ask(romeo, { with: JULIET }, { max: '3', before: '' });
    const before = await ask(romeo, { with: JULIET }, { max: '3', before: last.ids[0] ?? '' });
    expect([last.texts, before.texts]).toEqual([['three', 'four', 'five'], ['one']]);
    expect([last.complete, before.complete]).toEqual([false, true]);
  });

  it('goes by time', async () => {
    const romeo = await withFiveMessages();
    const { texts, ids } = await ask(romeo, {}, { max: '10' });
    const start = new Date(Number.parseInt(ids[3]?.split('-')[1] ?? '', 36)).toISOString();
    expect((await ask(romeo, { start }, { max: '10' })).texts).toEqual(texts.slice(3));
    expect((await ask(romeo, { end: start }, { max: '10' })).texts).toEqual(texts.slice(0, 4));
  });

  it.each([
    ['an id that is not its own', {}, { after: 'somewhere' }, 'item-not-found'],
    ['a field it does not know', { withtext: 'rose' }, {}, 'feature-not-implemented'],
    ['a time that is none', { start: 'yesterday' }, {}, 'bad-request'],
  ])('refuses %s', async (_what, fields, set, condition) => {
    const romeo = await withFiveMessages();
    const answer = await romeo.request(
      query(fields as Record<string, string>, set as Record<string, string>),
    );
    expect(answer.getChild('error')?.getChild(condition)).toBeDefined();
  });

  it('keeps what says something or asks to be kept, and no more', async () => {
    const { client, account } = startTestServer(['romeo', 'juliet']);
    const romeo = await client('romeo');
    const hint = (name: string) => xml(name, { xmlns: 'urn:xmpp:hints' });
    const body = () => xml('body', {}, 'text');
    for (const children of [
      [body()],
      [body(), hint('no-store')],
      [xml('composing', { xmlns: 'http://jabber.org/protocol/chatstates' })],
      [xml('received', { xmlns: 'urn:xmpp:receipts', id: '1' }), hint('store')],
    ]) {
      romeo.send(xml('message', { to: JULIET, type: 'chat' }, ...children));
    }
    romeo.send(xml('message', { to: JULIET, type: 'groupchat' }, body()));
    await ask(romeo, {}, { max: '0' });
    const page = account('romeo').archive.page({ max: 10 });
    expect(page?.entries.map(({ message }) => message.children.length)).toEqual([1, 2]);
  });
});

describe('ids', () => {
  const message = xml('message');

  it('are the same for the same history, and go on where an archive before this one was', () => {
    const [earlier, later] = [new Archive(ANCHOR), new Archive(ANCHOR)];
    for (const archive of [earlier, later]) {
      archive.add(message, JULIET, ANCHOR - 5_000);
      archive.add(message, JULIET, ANCHOR - 5_000);
    }
    const lost = earlier.add(message, JULIET, ANCHOR + 1_000);
    const first = later.add(message, JULIET, ANCHOR + 2_000);
    expect(later.page({ max: 2 })?.entries.map(({ id }) => id)).toEqual(
      earlier.page({ max: 2 })?.entries.map(({ id }) => id),
    );
    expect(later.page({ max: 10, after: lost.id })?.entries).toEqual([first]);
  });

  it('grow even where the clock stands still', () => {
    const archive = new Archive(ANCHOR);
    const ids = [1, 2, 3].map(() => archive.add(message, JULIET, ANCHOR).id);
    expect(new Set(ids).size).toBe(3);
    expect(archive.page({ max: 10, after: ids[0] ?? '' })?.entries.map(({ id }) => id)).toEqual(
      ids.slice(1),
    );
  });
});
