/**
 * One XML stream of a client to the playground's server (RFC 6120): header, SCRAM, binding, then stanzas. It is
 * what the connection manager has at the other end of a BOSH session (`bosh/manager/upstream.ts`).
 */
import xml, { type Element } from '@xmpp/xml';
import { newId } from '../../../shared/ids.ts';
import { parseJid } from '../../../shared/jid.ts';
import type { StreamListener, UpstreamStream } from '../../bosh/manager/upstream.ts';
import { decodePayload } from '../../bosh/protocol/body.ts';
import { NS_CLIENT, NS_STREAM } from '../../bosh/protocol/namespaces.ts';
import type { Account } from './account.ts';
import type { Connection, Device } from './device.ts';
import {
  SCRAM_MECHANISMS,
  type ScramCredentials,
  type ScramMechanism,
  ScramServer,
} from './scram-server.ts';
import { copyOf, errorOf, isRequest, resultOf } from './stanza.ts';

const NS_SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const NS_BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const NS_STREAMS = 'urn:ietf:params:xml:ns:xmpp-streams';

/** Sign-ins tried on one stream (RFC 6120 §6.4.5). */
const MOST_TRIES = 5;
/** Stanzas kept for a client that does not fetch them. */
const MOST_WAITING = 10_000;

export interface ClientStreamOptions {
  readonly domain: string;
  readonly listener: StreamListener;
  /** What proves a password, also for a name nobody has. */
  readonly credentials: (username: string) => ScramCredentials;
  /** Whose name that is. */
  readonly account: (username: string) => Account | undefined;
}

export class ClientStream implements UpstreamStream, Connection {
  readonly #options: ClientStreamOptions;
  #scram: ScramServer | undefined;
  #username = '';
  #tries = 0;
  #account: Account | undefined;
  #device: Device | undefined;
  /** What the client has not fetched yet. */
  readonly #outgoing: string[] = [];
  #isReading = true;
  #isOver = false;

  constructor(options: ClientStreamOptions) {
    this.#options = options;
    this.#soon(() => this.#open());
  }

  write(text: string): boolean {
    this.#soon(() => this.#read(text));
    return true;
  }

  restart(): void {
    this.#soon(() => this.#open());
  }

  setReading(reading: boolean): void {
    this.#isReading = reading;
    this.#deliver();
  }

  close(): void {
    this.#soon(() => this.#leave());
  }

  send(element: Element): void {
    if (this.#isOver) return;
    if (this.#outgoing.push(element.toString()) > MOST_WAITING) this.end('resource-constraint');
    else this.#deliver();
  }

  end(condition: string): void {
    if (this.#isOver) return;
    this.#leave();
    const error = xml('stream:error', { 'xmlns:stream': NS_STREAM });
    error.append(xml(condition, { xmlns: NS_STREAMS }));
    this.#options.listener.onEnd({ kind: 'closed', error: error.toString() });
  }

  /** The listener may stop reading at any element. */
  #deliver(): void {
    while (this.#isReading && !this.#isOver) {
      const text = this.#outgoing.shift();
      if (text === undefined) return;
      this.#options.listener.onElement(text);
    }
  }

  /** In order, and never while somebody is calling. */
  #soon(work: () => void): void {
    queueMicrotask(() => {
      if (!this.#isOver) work();
    });
  }

  #leave(): void {
    this.#isOver = true;
    if (this.#device) this.#account?.release(this.#device);
  }

  #open(): void {
    const { domain, listener } = this.#options;
    listener.onOpen({ id: newId(), from: domain, version: '1.0', 'xml:lang': 'en' });
    const features = xml('stream:features', { 'xmlns:stream': NS_STREAM });
    if (this.#account) features.append(xml('bind', { xmlns: NS_BIND }));
    else {
      const mechanisms = SCRAM_MECHANISMS.map((name) => xml('mechanism', {}, name));
      features.append(xml('mechanisms', { xmlns: NS_SASL }, ...mechanisms));
    }
    this.send(features);
  }

  #read(text: string): void {
    let elements: readonly Element[];
    try {
      elements = decodePayload(text);
    } catch {
      this.end('not-well-formed');
      return;
    }
    for (const element of elements) {
      if (this.#isOver) return;
      if (element.getNS() === NS_SASL) this.#authenticate(element);
      else if (!isStanza(element)) this.end('unsupported-stanza-type');
      else if (!this.#account) this.end('not-authorized');
      else if (this.#device) this.#take(this.#account, this.#device, element);
      else this.#bind(this.#account, element);
    }
  }

  // ---- sign-in -------------------------------------------------------------------------------

  #authenticate(element: Element): void {
    const scram = this.#scram;
    this.#scram = undefined;
    if (this.#account) this.end('unsupported-stanza-type');
    else if (element.name === 'auth') this.#begin(element);
    else if (element.name === 'abort') this.#refuse('aborted');
    else if (element.name === 'response' && scram) this.#finish(scram, element);
    else this.#refuse('malformed-request');
  }

  #begin(auth: Element): void {
    const { mechanism } = auth.attrs;
    if (!isMechanism(mechanism)) {
      this.#refuse('invalid-mechanism');
      return;
    }
    const scram = new ScramServer(mechanism);
    const challenge = scram.challenge(textOf(auth), this.#options.credentials);
    if (!challenge) {
      this.#refuse('malformed-request');
      return;
    }
    this.#scram = scram;
    this.#username = challenge.username;
    this.send(xml('challenge', { xmlns: NS_SASL }, base64(challenge.text)));
  }

  #finish(scram: ScramServer, response: Element): void {
    const proof = scram.final(textOf(response));
    const account = proof === undefined ? undefined : this.#options.account(this.#username);
    if (proof === undefined || !account) {
      this.#refuse('not-authorized');
      return;
    }
    this.#account = account;
    this.send(xml('success', { xmlns: NS_SASL }, base64(proof)));
  }

  #refuse(condition: string): void {
    this.#tries += 1;
    this.send(xml('failure', { xmlns: NS_SASL }, xml(condition)));
    if (this.#tries >= MOST_TRIES) this.end('policy-violation');
  }

  // ---- stanzas -------------------------------------------------------------------------------

  #bind(account: Account, request: Element): void {
    const bind = request.attrs.type === 'set' ? request.getChild('bind', NS_BIND) : undefined;
    if (!bind) {
      this.end('not-authorized');
      return;
    }
    const asked = bind.getChildText('resource')?.trim() ?? '';
    const parts = parseJid(`${account.jid}/${asked}`);
    this.#device = account.bind(parts?.resource ?? newId(), this);
    const bound = xml('bind', { xmlns: NS_BIND }, xml('jid', {}, this.#device.jid));
    this.send(resultOf(request, bound));
  }

  #take(account: Account, device: Device, sent: Element): void {
    const { to } = sent.attrs;
    const stamped = copyOf(sent, { from: device.jid });
    if (to === undefined || parseJid(to)) account.send(device, stamped);
    else if (isRequest(sent) || sent.name === 'message') {
      this.send(errorOf(stamped, 'jid-malformed', 'modify'));
    }
  }
}

function isStanza(element: Element): boolean {
  return element.getNS() === NS_CLIENT && ['message', 'presence', 'iq'].includes(element.getName());
}

function isMechanism(name: unknown): name is ScramMechanism {
  return SCRAM_MECHANISMS.some((known) => known === name);
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function textOf(element: Element): string {
  return Buffer.from(element.getText(), 'base64').toString('utf8');
}
