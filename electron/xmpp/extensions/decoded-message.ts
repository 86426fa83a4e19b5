/**
 * A message stanza in the neutral form the received-message pipeline works on, whether it came
 * directly, as a carbon or out of the archive. Made by `messages.ts`.
 */
import type { ChatState } from '../../../shared/contract/records.ts';
import type { Problem } from '../../../shared/problem.ts';

/** `direct`: routed to us; `carbon`: a copy from our own server (XEP-0280); `archive`: XEP-0313. */
export type MessageRoute = 'direct' | 'carbon' | 'archive';

/** Anything one person says to another in a message: text, a receipt, a chat state, or several of them. */
export interface DecodedMessage {
  readonly kind: 'message';
  readonly route: MessageRoute;
  /** The other side, bare. */
  readonly peer: string;
  /** Sent by this account, from this or another device. */
  readonly outgoing: boolean;
  /** As written in the stanza, usually with a resource; our own bare JID where it is absent. */
  readonly from: string;
  readonly to: string;
  /** The stanza's `id` attribute: what receipts and errors speak of. */
  readonly id?: string;
  /** XEP-0359: the sender's own id. */
  readonly originId?: string;
  /** Our own archive's id: a trusted XEP-0359 stanza-id, or the id of the archive's result. */
  readonly stanzaId?: string;
  /** Epoch ms: when it was first taken in by whoever kept it (XEP-0203); absent for a live message. */
  readonly delayedAt?: number;
  /** The text; absent for a stanza that only carries a receipt or a chat state. */
  readonly body?: string;
  /** XEP-0184: its sender would like a receipt. */
  readonly receiptRequested: boolean;
  /** XEP-0184: the `id` of the message this one acknowledges. */
  readonly receiptFor?: string;
  /** XEP-0085. */
  readonly chatState?: ChatState;
}

/** A message of ours came back (RFC 6120 §8.3). Believe it only for a message sent to `peer`. */
export interface DecodedError {
  readonly kind: 'error';
  readonly route: MessageRoute;
  readonly peer: string;
  /** The `id` attribute of the message that failed. */
  readonly id: string;
  readonly problem: Problem;
}
