/**
 * How a conversation takes in messages: live ones one by one, loaded pages as a whole, never leaving a hole.
 * Pure; called by `reduce.ts`.
 */
import type { Message } from '../../shared/contract/records.ts';
import type { Problem } from '../../shared/problem.ts';
import { type Conversation, FIRST_INDEX, type LoadPart } from './state.ts';

/** What `messages.load` answers. */
export interface MessagePage {
  readonly messages: readonly Message[];
  readonly atStart: boolean;
  readonly problem?: Problem | undefined;
}

export const emptyConversation: Conversation = {
  messages: [],
  firstIndex: FIRST_INDEX,
  atStart: false,
  loaded: false,
  stale: false,
  epoch: 0,
};

/** A load begins; an earlier one that is still under way will be ignored. */
export function beginLoad(conversation: Conversation, id: number, part: LoadPart): Conversation {
  const { problem: _, ...rest } = conversation;
  return { ...rest, load: { id, part, touched: new Set() } };
}

/** A load failed as a command; what is held stays, and so does the need to load. */
export function failLoad(conversation: Conversation, id: number, problem: Problem): Conversation {
  if (conversation.load?.id !== id) return conversation;
  const { load: _, ...rest } = conversation;
  return { ...rest, problem };
}

/** A load's answer: joins what is held where the two meet, else takes its place. */
export function endLoad(conversation: Conversation, id: number, page: MessagePage): Conversation {
  const load = conversation.load;
  if (load?.id !== id) return conversation;
  const { load: _load, problem: _problem, ...rest } = conversation;
  const held = conversation.messages;
  const joined = load.part === 'older' || meets(held, page);
  const kept = joined ? keptBeside(held, page, load.part) : [];
  const messages = withTouched([...kept, ...page.messages], held, load.touched);
  const replaced = conversation.loaded && !joined;
  const wasFirst = held[0];
  const prepended =
    !conversation.loaded || replaced || wasFirst === undefined
      ? 0
      : messages.filter((message) => message.position < wasFirst.position).length;
  return {
    ...rest,
    messages,
    firstIndex: replaced ? FIRST_INDEX : conversation.firstIndex - prepended,
    atStart: page.atStart || (load.part === 'newest' && joined && conversation.atStart),
    ...(page.problem === undefined ? {} : { problem: page.problem }),
    loaded: true,
    stale: false,
    epoch: conversation.epoch + (replaced ? 1 : 0),
  };
}

/** A new or changed message told by an event. */
export function putMessage(conversation: Conversation, message: Message): Conversation {
  const held = conversation.messages;
  const known = held.findIndex(({ id }) => id === message.id);
  const first = held[0];
  // Older than what is held, with unloaded messages between: it comes with its own page.
  const beyond =
    known < 0 &&
    conversation.loaded &&
    !conversation.atStart &&
    first !== undefined &&
    message.position < first.position;
  if (beyond) return conversation;
  const messages =
    held[known]?.position === message.position
      ? held.with(known, message)
      : inOrder([...held.filter(({ id }) => id !== message.id), message]);
  const prepended = known < 0 && first !== undefined && messages[1] === first ? 1 : 0;
  return {
    ...touch(conversation, message.id),
    messages,
    firstIndex: conversation.firstIndex - prepended,
  };
}

/** A message was deleted. */
export function dropMessage(conversation: Conversation, id: string): Conversation {
  const messages = conversation.messages.filter((message) => message.id !== id);
  return { ...touch(conversation, id), messages };
}

/** After a gap: what is held is still worth showing, but the newest page has to be loaded again. */
export function markStale(conversation: Conversation): Conversation {
  const { load: _load, problem: _problem, ...rest } = conversation;
  return { ...rest, stale: true };
}

function touch(conversation: Conversation, id: string): Conversation {
  if (!conversation.load) return conversation;
  const touched = new Set(conversation.load.touched).add(id);
  return { ...conversation, load: { ...conversation.load, touched } };
}

/**
 * Whether a newest page continues what is held. A message that waits or failed proves nothing: it sorts
 * last wherever the rest has got to.
 */
function meets(held: readonly Message[], page: MessagePage): boolean {
  if (page.atStart) return true;
  const positions = new Map(
    held
      .filter(({ state }) => state !== 'waiting' && state !== 'failed')
      .map((message) => [message.id, message.position]),
  );
  return page.messages.some(({ id, position }) => positions.get(id) === position);
}

/** The held messages outside the page's own range; inside it the page has the last word. */
function keptBeside(held: readonly Message[], page: MessagePage, part: LoadPart): Message[] {
  const inPage = new Set(page.messages.map(({ id }) => id));
  const start = page.messages[0]?.position ?? Number.POSITIVE_INFINITY;
  return held.filter(
    (message) => !inPage.has(message.id) && (part === 'older' || message.position < start),
  );
}

/** Lets what events said during the load win over the page: changed, new and deleted messages. */
function withTouched(
  merged: readonly Message[],
  held: readonly Message[],
  touched: ReadonlySet<string>,
): Message[] {
  const live = held.filter(({ id }) => touched.has(id));
  return inOrder([...merged.filter(({ id }) => !touched.has(id)), ...live]);
}

function inOrder(messages: Message[]): Message[] {
  return messages.sort((one, other) => one.position - other.position || one.at - other.at);
}
