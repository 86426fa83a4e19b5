/** The ladder of an outgoing message: waiting, sending, sent, delivered; or failed, until it is tried again. */
import type { MessageState } from '../../../shared/contract/records.ts';

/** The states one can be told to move to; `sending` comes from the journal, `waiting` from trying again. */
export type Rung = Extract<MessageState, 'sent' | 'delivered' | 'failed'>;

const REACHED_FROM: Record<Rung, readonly MessageState[]> = {
  sent: ['waiting', 'sending'],
  // A receipt proves more than any failure that was reported or assumed.
  delivered: ['waiting', 'sending', 'sent', 'failed'],
  failed: ['waiting', 'sending', 'sent'],
};

/** Whether a message in the state `from` moves when told to be `to`; never backwards, never onto itself. */
export function mayMove(from: MessageState, to: Rung): boolean {
  return REACHED_FROM[to].includes(from);
}

/**
 * Whether a copy in the archive that was not known before shows that a message has been sent. It does not
 * where the server took it once already and it came back as an error: the copy is of that time.
 */
export function archiveConfirms(state: MessageState, accepted: boolean): boolean {
  return state === 'sending' || ((state === 'waiting' || state === 'failed') && !accepted);
}
