/**
 * XEP-0030 Service Discovery: answers what we are and can do, and asks others, first of all our own
 * server and account about what the host may use.
 */
import xml, { type Element } from '@xmpp/xml';
import { bareJid } from '../../../shared/jid.ts';
import type { XmppStream } from '../xmpp-stream.ts';
import { CAPS_NODE, type Capabilities, type Identity, verificationString } from './caps.ts';
import { address, attribute } from './stanza.ts';
import { RequestRefusal } from './stanza-error.ts';

const INFO_NAMESPACE = 'http://jabber.org/protocol/disco#info';
const ITEMS_NAMESPACE = 'http://jabber.org/protocol/disco#items';
/** Disco features this brings. */
export const discoFeatures: readonly string[] = [INFO_NAMESPACE, ITEMS_NAMESPACE];

const MOST_ENTRIES = 1_000;

/** What somebody else is and can do (§3). */
export interface DiscoInfo {
  readonly identities: readonly Identity[];
  readonly features: ReadonlySet<string>;
}

/** Something that belongs to somebody else (§4). */
export interface DiscoItem {
  readonly jid: string;
  readonly node?: string;
  readonly name?: string;
}

/** See {@link disco}. All its promises reject with a StanzaError or a ProblemError `server.no-answer`. */
export interface Disco {
  info(jid: string, node?: string): Promise<DiscoInfo>;
  items(jid: string, node?: string): Promise<readonly DiscoItem[]>;
  /** What our server can do: carbons, blocking, upload. */
  server(): Promise<DiscoInfo>;
  /** What our account can do: archive, PEP. */
  account(): Promise<DiscoInfo>;
}

/** Answers from now on. @param ours our capabilities as they are now */
export function disco(stream: XmppStream, ours: () => Capabilities): Disco {
  stream.onRequest('get', INFO_NAMESPACE, 'query', (query) => {
    const capabilities = ours();
    const nodes = [undefined, '', `${CAPS_NODE}#${verificationString(capabilities)}`];
    if (!nodes.includes(query.attrs.node)) throw new RequestRefusal('item-not-found');
    return infoElement(query, capabilities);
  });
  stream.onRequest('get', ITEMS_NAMESPACE, 'query', (query) => {
    if (query.attrs.node) throw new RequestRefusal('item-not-found');
    return xml('query', { xmlns: ITEMS_NAMESPACE });
  });

  async function ask(namespace: string, jid: string, node?: string): Promise<Element | undefined> {
    const query = xml('query', { xmlns: namespace, ...(node === undefined ? {} : { node }) });
    const answer = await stream.request(xml('iq', { type: 'get', to: jid }, query));
    return answer.getChild('query', namespace);
  }
  async function info(jid: string, node?: string): Promise<DiscoInfo> {
    return infoIn(await ask(INFO_NAMESPACE, jid, node));
  }

  return {
    info,
    items: async (jid, node) => itemsIn(await ask(ITEMS_NAMESPACE, jid, node)),
    server: () => info(stream.domain),
    account: () => info(bareJid(stream.bareJid)),
  };
}

function infoElement(query: Element, { identities, features }: Capabilities): Element {
  const { node } = query.attrs;
  return xml(
    'query',
    { xmlns: INFO_NAMESPACE, ...(node === undefined ? {} : { node }) },
    ...identities.map(({ category, type, name, language }) =>
      xml('identity', {
        category,
        type,
        ...(name === undefined ? {} : { name }),
        ...(language === undefined ? {} : { 'xml:lang': language }),
      }),
    ),
    ...features.map((feature) => xml('feature', { var: feature })),
  );
}

function infoIn(query: Element | undefined): DiscoInfo {
  const identities = query?.getChildren('identity', INFO_NAMESPACE).slice(0, MOST_ENTRIES) ?? [];
  const features = query?.getChildren('feature', INFO_NAMESPACE).slice(0, MOST_ENTRIES) ?? [];
  return {
    identities: identities.flatMap((identity) => {
      const category = attribute(identity, 'category');
      const type = attribute(identity, 'type');
      const name = attribute(identity, 'name');
      if (category === undefined || type === undefined) return [];
      return [{ category, type, ...(name === undefined ? {} : { name }) }];
    }),
    features: new Set(features.flatMap((feature) => attribute(feature, 'var') ?? [])),
  };
}

function itemsIn(query: Element | undefined): DiscoItem[] {
  const items = query?.getChildren('item', ITEMS_NAMESPACE).slice(0, MOST_ENTRIES) ?? [];
  return items.flatMap((item) => {
    const jid = address(item, 'jid');
    const node = attribute(item, 'node');
    const name = attribute(item, 'name');
    if (jid === undefined) return [];
    return [
      { jid, ...(node === undefined ? {} : { node }), ...(name === undefined ? {} : { name }) },
    ];
  });
}
