/**
 * One account's XMPP stream as the extensions see it: send, ask, listen. `account-stream.ts` implements it
 * on @xmpp/client; each file of `extensions/` takes one and offers the verbs and events of one specification.
 */
import type { Element } from '@xmpp/xml';

/** Stops listening. */
export type Unsubscribe = () => void;

export interface XmppStream {
  /** The full JID bound in this session (RFC 6120 §7). */
  readonly jid: string;
  /** The account's bare JID. */
  readonly bareJid: string;
  /** The account's domain. */
  readonly domain: string;
  /** The stream features offered after sign-in (RFC 6120 §4.3.2); absent where they are not known (any more). */
  readonly features?: Element | undefined;
  /** Hands a stanza over in call order; never throws: a stanza for a stream that has ended is dropped. */
  send(stanza: Element): void;
  /**
   * Sends an `<iq type='get|set'/>` and waits for its answer, which it returns whole.
   * Rejects with a `StanzaError` (from @xmpp/middleware) on `type='error'`, or a ProblemError
   * `server.no-answer` after `timeoutMs` (default 30,000) or where the stream ends first.
   */
  request(iq: Element, timeoutMs?: number): Promise<Element>;
  /**
   * Every message and presence stanza, in order, called synchronously. Work a listener must finish
   * before the stanza may be forgotten is handed to `track` while the listener runs.
   */
  onStanza(listener: (stanza: Element) => void): Unsubscribe;
  /** Answers IQ requests for one child element; the handler returns the result's child, or throws a StanzaError-like. */
  onRequest(
    type: 'get' | 'set',
    namespace: string,
    name: string,
    handler: (child: Element, iq: Element) => Element | undefined | Promise<Element | undefined>,
  ): Unsubscribe;
  /** The payload being delivered counts as processed only when this has settled (write-ahead). */
  track(work: Promise<unknown>): void;
}
