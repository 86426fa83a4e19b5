/** The BOSH session on real servers without @xmpp/client: key sequences, pause, polling. */
import { once } from 'node:events';
import type { Element } from '@xmpp/xml';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BoshSession, type BoshSessionOptions } from '../../electron/bosh/client/bosh-session.ts';
import {
  createMemoryJournal,
  type MemoryJournal,
} from '../../electron/bosh/client/testing/memory-journal.ts';
import { newKeySecret } from '../../electron/bosh/protocol/key-sequence.ts';
import { createNodeHttpExchange } from '../../electron/network/node-http-exchange.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';

/** Short, so that a session outliving it is seen soon. */
const INACTIVITY_S = 1;
const NS_SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const NS_BIND = 'urn:ietf:params:xml:ns:xmpp-bind';

/** A session driven by hand: PLAIN, bind, then pings. */
class HandDriven {
  readonly session: BoshSession;
  readonly journal: MemoryJournal;
  readonly #end: Promise<string>;
  #pings = 0;

  constructor(server: XmppServer, options: Partial<BoshSessionOptions> & { from?: string } = {}) {
    this.journal = (options.journal as MemoryJournal | undefined) ?? createMemoryJournal();
    this.session = new BoshSession({
      endpoint: server.boshUrl,
      to: server.domain,
      lang: 'en',
      http: createNodeHttpExchange(),
      ...options,
      journal: this.journal,
    });
    this.session.on('payload', (_, rid) => rid !== undefined && this.session.processed(rid));
    this.#end = new Promise((resolve) => this.session.once('ended', ({ code }) => resolve(code)));
    open.push(this.session);
  }

  async signIn(server: XmppServer, name: string): Promise<void> {
    const { jid, password } = server.user(name);
    const plain = Buffer.from(`\0${jid.split('@')[0]}\0${password}`).toString('base64');
    const features = this.#hears((element) => element.name === 'stream:features');
    this.session.start();
    await features;
    const success = this.#hears((element) => element.is('success', NS_SASL));
    this.session.write(`<auth xmlns='${NS_SASL}' mechanism='PLAIN'>${plain}</auth>`, []);
    await success;
    const bindable = this.#hears((element) => element.name === 'stream:features');
    this.session.restart();
    await bindable;
    const bound = this.#hears((element) => element.attrs.id === 'bind');
    this.session.write(
      `<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='${NS_BIND}'/></iq>`,
      [],
    );
    const jidBound = (await bound).getChild('bind')?.getChildText('jid') ?? '';
    this.session.bound(jidBound);
  }

  /** A round trip through the server. */
  async ping(): Promise<void> {
    const id = `ping-${this.#pings++}`;
    const pong = this.#hears((element) => element.attrs.id === id);
    this.session.write(
      `<iq xmlns='jabber:client' type='get' id='${id}'><ping xmlns='urn:xmpp:ping'/></iq>`,
      [],
    );
    await pong;
  }

  /** Pauses; resolves when the manager has let go of the request it held, so that it has the pause. */
  async pause(seconds: number): Promise<void> {
    const { session } = this;
    while (!session.reading().heldRequest) await once(session, 'change');
    const held = session.reading().heldRequest?.rid;
    session.pause(seconds);
    const isHeld = () =>
      session
        .reading()
        .exchanges.some(({ rid, outcome }) => rid === held && outcome === 'in-flight');
    while (isHeld()) await once(session, 'change');
  }

  #hears(wanted: (element: Element) => boolean): Promise<Element> {
    return new Promise((resolve, reject) => {
      const onPayload = (payload: readonly Element[]) => {
        const element = payload.find(wanted);
        if (!element) return;
        this.session.off('payload', onPayload);
        resolve(element);
      };
      this.session.on('payload', onPayload);
      this.#end.then((code) => reject(new Error(code)));
    });
  }
}

const open: BoshSession[] = [];

/** That a session outlives a time can only be seen after that time. */
function inactivityPassed(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2_500 * INACTIVITY_S));
}

async function end(session: BoshSession): Promise<void> {
  if (session.state === 'closed') return;
  const ended = once(session, 'ended');
  session.terminate('');
  await ended;
}

describe.each([
  ['prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('a BOSH session on %s', (kind, start) => {
  let server: XmppServer;

  beforeAll(async () => {
    server = await start({ inactivity: INACTIVITY_S, pause: 120 });
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map(end));
  });

  afterAll(() => server.stop());

  it('proves with keys who it is, through their renewal and in the next process', async () => {
    const one = new HandDriven(server, { keySecret: newKeySecret() });
    await one.signIn(server, 'alice');
    for (let count = 0; count < 550; count += 1) await one.ping();
    one.session.detach();
    const record = one.journal.record();
    if (!record) throw new Error('no record');
    const two = new HandDriven(server, { record, journal: one.journal });
    two.session.start();
    await two.ping();
    expect(two.session.reading().sid).toBe(one.session.reading().sid);
  });

  it('talks over one connection by polling', async () => {
    const one = new HandDriven(server, { polling: true });
    await one.signIn(server, 'alice');
    await one.ping();
    const reading = one.session.reading();
    expect(reading.granted.wait).toBe(0);
    expect(new Set(reading.exchanges.map((exchange) => exchange.lane))).toEqual(new Set([0]));
  });

  if (kind === 'ejabberd') {
    it('outlives its inactivity by a pause, in the next process too', async () => {
      const one = new HandDriven(server);
      await one.signIn(server, 'alice');
      await one.pause(60);
      expect(one.session.state).toBe('paused');
      await inactivityPassed();
      await one.ping();
      await one.pause(60);
      one.session.detach();
      await inactivityPassed();
      const record = one.journal.record();
      if (!record) throw new Error('no record');
      const two = new HandDriven(server, { record, journal: one.journal });
      two.session.start();
      await two.ping();
    });
  } else {
    it('does not pause where no pause is granted', async () => {
      const one = new HandDriven(server);
      await one.signIn(server, 'alice');
      one.session.pause(60);
      expect(one.session.state).toBe('open');
      await one.ping();
    });
  }
});
