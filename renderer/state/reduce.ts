/**
 * From one state to the next: the host's events, and the few things the page itself adds. Pure; an event
 * that repeats, or that names an account the page no longer knows, does no harm.
 */
import type { ConnectionEvent } from '../../shared/connection-history.ts';
import type { HostEvent, Snapshot } from '../../shared/contract/events.ts';
import type { Health } from '../../shared/health.ts';
import type { Problem } from '../../shared/problem.ts';
import {
  beginLoad,
  dropMessage,
  emptyConversation,
  endLoad,
  failLoad,
  type MessagePage,
  markStale,
  putMessage,
} from './conversation.ts';
import { noHistory, withEvents } from './history.ts';
import type { AccountState, Conversation, LinkState, LoadPart, State } from './state.ts';

/** One chat of one account. */
export interface ChatKey {
  readonly accountId: string;
  readonly jid: string;
}

/** What the page itself tells its state. `load` numbers pair the end of a load with its beginning. */
export type PageEvent =
  | { readonly type: 'link'; readonly link: LinkState }
  | { readonly type: 'notice-dismissed'; readonly notice: Problem }
  | {
      readonly type: 'history-loaded';
      readonly accountId: string;
      readonly events: readonly ConnectionEvent[];
    }
  | { readonly type: 'draft-kept'; readonly chat: ChatKey; readonly draft: string }
  | {
      readonly type: 'load-began';
      readonly chat: ChatKey;
      readonly load: number;
      readonly part: LoadPart;
    }
  | {
      readonly type: 'load-ended';
      readonly chat: ChatKey;
      readonly load: number;
      readonly page: MessagePage;
    }
  | {
      readonly type: 'load-failed';
      readonly chat: ChatKey;
      readonly load: number;
      readonly problem: Problem;
    };

/** The state after an event. */
export function reduce(state: State, event: HostEvent | PageEvent): State {
  switch (event.type) {
    case 'snapshot':
      return takeSnapshot(state, event.snapshot);
    case 'account': {
      const { account } = event;
      const known = state.accounts.get(account.id);
      const next = known ? { ...known, account } : newAccount(account);
      return { ...state, accounts: put(state.accounts, account.id, next) };
    }
    case 'account-removed':
      return {
        ...state,
        accounts: drop(state.accounts, event.accountId),
        health: drop(state.health, event.accountId),
        histories: drop(state.histories, event.accountId),
      };
    case 'contact':
      return inAccount(state, event.accountId, (account) => ({
        contacts: put(account.contacts, event.contact.jid, event.contact),
      }));
    case 'contact-removed':
      return inAccount(state, event.accountId, (account) => ({
        contacts: drop(account.contacts, event.jid),
      }));
    case 'chat':
      return inAccount(state, event.accountId, (account) => ({
        chats: put(account.chats, event.chat.jid, event.chat),
      }));
    case 'chat-removed':
      return inAccount(state, event.accountId, (account) => ({
        chats: drop(account.chats, event.jid),
        conversations: drop(account.conversations, event.jid),
      }));
    case 'message':
      return inConversation(state, event.accountId, event.message.chat, (conversation) =>
        putMessage(conversation, event.message),
      );
    case 'message-removed':
      return inConversation(state, event.accountId, event.chat, (conversation) =>
        dropMessage(conversation, event.id),
      );
    case 'health':
      return { ...state, health: withHealth(state.health, event.accountId, event.health) };
    case 'doctor':
      return { ...state, doctor: event.run };
    case 'connection-event': {
      const { accountId, event: added } = event;
      const history = withEvents(state.histories.get(accountId) ?? noHistory, [added]);
      return { ...state, histories: put(state.histories, accountId, history) };
    }
    case 'history-loaded': {
      const { accountId, events } = event;
      const history = withEvents(state.histories.get(accountId) ?? noHistory, events);
      const loaded = { ...history, isLoaded: true };
      return { ...state, histories: put(state.histories, accountId, loaded) };
    }
    case 'notice':
      return { ...state, notices: withNotice(state.notices, event.notice) };
    case 'kept-proxies':
      return { ...state, keptProxies: event.proxies };
    case 'http2':
      return { ...state, http2: event.http2 };
    case 'authorities':
      return { ...state, authorities: event.authorities };
    case 'proxy-question':
      return { ...state, proxyQuestion: event.question };
    case 'link':
      // Being locked out ends only with another opening of the page.
      return state.link === 'locked' ? state : { ...state, link: event.link };
    case 'notice-dismissed':
      return {
        ...state,
        notices: state.notices.filter((notice) => noticeKey(notice) !== noticeKey(event.notice)),
        dismissed: new Set(state.dismissed).add(noticeKey(event.notice)),
      };
    case 'draft-kept':
      return inAccount(state, event.chat.accountId, (account) => {
        const chat = account.chats.get(event.chat.jid);
        return chat
          ? { chats: put(account.chats, chat.jid, { ...chat, draft: event.draft }) }
          : undefined;
      });
    case 'load-began':
      return inAccount(state, event.chat.accountId, (account) => ({
        conversations: put(
          account.conversations,
          event.chat.jid,
          beginLoad(
            account.conversations.get(event.chat.jid) ?? emptyConversation,
            event.load,
            event.part,
          ),
        ),
      }));
    case 'load-ended':
      return inConversation(state, event.chat.accountId, event.chat.jid, (conversation) =>
        endLoad(conversation, event.load, event.page),
      );
    case 'load-failed':
      return inConversation(state, event.chat.accountId, event.chat.jid, (conversation) =>
        failLoad(conversation, event.load, event.problem),
      );
  }
}

/** Tells one notice from another. */
export function noticeKey(notice: Problem): string {
  return `${notice.code} ${notice.detail ?? notice.message}`;
}

function takeSnapshot(state: State, snapshot: Snapshot): State {
  const accounts = snapshot.accounts.map(({ account, contacts, chats }) => {
    const held = state.accounts.get(account.id)?.conversations ?? new Map();
    const conversations = [...held].map(
      ([jid, conversation]) => [jid, markStale(conversation)] as const,
    );
    const next: AccountState = {
      account,
      contacts: new Map(contacts.map((contact) => [contact.jid, contact])),
      chats: new Map(chats.map((chat) => [chat.jid, chat])),
      conversations: new Map(conversations),
    };
    return [account.id, next] as const;
  });
  return {
    ...state,
    ready: true,
    accounts: new Map(accounts),
    health: new Map(
      snapshot.accounts.flatMap(({ account, health }) => (health ? [[account.id, health]] : [])),
    ),
    histories: new Map(),
    proxyQuestion: snapshot.proxyQuestion,
    doctor: snapshot.doctor,
    authorities: snapshot.authorities ?? [],
    http2: snapshot.http2,
    keptProxies: snapshot.keptProxies ?? [],
    notices: snapshot.notices.filter((notice) => !state.dismissed.has(noticeKey(notice))),
  };
}

function newAccount(account: AccountState['account']): AccountState {
  return {
    account,
    contacts: new Map(),
    chats: new Map(),
    conversations: new Map(),
  };
}

function inAccount(
  state: State,
  accountId: string,
  change: (account: AccountState) => Partial<AccountState> | undefined,
): State {
  const account = state.accounts.get(accountId);
  const changed = account && change(account);
  if (!account || !changed) return state;
  return { ...state, accounts: put(state.accounts, accountId, { ...account, ...changed }) };
}

function inConversation(
  state: State,
  accountId: string,
  jid: string,
  change: (conversation: Conversation) => Conversation,
): State {
  return inAccount(state, accountId, (account) => {
    const conversation = account.conversations.get(jid);
    const changed = conversation && change(conversation);
    if (!changed || changed === conversation) return undefined;
    return { conversations: put(account.conversations, jid, changed) };
  });
}

function withHealth(
  all: State['health'],
  accountId: string,
  health: Health | undefined,
): State['health'] {
  return health ? put(all, accountId, health) : drop(all, accountId);
}

function withNotice(notices: readonly Problem[], notice: Problem): readonly Problem[] {
  return notices.some((known) => noticeKey(known) === noticeKey(notice))
    ? notices
    : [...notices, notice];
}

function put<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

function drop<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const next = new Map(map);
  next.delete(key);
  return next;
}
