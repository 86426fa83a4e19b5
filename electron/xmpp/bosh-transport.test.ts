/**
 * What the transport relies on in @xmpp/client 0.14, none of which its documentation promises. A test that
 * fails after an update of the library says what has to be looked at.
 */
import { client } from '@xmpp/client';
import xml, { type Element } from '@xmpp/xml';
import { afterEach, describe, expect, it } from 'vitest';
import { BoshSession } from '../bosh/client/bosh-session.ts';
import { createMemoryJournal } from '../bosh/client/testing/memory-journal.ts';
import { decodeBody } from '../bosh/protocol/body.ts';
import { createBoshTransport } from './bosh-transport.ts';
import {
  type ManagerScript,
  type ManagerSession,
  ScriptedManager,
} from './testing/scripted-manager.ts';

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const TLS = 'urn:ietf:params:xml:ns:xmpp-tls';
const COMPRESS = 'http://jabber.org/features/compress';
const SM = 'urn:xmpp:sm:3';
const STREAMS = 'urn:ietf:params:xml:ns:xmpp-streams';
const ENDPOINT = 'https://manager.example/http-bind';

const features = (...children: Element[]) => xml('stream:features', {}, ...children);
const mechanisms = xml('mechanisms', { xmlns: SASL }, xml('mechanism', {}, 'PLAIN'));
const bind = xml('bind', { xmlns: BIND });

/** What the library has and its typings leave out. */
interface Internals {
  readonly transports: { prototype: { socketParameters(service: string): unknown } }[];
  readonly reconnect: { stop(): void };
  readonly saslFactory: { _mechs: { name: string }[]; use(name: string, mechanism: unknown): void };
  readonly streamManagement: { outbound_q: unknown[] };
  readonly status: string;
  listenerCount(event: string): number;
  connect(service: string): Promise<void>;
  open(options: { domain: string }): Promise<Element>;
  disconnect(): Promise<unknown>;
  send(element: Element): Promise<void>;
  _jid(jid: string): void;
  _ready(resumed?: boolean): void;
}

/** A server that takes any password; `sent` lets a test answer otherwise. */
function script(overrides: Partial<ManagerScript> = {}): ManagerScript {
  return {
    opened: (session) => session.send(features(mechanisms)),
    restarted: (session) => session.send(features(bind)),
    received: (session, element) => answer(session, element),
    ...overrides,
  };
}

function answer(session: ManagerSession, element: Element): void {
  if (element.is('auth', SASL)) session.send(xml('success', { xmlns: SASL }));
  if (!element.getChild('bind', BIND)) return;
  const { id } = element.attrs;
  const jid = xml('jid', {}, 'juliet@manager.example/balcony');
  session.send(xml('iq', { type: 'result', id }, xml('bind', { xmlns: BIND }, jid)));
}

interface Connection {
  readonly entity: ReturnType<typeof client> & Internals;
  readonly session: BoshSession;
  readonly manager: ScriptedManager;
  /** Statuses, elements and what was sent, in the order they came. */
  readonly events: string[];
  open(): Promise<void>;
  until(event: string): Promise<unknown>;
}

const sessions: BoshSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.detach();
});

function connect(overrides: Partial<ManagerScript> = {}): Connection {
  const manager = new ScriptedManager(script(overrides));
  const session = new BoshSession({
    ...{ endpoint: ENDPOINT, to: 'manager.example', lang: 'en', http: manager },
    journal: createMemoryJournal(),
  });
  sessions.push(session);
  const { Transport, feed } = createBoshTransport({
    ...{ session, secure: true, resumed: false },
    onElement: () => true,
    onStanza: (stanza) => events.push(`stanza ${stanza.name}`),
    lastPayload: () => '',
  });
  session.on('payload', (payload) => feed(payload, (fault) => events.push(`fault ${fault}`)));
  const entity = client({
    ...{ service: ENDPOINT, domain: 'manager.example', resource: 'balcony', timeout: 5_000 },
    ...{ username: 'juliet', password: 'r0m30' },
  }) as Connection['entity'];
  entity.transports.length = 0;
  entity.transports.push(Transport as unknown as Internals['transports'][number]);
  entity.reconnect.stop();
  const events: string[] = [];
  entity.on('status', (status: string) => events.push(status));
  entity.on('element', (element: Element) => events.push(`got ${element.name}`));
  entity.on('send', (element: Element) => events.push(`sent ${element.name}`));
  entity.on('error', (error: Error) => events.push(`error ${error.name}`));
  return {
    ...{ entity, session, manager, events },
    async open() {
      await entity.connect(ENDPOINT);
      await entity.open({ domain: 'manager.example' });
    },
    until: (event) => new Promise((resolve) => entity.once(event as 'online', resolve)),
  };
}

async function online(overrides?: Partial<ManagerScript>): Promise<Connection> {
  const connection = connect(overrides);
  const isOnline = connection.until('online');
  await connection.open();
  await isOnline;
  return connection;
}

describe('@xmpp/client 0.14, over the BOSH transport', () => {
  it('takes no https service by any transport of its own', () => {
    const { transports } = client({ service: ENDPOINT }) as unknown as Internals;
    const takes = (service: string) =>
      transports.filter(({ prototype }) => {
        try {
          return prototype.socketParameters(service) !== undefined;
        } catch {
          return false;
        }
      });
    expect(transports).toHaveLength(3);
    expect(takes(ENDPOINT)).toEqual([]);
  });

  it('opens, signs in, restarts and binds in this order', async () => {
    const { events } = await online();
    expect(events).toEqual([
      'connecting',
      'connect',
      'opening',
      'open',
      'got stream:features',
      'sent auth',
      'got success',
      'opening',
      'open',
      'got stream:features',
      'sent iq',
      'stanza iq',
      'got iq',
      'online',
    ]);
  });

  it('asks for a session with the first header and restarts the stream with the second', async () => {
    const { manager } = await online();
    const [creation, ...later] = manager.requests;
    expect(creation).toContain("to='manager.example'");
    expect(creation).not.toContain('sid=');
    expect(later.filter((request) => request.includes("xmpp:restart='true'"))).toHaveLength(1);
    expect(later.every((request) => request.includes(' sid='))).toBe(true);
  });

  it('waits for features that come in a later answer', async () => {
    const { events } = await online({
      opened: (session) =>
        setImmediate(() => setImmediate(() => session.send(features(mechanisms)))),
      restarted: (session) => setImmediate(() => setImmediate(() => session.send(features(bind)))),
    });
    expect(events.at(-1)).toBe('online');
    expect(events.filter((event) => event === 'got stream:features')).toHaveLength(2);
  });

  it('asks for neither TLS nor compression inside the stream, whatever is offered', async () => {
    const tls = xml('starttls', { xmlns: TLS }, xml('required'));
    const compression = xml('compression', { xmlns: COMPRESS }, xml('method', {}, 'zlib'));
    const { manager, events } = await online({
      opened: (session) => session.send(features(tls, compression, mechanisms)),
      restarted: (session) => session.send(features(tls, compression, bind)),
    });
    expect(events.at(-1)).toBe('online');
    expect(manager.requests.join('')).not.toMatch(/starttls|compress/u);
  });

  it('sends each step of the sign-in alone, and names the namespace of what it sends', async () => {
    const { manager } = await online();
    const payloads = manager.requests.map((request) => decodeBody(request).payload);
    const sent = payloads.filter((payload) => payload.length > 0);
    expect(sent.map((payload) => payload.map(({ name }) => name))).toEqual([['auth'], ['iq']]);
    const written = manager.requests.join('');
    expect(written).toMatch(/<auth [^>]*xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/u);
    expect(written).toMatch(/<iq [^>]*xmlns="jabber:client"/u);
  });

  it('listens for the stream only after the header was written', async () => {
    const connection = connect();
    const { entity } = connection;
    await entity.connect(ENDPOINT);
    const before = entity.listenerCount('open');
    const opened = entity.open({ domain: 'manager.example' });
    expect(entity.listenerCount('open')).toBe(before);
    // The write's callback comes in a microtask of its own, so that what follows it is heard.
    await new Promise((resolve) => setImmediate(resolve));
    expect(entity.listenerCount('open')).toBe(before + 1);
    await opened;
  });

  it('tells of what is sent once it is handed over, not once it is answered', async () => {
    const { entity, manager } = await online();
    const requests = manager.requests.length;
    await entity.send(xml('message', { id: 'm1' }, xml('body', {}, 'hello')));
    expect(manager.requests).toHaveLength(requests);
  });

  it('sorts what comes into stanzas and the rest', async () => {
    let session: ManagerSession | undefined;
    const { entity, until } = await online({
      opened: (opened) => {
        session = opened;
        opened.send(features(mechanisms));
      },
    });
    const sorted: string[] = [];
    entity.on('stanza', (stanza: Element) => sorted.push(`stanza ${stanza.name}`));
    entity.on('nonza' as 'stanza', (nonza: Element) => sorted.push(`nonza ${nonza.name}`));
    const heard = until('stanza');
    session?.send(xml('x', { xmlns: 'urn:example' }), xml('presence'));
    await heard;
    expect(sorted).toEqual(['nonza x', 'stanza presence']);
  });

  it('tries the mechanisms of its factory in their order, and has no other place for them', async () => {
    const { entity } = connect();
    const { saslFactory } = entity;
    expect(saslFactory._mechs.map(({ name }) => name)).toEqual([
      'SCRAM-SHA-1',
      'PLAIN',
      'ANONYMOUS',
    ]);
    saslFactory._mechs.length = 0;
    saslFactory.use('X-OURS', class {});
    expect(saslFactory._mechs.map(({ name }) => name)).toEqual(['X-OURS']);
  });

  it('takes an online stream from outside, and says so once', () => {
    const { entity, events } = connect();
    entity._jid('juliet@manager.example/balcony');
    entity._ready();
    entity._ready();
    expect(events).toEqual(['online']);
    expect(String(entity.jid)).toBe('juliet@manager.example/balcony');
  });

  it('connects again by itself unless it is stopped', () => {
    const entity = client({ service: ENDPOINT }) as unknown as Internals;
    const before = entity.listenerCount('disconnect');
    entity.reconnect.stop();
    expect(entity.listenerCount('disconnect')).toBe(before - 1);
  });

  it('ends the stream and the socket when the manager ends the session', async () => {
    let session: ManagerSession | undefined;
    const { until, events } = await online({
      opened: (opened) => {
        session = opened;
        opened.send(features(mechanisms));
      },
    });
    const gone = until('disconnect');
    session?.terminate('system-shutdown');
    await gone;
    expect(events.slice(-2)).toEqual(['close', 'disconnect']);
  });

  it('tells of a stream error, then closes by itself', async () => {
    let session: ManagerSession | undefined;
    const { until, events } = await online({
      opened: (opened) => {
        session = opened;
        opened.send(features(mechanisms));
      },
    });
    const gone = until('disconnect');
    session?.send(xml('stream:error', {}, xml('conflict', { xmlns: STREAMS })));
    await gone;
    const after = events.slice(events.indexOf('online') + 1);
    expect(after.slice(0, 2)).toEqual(['error StreamError', 'got stream:error']);
    expect(after.slice(-1)).toEqual(['disconnect']);
  });

  it('writes a footer to close, which ends the session', async () => {
    const { entity, manager } = await online();
    await entity.disconnect();
    expect(manager.requests.at(-1)).toContain("type='terminate'");
    expect(entity.status).toBe('disconnect');
  });

  it('would enable stream management wherever it is offered, so the offer is kept from it', async () => {
    const offered = features(bind, xml('sm', { xmlns: SM }));
    const { manager, until } = await online({ restarted: (session) => session.send(offered) });
    await until('send');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(manager.requests.join('')).toContain('<enable xmlns="urn:xmpp:sm:3"');
  });

  it('would answer requests for acknowledgement without having enabled them, so they are kept from it', async () => {
    let session: ManagerSession | undefined;
    const { until, events } = await online({
      opened: (opened) => {
        session = opened;
        opened.send(features(mechanisms));
      },
    });
    const answered = until('send');
    session?.send(xml('r', { xmlns: SM }));
    await answered;
    expect(events.at(-1)).toBe('sent a');
  });
});
