/**
 * Reading back in a chat: from the store, then from the server's archive, until it has nothing older.
 * The `messages.load` command calls it.
 */
import type { CommandOutput } from '../../shared/contract/commands.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import type { Store } from '../store/store.ts';
import type { Archive, ArchivedMessage } from '../xmpp/extensions/archive.ts';
import type { DecodedError, DecodedMessage } from '../xmpp/extensions/decoded-message.ts';
import type { ReceivedMessages } from './received-messages.ts';

/** An archive page may bring nothing new for the store (only receipts, say): ask this often at most. */
const MOST_QUERIES = 5;

/** Somebody looks at the place where the answer will be: after this long, in ms, it is better to say why not. */
const PATIENCE_MS = 15_000;

/** A session through which the archive can be asked. */
export interface HistorySource {
  readonly archive: Pick<Archive, 'backward'>;
  readonly decode: (archived: ArchivedMessage) => DecodedMessage | DecodedError | undefined;
  readonly received: ReceivedMessages;
}

export interface HistoryRequest {
  readonly store: Store;
  readonly accountId: string;
  /** Bare JID of the chat. */
  readonly chat: string;
  /** Older than this position; absent: the newest. */
  readonly before: number | undefined;
  readonly limit: number;
  /** Absent: not online. */
  readonly source: HistorySource | undefined;
}

/** Messages in ascending order. Never rejects for want of the archive: that becomes `problem`. */
export async function loadHistory(
  request: HistoryRequest,
): Promise<CommandOutput<'messages.load'>> {
  const { store, accountId, chat, before, limit, source } = request;
  const read = () => store.messages.page(accountId, chat, before, limit);
  let [messages, atStart] = await Promise.all([
    read(),
    store.chats.isArchiveExhausted(accountId, chat),
  ]);
  // What is here is shown at once; reading further back asks the archive.
  const canWait = before === undefined && messages.length > 0;
  if (canWait && source) return { messages, atStart: atStart && messages.length < limit };
  for (let query = 0; query < MOST_QUERIES && messages.length < limit && !atStart; query++) {
    if (!source) return { messages, atStart: false, problem: offlineProblem };
    try {
      atStart = await fetchOlder(request, source);
    } catch (thrown) {
      return { messages, atStart: false, problem: problemOf(thrown) };
    }
    messages = await read();
  }
  return { messages, atStart: atStart && messages.length < limit };
}

/** Brings one page of the archive into the store; true where nothing is older than it. */
async function fetchOlder(
  { store, accountId, chat, limit }: HistoryRequest,
  { archive, decode, received }: HistorySource,
): Promise<boolean> {
  const oldest = await store.messages.oldestStanzaId(accountId, chat);
  const page = await archive.backward({
    with: chat,
    max: Math.max(limit, 20),
    timeoutMs: PATIENCE_MS,
    ...(oldest !== undefined && { before: oldest }),
  });
  if (page.kind === 'unsupported') return true;
  if (page.kind === 'page') {
    const history = page.messages.flatMap((archived) => {
      const message = decode(archived);
      return message?.kind === 'message' ? [message] : [];
    });
    await received.takeArchived(history, 'start');
    // A page without any text leaves the oldest id where it is: asking again would bring the same one.
    const moved = (await store.messages.oldestStanzaId(accountId, chat)) !== oldest;
    if (!page.complete && moved) return false;
  }
  await store.chats.setArchiveExhausted(accountId, chat);
  return true;
}

const offlineProblem: Problem = {
  code: 'network.offline',
  source: 'network',
  message: 'Older messages are on the server, and there is no connection now.',
  advice: 'They can be read once you are online again.',
  retry: 'later',
};
