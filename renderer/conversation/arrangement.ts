/** Where a message stands among its neighbours: day lines and groups. Pure. */
import type { Message } from '../../shared/contract/records.ts';
import { startOfDay } from '../text/dates.ts';

/** Messages of one person no further apart than this are one group. */
const GROUP_GAP = 5 * 60 * 1000;

export interface Arrangement {
  /** The first message of its day. */
  readonly startsDay: boolean;
  /** The first of its group. */
  readonly startsGroup: boolean;
  /** The last of its group. */
  readonly endsGroup: boolean;
}

/** @param unreadFrom the id of the first message under the "new messages" line, which parts groups too */
export function arrange(
  previous: Message | undefined,
  message: Message,
  next: Message | undefined,
  unreadFrom: string | undefined,
): Arrangement {
  return {
    startsDay: !previous || startOfDay(previous.at) !== startOfDay(message.at),
    startsGroup: !previous || message.id === unreadFrom || !belong(previous, message),
    endsGroup: !next || next.id === unreadFrom || !belong(message, next),
  };
}

/** The first unread message: so many incoming ones counted from the end; undefined where fewer are held. */
export function firstUnread(messages: readonly Message[], unread: number): string | undefined {
  return unread > 0 ? messages.filter(({ outgoing }) => !outgoing).at(-unread)?.id : undefined;
}

function belong(earlier: Message, later: Message): boolean {
  return (
    earlier.outgoing === later.outgoing &&
    earlier.state !== 'failed' &&
    Math.abs(later.at - earlier.at) < GROUP_GAP &&
    startOfDay(earlier.at) === startOfDay(later.at)
  );
}
