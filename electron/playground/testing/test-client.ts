/**
 * A client that speaks to the playground's server over the manager's port itself, without BOSH between them,
 * for its tests. It signs in with the mechanisms Holdfast signs in with.
 */
import xml, { type Element } from '@xmpp/xml';
import { newId } from '../../../shared/ids.ts';
import { PLAYGROUND_DOMAIN } from '../../../shared/playground.ts';
import type { StreamEnd, Upstream, UpstreamStream } from '../../bosh/manager/upstream.ts';
import { decodePayload } from '../../bosh/protocol/body.ts';
import { NS_CLIENT } from '../../bosh/protocol/namespaces.ts';
import { createMechanism, type MechanismName } from '../../xmpp/sasl-mechanisms.ts';

const NS_SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const NS_BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const NS_INFO = 'http://jabber.org/protocol/disco#info';
const NS_CAPS = 'http://jabber.org/protocol/caps';

export class TestClient {
  /** Headers of the stream, one for each time it opened. */
  readonly headers: Readonly<Record<string, string>>[] = [];
  /** Everything the server sent, in order. */
  readonly received: Element[] = [];
  end: StreamEnd | undefined;
  jid = '';
  /** What it answers when it is asked what it can do. */
  features: readonly string[] = [];
  readonly stream: UpstreamStream;
  readonly #looks = new Set<() => void>();

  constructor(upstream: Upstream, to: string = PLAYGROUND_DOMAIN) {
    this.stream = upstream.open(
      { to, address: '127.0.0.1', secure: false },
      {
        onOpen: (header) => this.#take(() => this.headers.push(header)),
        onElement: (text) => this.#take(() => this.received.push(...decodePayload(text))),
        onDrain: () => {},
        onEnd: (end) => this.#take(() => (this.end = end)),
      },
    );
  }

  /** Signs in, binds and, unless told otherwise, is available. */
  static async signedIn(
    upstream: Upstream,
    person: { readonly username: string; readonly password: string },
    { resource = 'test', features = [] as readonly string[], isAvailable = true } = {},
  ): Promise<TestClient> {
    const client = new TestClient(upstream);
    client.features = features;
    await client.authenticate(person, 'SCRAM-SHA-256');
    await client.bind(resource);
    if (isAvailable) client.announce();
    return client;
  }

  /** The server's last word: `success` or `failure`. Restarts the stream after a success. */
  async authenticate(
    person: { readonly username: string; readonly password: string },
    name: MechanismName,
  ): Promise<Element> {
    const mechanism = createMechanism(name);
    const mark = this.received.length;
    const first = base64(await mechanism.response(person));
    this.send(xml('auth', { xmlns: NS_SASL, mechanism: name }, first));
    const challenge = await this.next((element) => element.getNS() === NS_SASL, mark);
    if (challenge.name !== 'challenge') return challenge;
    mechanism.challenge(fromBase64(challenge.getText()));
    this.send(xml('response', { xmlns: NS_SASL }, base64(await mechanism.response(person))));
    const outcome = await this.next(
      (element) => element.name === 'success' || element.name === 'failure',
      mark,
    );
    if (outcome.name === 'failure') return outcome;
    if (!mechanism.verify(fromBase64(outcome.getText()))) throw new Error('the proof is wrong');
    const restarted = this.received.length;
    this.stream.restart();
    await this.next((element) => element.getName() === 'features', restarted);
    return outcome;
  }

  async bind(resource: string): Promise<void> {
    const bind = xml('bind', { xmlns: NS_BIND }, xml('resource', {}, resource));
    const answer = await this.request(xml('iq', { type: 'set' }, bind));
    this.jid = answer.getChild('bind', NS_BIND)?.getChildText('jid') ?? '';
  }

  announce(...children: readonly Element[]): void {
    const caps = xml('c', { xmlns: NS_CAPS, hash: 'sha-1', node: 'urn:test', ver: newId() });
    this.send(xml('presence', {}, caps, ...children));
  }

  send(element: Element): void {
    this.stream.write(withNamespace(element).toString());
  }

  async request(iq: Element): Promise<Element> {
    iq.attrs.id ??= newId();
    const mark = this.received.length;
    this.send(iq);
    return this.next(({ name, attrs }) => name === 'iq' && attrs.id === iq.attrs.id, mark);
  }

  /** The first element received from `mark` on for which this holds, now or later. */
  async next(holds: (element: Element) => boolean, mark = 0): Promise<Element> {
    const find = () => this.received.slice(mark).find(holds);
    await this.until(() => find() !== undefined);
    return find() as Element;
  }

  /** A message with this text. */
  message(text: string, mark = 0): Promise<Element> {
    return this.next(
      (element) => element.name === 'message' && element.getChildText('body') === text,
      mark,
    );
  }

  /** Resolves once this holds, looked at whenever something came. */
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

  close(): void {
    this.stream.close();
  }

  #take(keep: () => void): void {
    keep();
    this.#answer(this.received.at(-1));
    for (const look of [...this.#looks]) look();
  }

  #answer(element: Element | undefined): void {
    const query = element?.name === 'iq' && element.getChild('query', NS_INFO);
    if (!query || element.attrs.type !== 'get') return;
    const { id, from } = element.attrs;
    const features = this.features.map((feature) => xml('feature', { var: feature }));
    const answer = xml('query', { xmlns: NS_INFO }, ...features);
    this.send(xml('iq', { type: 'result', id, to: from }, answer));
  }
}

function withNamespace(element: Element): Element {
  element.attrs.xmlns ??= NS_CLIENT;
  return element;
}

/** Mechanisms speak bytes as Latin-1. */
function base64(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('base64');
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}
