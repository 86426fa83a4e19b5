import xml, { type Element } from '@xmpp/xml';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPlaygroundServer, type PlaygroundServer } from './playground-server.ts';
import { readArchiveId } from './server/archive.ts';
import { TestClient } from './testing/test-client.ts';

const MAM = 'urn:xmpp:mam:2';
const HARBOUR = 'harbour@playground.alt';
const password = 'of this run';
const noon = new Date(2026, 4, 4, 12).getTime();

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

function open(lastArchiveId?: string, now = () => noon): PlaygroundServer {
  return createPlaygroundServer({ password, lastArchiveId, now });
}

function signIn({ username, upstream }: PlaygroundServer): Promise<TestClient> {
  return TestClient.signedIn(upstream, { username, password });
}

/** Every archived message, as id and text. */
async function archiveOf(
  client: TestClient,
): Promise<{ id: string; text: string; peer: string }[]> {
  const found: { id: string; text: string; peer: string }[] = [];
  for (let isComplete = false; !isComplete; ) {
    const mark = client.received.length;
    const set = xml('set', { xmlns: 'http://jabber.org/protocol/rsm' }, xml('max', {}, '100'));
    const last = found.at(-1);
    if (last) set.append(xml('after', {}, last.id));
    const answer = await client.request(
      xml('iq', { type: 'set' }, xml('query', { xmlns: MAM, queryid: 'all' }, set)),
    );
    for (const element of client.received.slice(mark)) {
      const result = element.getChild('result', MAM);
      if (result) found.push(readResult(result));
    }
    isComplete = answer.getChild('fin', MAM)?.attrs.complete === 'true';
  }
  return found;
}

function readResult(result: Element): { id: string; text: string; peer: string } {
  const message = result.getChild('forwarded')?.getChild('message');
  const { from = '', to = '' } = message?.attrs ?? {};
  const peer = from.startsWith('you@') ? to : from.split('/')[0];
  return { id: result.attrs.id, text: message?.getChildText('body') ?? '', peer };
}

describe('the playground', () => {
  it('has a few hundred messages to scroll through, all of them before today', async () => {
    const past = await archiveOf(await signIn(open()));
    expect(past.length).toBeGreaterThan(300);
    const midnight = new Date(noon).setHours(0, 0, 0, 0);
    for (const { id } of past) expect(readArchiveId(id)?.at).toBeLessThan(midnight);
  });

  it('shows every chat with a past on the first page that Holdfast reads', async () => {
    const past = await archiveOf(await signIn(open()));
    const chats = new Set(past.slice(-50).map(({ peer }) => peer));
    expect([...chats].sort()).toEqual([...new Set(past.map(({ peer }) => peer))].sort());
  });

  it('has the same past, under the same ids, for who comes back on another day', async () => {
    const first = await archiveOf(await signIn(open()));
    const days = 5 * 24 * 60 * 60 * 1000;
    const again = await archiveOf(await signIn(open(first.at(-1)?.id, () => noon + days)));
    expect(again).toEqual(first);
  });

  it('never gives an id again that an earlier run may have given', async () => {
    const first = open();
    const client = await signIn(first);
    client.send(xml('message', { to: 'echo@playground.alt', type: 'chat' }, xml('body', {}, 'Hi')));
    await vi.advanceTimersByTimeAsync(5_000);
    const last = (await archiveOf(client)).at(-1)?.id ?? '';
    const second = await signIn(open(last, () => noon + 60_000));
    second.send(xml('message', { to: 'echo@playground.alt', type: 'chat' }, xml('body', {}, 'Ho')));
    const fresh = (await archiveOf(second)).filter(({ text }) => text === 'Ho');
    expect(fresh).toHaveLength(1);
    expect(readArchiveId(fresh[0]?.id ?? '')?.at).toBeGreaterThan(readArchiveId(last)?.at ?? 0);
  });

  it('takes the password of this run only', async () => {
    const { upstream, username } = open();
    const outcome = await new TestClient(upstream).authenticate(
      { username, password: 'of another run' },
      'SCRAM-SHA-256',
    );
    expect(outcome.name).toBe('failure');
  });

  it('greets who comes for the first time, and lets who comes back be', async () => {
    const client = await signIn(open());
    await vi.advanceTimersByTimeAsync(10_000);
    await client.next((element) => element.getChildText('body')?.startsWith('Welcome!') === true);
    const last = (await archiveOf(client)).at(-1)?.id;
    const back = await signIn(open(last));
    await vi.advanceTimersByTimeAsync(10_000);
    const texts = back.received.map((element) => element.getChildText('body') ?? '');
    expect(texts.some((text) => text.startsWith('Welcome!'))).toBe(false);
  });

  it('is silent once it is closed', async () => {
    const server = open();
    const client = await signIn(server);
    server.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.received.some((element) => element.getChild('body'))).toBe(false);
  });
});

describe('the guide', () => {
  it('shows one thing after the other, then says what can be asked for', async () => {
    const client = await signIn(open());
    await vi.advanceTimersByTimeAsync(10_000);
    const said = async (text: string) => {
      const mark = client.received.length;
      client.send(
        xml('message', { to: 'marlow@playground.alt', type: 'chat' }, xml('body', {}, text)),
      );
      await vi.advanceTimersByTimeAsync(30_000);
      const ours = client.received
        .slice(mark)
        .filter(({ name, attrs }) => name !== 'iq' && attrs.from?.startsWith('marlow@'));
      return ours;
    };
    const texts = (elements: Element[]) =>
      elements.flatMap((element) => element.getChildText('body') ?? []).join('\n');
    const steps: Element[][] = [];
    for (let step = 1; step <= 9; step++) steps.push(await said('Go on'));
    expect(steps.every((step) => texts(step) !== '')).toBe(true);
    expect(new Set(steps.map(texts)).size).toBe(9);
    expect(texts(await said('Go on'))).toContain('Ask me again about');
    const moods = (await said('Show me presence, please')).flatMap(
      (element) => element.getChildText('show') ?? [],
    );
    expect(moods).toEqual(['away', 'dnd', 'chat']);
    const asks = client.received.filter(({ attrs }) => attrs.type === 'subscribe');
    expect(asks.map(({ attrs }) => attrs.from)).toEqual(['sol@playground.alt']);
  });
});

describe('the busy room', () => {
  it('is told line by line, with who speaks, while somebody listens', async () => {
    const client = await signIn(open());
    await vi.advanceTimersByTimeAsync(60_000);
    const lines = client.received
      .filter(({ attrs }) => attrs.from?.startsWith(HARBOUR))
      .flatMap((element) => element.getChildText('body') ?? []);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(line).toMatch(/^(Ines|Kofi|Maren|Yuki|Bo): /u);
  });

  it('hears what one writes, and somebody answers', async () => {
    const client = await signIn(open());
    const room = `harbour@rooms.playground.alt`;
    const x = xml('x', { xmlns: 'http://jabber.org/protocol/muc' });
    client.send(xml('presence', { to: `${room}/Visitor` }, x));
    client.send(xml('message', { to: HARBOUR, type: 'chat' }, xml('body', {}, 'Good tide!')));
    const heard = await client.message('Good tide!');
    expect(heard.attrs.from).toBe(`${room}/you`);
    await vi.advanceTimersByTimeAsync(2_000);
    await client.next(
      (element) => element.getChildText('body')?.startsWith('Maren: Well said!') === true,
    );
  });

  it('is found by who looks for rooms', async () => {
    const client = await signIn(open());
    const items = async (to: string) => {
      const query = xml('query', { xmlns: 'http://jabber.org/protocol/disco#items' });
      const answer = await client.request(xml('iq', { type: 'get', to }, query));
      return answer
        .getChild('query')
        ?.getChildren('item')
        .map(({ attrs }) => attrs.jid);
    };
    expect(await items('playground.alt')).toEqual(['rooms.playground.alt']);
    expect(await items('rooms.playground.alt')).toEqual(['harbour@rooms.playground.alt']);
  });
});
