/**
 * An XMPP domain behind a scripted manager, for one account: SASL and SASL2 with Bind 2 and FAST, stream
 * management with resumption, as XEP-0388, 0386, 0484 and 0198 say; or silent, or crashing, where a test
 * wants it so.
 */
import { createHmac, randomBytes } from 'node:crypto';
import xml, { type Element } from '@xmpp/xml';
import { NS_CLIENT } from '../../bosh/protocol/namespaces.ts';
import { ScramServer, scramCredentials } from '../../playground/server/scram-server.ts';
import { isStanza } from '../extensions/stream-management.ts';
import { type ManagerSession, ScriptedManager } from './scripted-manager.ts';

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const SASL2 = 'urn:xmpp:sasl:2';
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const BIND2 = 'urn:xmpp:bind:0';
const FAST = 'urn:xmpp:fast:0';
const SM = 'urn:xmpp:sm:3';
const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

export const PASSWORD = 'r0m30myr0m30';
const CREDENTIALS = scramCredentials(PASSWORD);
const BARE_JID = 'juliet@domain.example';

/** What is offered; a test changes it between two sessions. */
export interface Offers {
  sasl: boolean;
  sasl2: boolean;
  bind2: boolean;
  fast: boolean;
  management: boolean;
}

/** Requests that can be left without an answer, or end the session. */
export type Request = 'authenticate' | 'enable' | 'resume';

/** A stream, which may outlive its session. */
interface Stream {
  readonly id: string;
  readonly jid: string;
  /** Stanzas of the client's handled. */
  handled: number;
  /** Stanzas for the client it has not acknowledged, with their numbers. */
  readonly unacknowledged: { readonly number: number; readonly text: string }[];
  sent: number;
  session: ManagerSession | undefined;
}

interface SignIn {
  scram?: ScramServer;
  /** Of SASL2. */
  authenticate?: Element;
}

export class ScriptedDomain {
  readonly manager = new ScriptedManager({
    opened: (session) => {
      this.#signIns.set(session, {});
      if (this.sendsTo !== undefined) {
        session.terminate('see-other-uri', `<uri>${this.sendsTo}</uri>`);
        return;
      }
      session.send(this.#firstFeatures());
    },
    restarted: (session) => session.send(this.#features()),
    received: (session, element) => this.#receive(session, element),
    terminated: (session) => {
      if (this.#stream?.session === session) this.#stream = undefined;
    },
  });
  readonly offers: Offers = {
    ...{ sasl: true, sasl2: false, bind2: true, fast: true, management: false },
  };
  silentOn: Request | undefined;
  crashesOn: Request | undefined;
  /** The proof that the server knows the password is left out. */
  provesNothing = false;
  /** Answers to `<enable/>` as if it kept no streams. */
  keepsNoStream = false;
  /** Added to what the server says it has handled. */
  miscounts = 0;
  /** Every session is sent to this address. */
  sendsTo: string | undefined;
  /** The session is lost, without an answer, once this many more stanzas of the client's were handled. */
  losesAfter: number | undefined;
  /** Messages of the client's, by body, in the order they came. */
  readonly messages: string[] = [];
  /** Every other stanza of the client's. */
  readonly others: Element[] = [];
  /** Elements that are no stanzas, by name, from all sessions in order. */
  readonly requests: Element[] = [];
  readonly tokens = new Set<string>();
  readonly #signIns = new WeakMap<ManagerSession, SignIn>();
  #stream: Stream | undefined;
  #streams = 0;
  readonly #looks = new Set<() => void>();

  /** A message for the client; kept while its session is lost. */
  deliver(body: string): void {
    const stream = this.#stream;
    if (!stream) return;
    const message = xml(
      'message',
      { xmlns: NS_CLIENT, from: 'romeo@domain.example/orchard', to: stream.jid, id: `in ${body}` },
      xml('body', {}, body),
    );
    stream.sent += 1;
    const text = message.toString();
    stream.unacknowledged.push({ number: stream.sent, text });
    stream.session?.send(text);
  }

  /** Asks for an acknowledgement. */
  ask(): void {
    this.#stream?.session?.send(xml('r', { xmlns: SM }));
  }

  /** How many stanzas of the client's were not acknowledged by it. */
  get unacknowledged(): number {
    return this.#stream?.unacknowledged.length ?? 0;
  }

  /** The manager loses the session; the stream is kept. */
  loseSession(): void {
    const { session } = this.#stream ?? {};
    if (this.#stream) this.#stream.session = undefined;
    session?.forget();
  }

  /** The server forgets the stream too. */
  forgetStream(): void {
    this.loseSession();
    this.#stream = undefined;
  }

  /** The session of the stream. */
  get session(): ManagerSession | undefined {
    return this.#stream?.session;
  }

  /** Resolves once this holds, looked at whenever something came from the client. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }

  #receive(session: ManagerSession, element: Element): void {
    const signIn = this.#signIns.get(session);
    if (!signIn) return;
    if (isStanza(element)) this.#takeStanza(session, element);
    else {
      this.requests.push(element);
      this.#takeRequest(session, signIn, element);
    }
    for (const look of [...this.#looks]) look();
  }

  #takeRequest(session: ManagerSession, signIn: SignIn, element: Element): void {
    const name = element.getName();
    if (name === this.silentOn) return;
    if (name === this.crashesOn) {
      session.terminate('internal-server-error');
      return;
    }
    if (element.is('auth', SASL)) this.#auth(session, signIn, element);
    else if (element.is('response', SASL)) this.#response(session, signIn, element, SASL);
    else if (element.is('authenticate', SASL2)) this.#authenticate(session, signIn, element);
    else if (element.is('response', SASL2)) this.#response(session, signIn, element, SASL2);
    else if (element.is('enable', SM) && this.#stream) session.send(this.#enabled(this.#stream));
    else if (element.is('resume', SM)) this.#resume(session, element);
    else if (element.is('a', SM)) this.#acknowledged(Number(element.attrs.h));
    else if (element.is('r', SM)) {
      session.send(xml('a', { xmlns: SM, h: String(this.#stream?.handled ?? 0) }));
    }
  }

  #takeStanza(session: ManagerSession, stanza: Element): void {
    const bind = stanza.getChild('bind', BIND);
    if (bind) {
      const jid = `${BARE_JID}/${bind.getChildText('resource')}`;
      this.#begin(session, jid);
      const bound = xml('bind', { xmlns: BIND }, xml('jid', {}, jid));
      session.send(xml('iq', { xmlns: NS_CLIENT, type: 'result', id: stanza.attrs.id }, bound));
      return;
    }
    if (this.#stream?.session === session) this.#stream.handled += 1;
    const body = stanza.is('message') ? stanza.getChildText('body') : null;
    if (body === null) this.others.push(stanza);
    else this.messages.push(body);
    const { type, id } = stanza.attrs;
    if (stanza.is('iq') && (type === 'get' || type === 'set')) {
      const condition = xml('service-unavailable', { xmlns: STANZAS });
      const error = xml('error', { type: 'cancel' }, condition);
      this.#sendStanza(xml('iq', { xmlns: NS_CLIENT, type: 'error', id }, error));
    }
    if (this.losesAfter === undefined) return;
    this.losesAfter -= 1;
    if (this.losesAfter > 0) return;
    this.losesAfter = undefined;
    this.loseSession();
  }

  #sendStanza(stanza: Element): void {
    const stream = this.#stream;
    if (!stream) return;
    stream.sent += 1;
    stream.unacknowledged.push({ number: stream.sent, text: stanza.toString() });
    stream.session?.send(stanza);
  }

  // ---- features ------------------------------------------------------------------------------

  #firstFeatures(): Element {
    const { sasl, sasl2, bind2, fast, management } = this.offers;
    const features = xml('stream:features');
    const mechanism = () => xml('mechanism', {}, 'SCRAM-SHA-256');
    if (sasl) features.append(xml('mechanisms', { xmlns: SASL }, mechanism()));
    if (!sasl2) return features;
    const inline = xml('inline');
    const managed = management ? [xml('feature', { var: SM })] : [];
    if (bind2) inline.append(xml('bind', { xmlns: BIND2 }, xml('inline', {}, ...managed)));
    if (management) inline.append(xml('sm', { xmlns: SM }));
    if (fast) {
      inline.append(xml('fast', { xmlns: FAST }, xml('mechanism', {}, 'HT-SHA-256-NONE')));
    }
    features.append(xml('authentication', { xmlns: SASL2 }, mechanism(), inline));
    return features;
  }

  #features(): Element {
    const management = this.offers.management ? [xml('sm', { xmlns: SM })] : [];
    return xml('stream:features', {}, xml('bind', { xmlns: BIND }), ...management);
  }

  // ---- sign-in -------------------------------------------------------------------------------

  #auth(session: ManagerSession, signIn: SignIn, auth: Element): void {
    session.send(this.#challenge(signIn, textOf(auth), SASL));
  }

  #challenge(signIn: SignIn, clientFirst: string, xmlns: string): Element {
    signIn.scram = new ScramServer('SCRAM-SHA-256');
    const challenge = signIn.scram.challenge(clientFirst, () => CREDENTIALS);
    return challenge
      ? xml('challenge', { xmlns }, base64(challenge.text))
      : failure(xmlns, 'malformed-request');
  }

  #response(session: ManagerSession, signIn: SignIn, response: Element, xmlns: string): void {
    const final = signIn.scram?.final(textOf(response));
    if (final === undefined) {
      session.send(failure(xmlns, 'not-authorized'));
      return;
    }
    if (xmlns === SASL2) this.#succeed(session, signIn, base64(final));
    else session.send(xml('success', { xmlns }, this.provesNothing ? '' : base64(final)));
  }

  #authenticate(session: ManagerSession, signIn: SignIn, authenticate: Element): void {
    signIn.authenticate = authenticate;
    const initial = authenticate.getChild('initial-response');
    const first = initial ? textOf(initial) : '';
    if (authenticate.getChild('fast', FAST)) {
      const token = [...this.tokens].find((each) => first === `juliet\0${sign(each, 'Initiator')}`);
      if (token === undefined) session.send(failure(SASL2, 'not-authorized'));
      else {
        const proof = Buffer.from(sign(token, 'Responder'), 'latin1').toString('base64');
        this.#succeed(session, signIn, proof);
      }
      return;
    }
    session.send(this.#challenge(signIn, first, SASL2));
  }

  #succeed(session: ManagerSession, { authenticate }: SignIn, proof: string): void {
    const success = xml('success', { xmlns: SASL2 });
    if (!this.provesNothing) success.append(xml('additional-data', {}, proof));
    const resume = authenticate?.getChild('resume', SM);
    const bind = authenticate?.getChild('bind', BIND2);
    let jid = BARE_JID;
    const resumed = resume && this.#take(session, resume);
    if (resumed) success.append(resumed);
    if (bind && !resumed?.is('resumed')) {
      jid = `${BARE_JID}/${bind.getChildText('tag')}/from-the-server`;
      const stream = this.#begin(session, jid);
      const bound = xml('bound', { xmlns: BIND2 });
      if (bind.getChild('enable', SM)) bound.append(this.#enabled(stream));
      success.append(bound);
    }
    if (authenticate?.getChild('request-token', FAST)) success.append(this.#token());
    success.append(xml('authorization-identifier', {}, this.#stream?.jid ?? jid));
    session.send(success);
    if (!resumed?.is('resumed')) session.send(this.#features());
    else this.#resend();
  }

  #token(): Element {
    const token = randomBytes(12).toString('base64');
    this.tokens.add(token);
    const expiry = new Date(Date.now() + 86_400_000).toISOString();
    return xml('token', { xmlns: FAST, token, expiry });
  }

  // ---- streams -------------------------------------------------------------------------------

  #begin(session: ManagerSession, jid: string): Stream {
    this.#streams += 1;
    const id = `stream-${this.#streams}-is-a-secret`;
    this.#stream = { id, jid, handled: 0, unacknowledged: [], sent: 0, session };
    return this.#stream;
  }

  #enabled(stream: Stream): Element {
    stream.handled = 0;
    stream.sent = 0;
    stream.unacknowledged.length = 0;
    if (this.keepsNoStream) return xml('enabled', { xmlns: SM });
    return xml('enabled', { xmlns: SM, id: stream.id, resume: 'true', max: '300' });
  }

  #resume(session: ManagerSession, resume: Element): void {
    const answer = this.#take(session, resume);
    session.send(answer);
    if (answer.is('resumed')) this.#resend();
  }

  /** The stream goes on in this session, or not. */
  #take(session: ManagerSession, resume: Element): Element {
    const stream = this.#stream;
    if (!stream || stream.id !== resume.attrs.previd) {
      return xml('failed', { xmlns: SM }, xml('item-not-found', { xmlns: STANZAS }));
    }
    stream.session?.terminate('remote-stream-error');
    stream.session = session;
    this.#acknowledged(Number(resume.attrs.h));
    const h = String(stream.handled + this.miscounts);
    return xml('resumed', { xmlns: SM, previd: stream.id, h });
  }

  #resend(): void {
    for (const { text } of this.#stream?.unacknowledged ?? []) this.#stream?.session?.send(text);
  }

  #acknowledged(handled: number): void {
    const queue = this.#stream?.unacknowledged ?? [];
    while (queue[0] && queue[0].number <= handled) queue.shift();
  }
}

function failure(xmlns: string, condition: string): Element {
  return xml('failure', { xmlns }, xml(condition, { xmlns: SASL }));
}

/** Bytes as Latin-1. */
function sign(token: string, who: string): string {
  return createHmac('sha256', token).update(who).digest().toString('latin1');
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function textOf(element: Element): string {
  return Buffer.from(element.text(), 'base64').toString('latin1');
}
