/** The session over HTTP: what becomes of answers that are no ordinary `<body/>`. */
import { once } from 'node:events';
import type { Element } from '@xmpp/xml';
import { afterEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../shared/problem.ts';
import { NS_HTTPBIND } from '../protocol/namespaces.ts';
import { BoshSession, type BoshSessionOptions } from './bosh-session.ts';
import { EJABBERD, PROSODY } from './testing/bench.ts';
import { createMemoryJournal } from './testing/memory-journal.ts';
import { ScriptedHttp, type ScriptedRequest } from './testing/scripted-http.ts';

const { ver: _, ...LEGACY } = PROSODY;
const BODY = `<body xmlns='${NS_HTTPBIND}'`;

const sessions: BoshSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.detach();
});

class World {
  readonly http = new ScriptedHttp();
  readonly session: BoshSession;
  readonly journal = createMemoryJournal();
  readonly ends: Problem[] = [];
  readonly payloads: string[] = [];

  constructor(options: Partial<BoshSessionOptions> = {}) {
    this.session = new BoshSession({
      ...{ endpoint: 'https://example.org/http-bind', to: 'example.org', lang: 'en' },
      ...{ http: this.http, journal: this.journal, ...options },
    });
    sessions.push(this.session);
    this.session.on('ended', (problem) => this.ends.push(problem));
    this.session.on('payload', (payload: readonly Element[]) =>
      this.payloads.push(...payload.map((element) => element.text())),
    );
  }

  /** Signs in. @returns the request then held. */
  async open(grant: Record<string, string> = PROSODY): Promise<ScriptedRequest> {
    this.session.start();
    (await this.http.next()).give({ sid: 'secret', ...grant });
    const held = await this.http.next();
    this.session.bound('a@example.org/r');
    return held;
  }
}

/** Resolves when the request was repeated, with the same rid and bytes. */
async function repeated(world: World, request: ScriptedRequest): Promise<ScriptedRequest> {
  while (world.session.state !== 'broken') await once(world.session, 'change');
  world.session.retryNow();
  const again = await world.http.next();
  expect(again.body).toBe(request.body);
  return again;
}

describe('a request', () => {
  it('is a POST to the endpoint, always the same one', async () => {
    const world = new World();
    const held = await world.open();
    world.session.write('<s/>', []);
    await world.http.next();
    held.give({});
    const asked = world.http.requests.map(({ http }) => [http.method, http.url]);
    expect(asked).toEqual(Array(3).fill(['POST', 'https://example.org/http-bind']));
  });

  it('is compressed where the manager accepts that and it is long', async () => {
    const world = new World();
    await world.open({ ...PROSODY, accept: 'gzip' });
    world.session.write(`<s>${'x'.repeat(2_000)}</s>`, []);
    expect((await world.http.next()).http.compress).toBe(true);
  });

  it('carries what was asked for when the session was asked for', async () => {
    const options = { from: 'a@example.org', route: 'xmpp:x.example:5222', content: 'text/html' };
    const world = new World(options);
    world.session.start();
    expect((await world.http.next()).attributes).toMatchObject(options);
  });
});

describe('whoever hears of a payload', () => {
  it('may write at once: the answer is carried out first, and the write is not forgotten', async () => {
    const world = new World();
    world.session.start();
    (await world.http.next()).give({ sid: 'secret', ...EJABBERD });
    const held = await world.http.next();
    world.session.write('<s>1</s>', []);
    await world.http.next();
    // The pause between two requests on different connections has just begun.
    world.session.once('payload', () => world.session.write('<s>2</s>', []));
    held.give({}, '<s>news</s>');
    expect((await world.http.next()).body).toContain('<s>2</s>');
  });

  it('may end the session, and hears nothing afterwards', async () => {
    const world = new World();
    const held = await world.open();
    const states: string[] = [];
    world.session.on('payload', () => {
      world.session.detach();
      states.push(world.session.state);
    });
    world.session.on('ended', () => states.push(world.session.state));
    held.give({}, '<s>news</s>');
    await once(world.session, 'ended');
    expect(states).toEqual(['open', 'closed']);
  });
});

describe('an answer', () => {
  it('is read whatever Content-Type and other headers it has', async () => {
    const world = new World();
    const held = await world.open();
    held.answer(`${BODY}><s>news</s></body>`, {
      headers: { 'content-type': 'text/html; charset=x-unknown', 'x-unheard-of': '1' },
    });
    await world.http.next();
    expect(world.payloads).toEqual(['news']);
  });

  it('is read whatever its status, where it is the manager’s', async () => {
    const world = new World();
    const held = await world.open();
    held.answer(`${BODY}><s>news</s></body>`, { status: 500 });
    await world.http.next();
    expect(world.payloads).toEqual(['news']);
  });

  it('is granted attributes and all, charsets too', async () => {
    const world = new World();
    await world.open({ ...PROSODY, charsets: 'ISO_8859-1 ISO-2022-JP', stream: 'one' });
    expect(world.session.reading().granted).toMatchObject({
      charsets: 'ISO_8859-1 ISO-2022-JP',
      stream: 'one',
    });
  });

  it('with a terminate gives its payload before the session ends', async () => {
    const world = new World();
    const held = await world.open();
    const order: string[] = [];
    world.session.on('payload', () => order.push('payload'));
    world.session.on('ended', () => order.push('ended'));
    held.give({ type: 'terminate', condition: 'system-shutdown' }, '<s>last</s>');
    await once(world.session, 'ended');
    expect(order).toEqual(['payload', 'ended']);
    expect(world.payloads).toEqual(['last']);
    expect(world.ends).toMatchObject([{ code: 'endpoint.system-shutdown', retry: 'later' }]);
  });

  it('may say where else the session is to be', async () => {
    const world = new World();
    world.session.start();
    const request = await world.http.next();
    const uri = '<uri>https://b.example.org/http-bind</uri>';
    request.give({ type: 'terminate', condition: 'see-other-uri' }, uri);
    await once(world.session, 'ended');
    expect(world.ends).toMatchObject([
      { code: 'endpoint.see-other-uri', detail: 'https://b.example.org/http-bind' },
    ]);
  });
});

describe('a manager without ver', () => {
  const codes = [
    [400, 'endpoint.bad-request'],
    [403, 'endpoint.policy-violation'],
    [404, 'endpoint.item-not-found'],
  ] as const;

  it.each(codes)('ends the session by the status %i', async (status, code) => {
    const world = new World();
    const held = await world.open(LEGACY);
    held.answer('', { status });
    await once(world.session, 'ended');
    expect(world.ends).toMatchObject([{ code }]);
  });

  it.each(codes)('ends it by the status %i whatever the answer holds', async (status, code) => {
    for (const text of ['<html/>', `${BODY}/>`, `${BODY}><oops>`]) {
      const world = new World();
      const held = await world.open(LEGACY);
      held.answer(text, { status });
      await once(world.session, 'ended');
      expect(world.ends).toMatchObject([{ code }]);
    }
  });

  it('ends it even where a later request is under way', async () => {
    const world = new World();
    const held = await world.open(LEGACY);
    world.session.write('<s/>', []);
    await world.http.next();
    held.answer('', { status: 404 });
    await once(world.session, 'ended');
    expect(world.ends).toMatchObject([{ code: 'endpoint.item-not-found' }]);
  });

  it.each([401, 405, 500, 502, 503])('does not by the status %i', async (status) => {
    const world = new World();
    const held = await world.open(LEGACY);
    held.answer('', { status });
    await repeated(world, held);
    expect(world.ends).toEqual([]);
  });

  it.each(codes)('is another than one with ver, whose session outlives %i', async (status) => {
    const world = new World();
    const held = await world.open();
    held.answer('', { status });
    await repeated(world, held);
    expect(world.ends).toEqual([]);
  });
});
