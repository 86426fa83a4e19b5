/** Answers to IQ requests, by what is asked; shared by everything in the playground that has an address. */
import xml, { type Element } from '@xmpp/xml';
import { type ErrorType, errorOf, resultOf } from './stanza.ts';

const NS_INFO = 'http://jabber.org/protocol/disco#info';
const NS_ITEMS = 'http://jabber.org/protocol/disco#items';
const NS_PING = 'urn:xmpp:ping';

/** Thrown by an {@link Answer} to refuse. */
export class Refusal extends Error {
  readonly condition: string;
  readonly type: ErrorType;

  /** @param condition a defined condition of RFC 6120 §8.3.3 */
  constructor(condition: string, type: ErrorType = 'cancel') {
    super(condition);
    this.condition = condition;
    this.type = type;
  }
}

/**
 * Makes what the result carries, if anything.
 * @throws Refusal
 */
export type Answer = (asked: Element, request: Element) => Element | undefined;

/** By type, namespace and name, such as `get urn:xmpp:ping ping`. */
export type Answers = Readonly<Record<string, Answer>>;

/** The answer to a request, a refusal included. */
export function answerTo(request: Element, answers: Answers): Element {
  const [asked] = request.getChildElements();
  const key = asked && `${request.attrs.type} ${asked.getNS()} ${asked.getName()}`;
  const answer = key === undefined ? undefined : answers[key];
  if (!asked || !answer) return errorOf(request, 'service-unavailable');
  try {
    return resultOf(request, answer(asked, request));
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return errorOf(request, thrown.condition, thrown.type);
  }
}

/** What something is and can do (XEP-0030). */
export interface Description {
  readonly category: string;
  readonly type: string;
  readonly name: string;
  readonly features?: readonly string[];
  /** What belongs to it. */
  readonly items?: readonly { readonly jid: string; readonly name: string }[];
}

/** Service discovery (XEP-0030) and ping (XEP-0199), which everything here answers. */
export function basicAnswers({
  category,
  type,
  name,
  features = [],
  items = [],
}: Description): Answers {
  return {
    [`get ${NS_INFO} query`]: (query) => {
      if (query.attrs.node) throw new Refusal('item-not-found');
      return xml(
        'query',
        { xmlns: NS_INFO },
        xml('identity', { category, type, name }),
        ...[NS_INFO, NS_ITEMS, NS_PING, ...features].map((feature) =>
          xml('feature', { var: feature }),
        ),
      );
    },
    [`get ${NS_ITEMS} query`]: (query) => {
      if (query.attrs.node) throw new Refusal('item-not-found');
      return xml('query', { xmlns: NS_ITEMS }, ...items.map((item) => xml('item', { ...item })));
    },
    [`get ${NS_PING} ping`]: () => undefined,
  };
}
