/**
 * An XmppStream over plain TCP for tests of the extensions: what BOSH carries is not what they test.
 * Signs in at once; the extensions are registered before the first stanza can come.
 */
import { Socket } from 'node:net';
import { client } from '@xmpp/client';
import xml, { type Element } from '@xmpp/xml';
import { type Extensions, extensions } from '../../electron/xmpp/extensions/extensions.ts';
import { RequestRefusal } from '../../electron/xmpp/extensions/stanza-error.ts';
import type { Unsubscribe, XmppStream } from '../../electron/xmpp/xmpp-stream.ts';
import { bareJid } from '../../shared/jid.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';

/** A signed-in device with everything the extensions offer. */
export interface Device extends Extensions {
  readonly stream: XmppStream;
  /** Every message and presence so far. */
  readonly heard: readonly Element[];
  close(): Promise<void>;
}

/** Signs in without saying so to anybody: no presence is sent. */
export async function connectDevice(
  server: XmppServer,
  user: string,
  resource: string,
): Promise<Device> {
  const { jid, password } = server.user(user);
  const entity = client({
    service: `xmpp://${server.c2s.host}:${server.c2s.port}`,
    domain: server.domain,
    username: user,
    password,
    resource,
  });
  entity.reconnect.stop();
  let features: Element | undefined;
  let closing = false;
  const problems: unknown[] = [];
  const report = (error: unknown) => {
    // A request that comes while we say goodbye cannot be answered any more.
    if (!closing) problems.push(error);
  };
  entity.on('error', report);
  // Its stream management miscounts beside a busy Prosody, and no test here needs it.
  entity.prependListener('element', (element: Element) => {
    if (element.is('features')) features = element.remove('sm');
  });
  // Nagle's algorithm costs 40 ms a request.
  entity.on('connect', () => {
    if (entity.socket instanceof Socket) entity.socket.setNoDelay(true);
  });
  const listeners = new Set<(stanza: Element) => void>();
  const heard: Element[] = [];
  entity.on('stanza', (stanza: Element) => {
    if (stanza.is('iq')) return;
    heard.push(stanza);
    for (const listener of [...listeners]) listener(stanza);
  });
  const stream: XmppStream = {
    get jid() {
      return entity.jid?.toString() ?? jid;
    },
    bareJid: bareJid(jid),
    domain: server.domain,
    get features() {
      return features;
    },
    send: (stanza) => void entity.send(stanza).catch(report),
    request: (iq, timeoutMs) => entity.iqCaller.request(iq, timeoutMs),
    onStanza(listener): Unsubscribe {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onRequest(type, namespace, name, handler) {
      entity.iqCallee[type](namespace, name, async ({ stanza }: { stanza: Element }) => {
        const child = stanza.getChild(name, namespace);
        try {
          return (child && (await handler(child, stanza))) ?? true;
        } catch (error) {
          if (!(error instanceof RequestRefusal)) throw error;
          return xml(
            'error',
            { type: error.type },
            xml(error.condition, 'urn:ietf:params:xml:ns:xmpp-stanzas'),
          );
        }
      });
      return () => undefined;
    },
    track: () => undefined,
  };
  const trustsStanzaIds = () => true;
  const registered = extensions(stream, {
    ...{ version: '0.0.0-test', trustsStanzaIds, savesData: () => false },
  });
  try {
    await entity.start();
  } catch (error) {
    throw new AggregateError([error, ...problems], `${jid} could not sign in`);
  }
  return {
    ...registered,
    stream,
    heard,
    async close() {
      closing = true;
      await entity.stop();
      if (problems.length > 0) throw new AggregateError(problems, `${jid} had errors`);
    },
  };
}

/** The first event that satisfies `wanted`; fails after 20 s. Subscribe before causing it. */
export function next<Event extends readonly unknown[]>(
  subscribe: (listener: (...event: Event) => void) => Unsubscribe,
  wanted: (...event: Event) => boolean,
): Promise<Event> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      unsubscribe();
      reject(new Error(`nothing like ${wanted} came within 20 s`));
    }, 20_000);
    const unsubscribe = subscribe((...event) => {
      if (!wanted(...event)) return;
      clearTimeout(late);
      unsubscribe();
      resolve(event);
    });
  });
}
