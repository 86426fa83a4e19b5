/**
 * What happened while no session was there, out of the server's archive (XEP-0313): after every fresh
 * login, from the stored cursor on, page by page, the cursor moving only over what is stored. Whether a
 * message that was on its way in a lost session arrived is known after it. `AccountSession` runs it.
 */
import type { Message } from '../../shared/contract/records.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Store } from '../store/store.ts';
import type {
  Archive,
  ArchiveAnswer,
  ArchivedMessage,
  ArchivePage,
} from '../xmpp/extensions/archive.ts';
import type { DecodedError, DecodedMessage } from '../xmpp/extensions/decoded-message.ts';
import type { Log } from './log.ts';
import type { Outbox } from './outbox.ts';
import { pause } from './pause.ts';
import type { ReceivedMessages } from './received-messages.ts';

/** Messages in a page of the catch-up. */
const PAGE_SIZE = 100;
/** Messages taken the first time an account is used here; the rest is read when somebody scrolls back. */
const FIRST_PAGE_SIZE = 50;
/** Clocks differ: where only a time is known to start from, start this much earlier. */
const CLOCK_SLACK_MS = 60 * 60 * 1000;
/** So many looks that find nothing, once one has found that the server is late. */
const QUIET_LOOKS = 2;
/** A server that is busier than that has no end. */
const MOST_LOOKS = 30;

/** Where reading begins. */
export type CatchUpStart =
  /** First use of this account here: the newest page, as history. */
  | { readonly from: 'newest' }
  /** After this archive id; empty: from the beginning, since the archive was empty before. */
  | { readonly from: 'cursor'; readonly cursor: string }
  /** No id to go by, but messages: from a little before them. */
  | { readonly from: 'time' };

export interface CatchUpOptions {
  readonly accountId: string;
  readonly store: Store;
  readonly archive: Pick<Archive, 'forward' | 'backward'>;
  readonly decode: (archived: ArchivedMessage) => DecodedMessage | DecodedError | undefined;
  readonly received: Pick<ReceivedMessages, 'takeArchived' | 'isHeld'>;
  readonly cursor: string | undefined;
  /** The archive is stored up to here. */
  readonly saveCursor: (cursor: string) => Promise<void>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Where to begin: at the older of the account's cursor and the one the oldest unconfirmed message was
 * handed over at, so that the archive can tell what became of it.
 */
export function catchUpStart(
  cursor: string | undefined,
  unconfirmed: { readonly cursor: string | null } | undefined,
): CatchUpStart {
  if (unconfirmed && unconfirmed.cursor !== (cursor ?? null)) {
    return unconfirmed.cursor === null
      ? { from: 'time' }
      : { from: 'cursor', cursor: unconfirmed.cursor };
  }
  if (cursor !== undefined) return { from: 'cursor', cursor };
  return unconfirmed ? { from: 'time' } : { from: 'newest' };
}

/** How a catch-up ended. */
interface CaughtUp {
  /** `no-archive` where this account has none that we may ask. */
  readonly outcome: 'complete' | 'no-archive';
  /** Messages read that did not come live as well. */
  readonly fresh: number;
}

/**
 * Reads everything missed.
 * @throws whatever an archive query rejects with; what was stored until then stays, and counts.
 */
export async function catchUp(options: CatchUpOptions): Promise<CaughtUp> {
  const { accountId, store, cursor, log } = options;
  const unconfirmed = await store.messages.oldestUnconfirmedCursor(accountId);
  const start = catchUpStart(cursor, unconfirmed);
  log(`archive catch-up from ${start.from}`);
  if (start.from === 'newest') return readNewest(options);
  if (start.from === 'time') return readFromTime(options);
  const { outcome, fresh } = await readForward(options, afterCursor(start.cursor));
  if (outcome !== 'cursor-unknown') return { outcome, fresh };
  log('archive catch-up: the archive does not know the cursor any more, going by time');
  return readFromTime(options);
}

/**
 * Reads what the server archives late. Of a session lost a moment ago it may still have stanzas to work off, which
 * it said it had (ejabberd answers before it looks at them): so it is asked every `lookAgainMs` from the cursor
 * on, until it has nothing but what came live, and all that `isAhead` tells of. What waits to be sent must not
 * overtake them.
 * @throws as `catchUp` does.
 */
export async function catchUpWithLate(
  options: Omit<CatchUpOptions, 'cursor'> & {
    readonly cursor: () => string | undefined;
    readonly lookAgainMs: number;
    /** Something came live that the archive has not shown yet. */
    readonly isAhead: () => Promise<boolean>;
  },
): Promise<void> {
  const { cursor, lookAgainMs, isAhead, signal, log } = options;
  let late = 0;
  let quiet = 0;
  const isQuiet = async () => quiet >= (late > 0 ? QUIET_LOOKS : 1) && !(await isAhead());
  for (let looks = 0; looks < MOST_LOOKS && !(await isQuiet()); looks++) {
    await pause(lookAgainMs, signal).over;
    signal.throwIfAborted();
    const reached = cursor();
    if (reached === undefined) return;
    const { outcome, fresh } = await readForward(
      { ...options, cursor: reached, log: () => {} },
      afterCursor(reached),
    );
    if (outcome !== 'complete') return;
    late += fresh;
    quiet = fresh > 0 ? 0 : quiet + 1;
  }
  if (late > 0) log(`archive catch-up: ${late} were archived late`);
}

function afterCursor(cursor: string): { readonly after?: string } {
  return cursor === '' ? {} : { after: cursor };
}

async function readNewest(options: CatchUpOptions): Promise<CaughtUp> {
  const { archive, received, saveCursor, signal } = options;
  const page = await archive.backward({ max: FIRST_PAGE_SIZE, signal });
  if (page.kind !== 'page') return { outcome: 'no-archive', fresh: 0 };
  // What arrives right now is news, not history: it stays unread.
  const history = decoded(options, page).filter((message) => !received.isHeld(message));
  await received.takeArchived(history, 'start');
  await saveCursor(page.last ?? '');
  return { outcome: 'complete', fresh: history.length };
}

async function readFromTime(options: CatchUpOptions): Promise<CaughtUp> {
  const { accountId, store } = options;
  const [chats, sending] = await Promise.all([
    store.chats.list(accountId),
    store.messages.inState(accountId, 'sending'),
  ]);
  const newest = Math.max(...chats.map((chat) => chat.lastMessage?.at ?? 0), 0);
  const start = Math.min(newest, ...sending.map((message) => message.at)) - CLOCK_SLACK_MS;
  if (newest === 0) return readNewest(options);
  const { outcome, fresh } = await readForward(options, { start });
  return { outcome: outcome === 'complete' ? 'complete' : 'no-archive', fresh };
}

async function readForward(
  options: CatchUpOptions,
  begin: { readonly after?: string; readonly start?: number },
): Promise<{ outcome: 'complete' | 'no-archive' | 'cursor-unknown'; fresh: number }> {
  const { archive, received, saveCursor, signal, log } = options;
  let query = begin;
  let added = 0;
  let fresh = 0;
  for (let pages = 1; ; pages++) {
    const page: ArchiveAnswer = await archive.forward({ ...query, max: PAGE_SIZE, signal });
    if (page.kind === 'cursor-unknown') return { outcome: 'cursor-unknown', fresh };
    if (page.kind === 'unsupported') return { outcome: 'no-archive', fresh };
    const missed = decoded(options, page);
    fresh += missed.filter((message) => !received.isHeld(message)).length;
    added += (await received.takeArchived(missed, 'end')).added;
    const reached = page.last ?? query.after ?? (query.start === undefined ? '' : undefined);
    if (reached !== undefined) await saveCursor(reached);
    if (page.complete || page.last === undefined || page.last === query.after) {
      log(`archive catch-up complete: ${added} new in ${pages} pages`);
      return { outcome: 'complete', fresh };
    }
    query = { ...query, after: page.last };
  }
}

function decoded({ decode }: CatchUpOptions, page: ArchivePage): DecodedMessage[] {
  return page.messages.flatMap((archived) => {
    const message = decode(archived);
    return message?.kind === 'message' ? [message] : [];
  });
}

/**
 * After a catch-up: messages still on their way in a lost session that the archive does not have never
 * reached the server, so they go out again under the same id. Without an archive nobody knows, and the
 * person decides. `candidates`: ids that no session now carries.
 */
export async function settleUnconfirmed(options: {
  readonly accountId: string;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly candidates: ReadonlySet<string>;
  readonly outcome: 'complete' | 'no-archive';
  readonly log: Log;
}): Promise<void> {
  const { accountId, store, outbox, candidates, outcome, log } = options;
  const sending: Message[] = await store.messages.inState(accountId, 'sending');
  const ids = sending.map((message) => message.id).filter((id) => candidates.has(id));
  if (ids.length === 0) return;
  if (outcome === 'complete') {
    log(`${ids.length} messages never reached the server and go out again`);
    await outbox.requeue(ids);
  } else {
    log(`${ids.length} messages may not have arrived, and there is no archive to ask`);
    await outbox.failed(ids, unconfirmedProblem);
  }
}

const unconfirmedProblem: Problem = {
  code: 'network.unconfirmed',
  source: 'network',
  message:
    'The connection was lost before the server confirmed this message. It may not have arrived.',
  advice: 'Send it again if you do not see an answer.',
  retry: 'never',
};
