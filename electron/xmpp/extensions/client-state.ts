/**
 * XEP-0352 Client State Indication: tells the server whether anybody looks, so that it may hold back what can
 * wait. The host's `StateIndicator` uses it.
 */
import xml from '@xmpp/xml';
import type { XmppStream } from '../xmpp-stream.ts';

const NAMESPACE = 'urn:xmpp:csi:0';

/** What the server can be told. Every stream begins `active`, a resumed one too (§5.2). */
export type ClientActivity = 'active' | 'inactive';

/** See {@link clientState}. */
export interface ClientState {
  /** Whether the server takes it (§4.1); undefined where the features of the stream are not known. */
  readonly isOffered: boolean | undefined;
  /** No stanza, and never answered (§4.2). Only where it is offered. */
  tell(activity: ClientActivity): void;
}

export function clientState(stream: XmppStream): ClientState {
  return {
    get isOffered() {
      return stream.features && stream.features.getChild('csi', NAMESPACE) !== undefined;
    },
    tell: (activity) => stream.send(xml(activity, { xmlns: NAMESPACE })),
  };
}
