/**
 * Where the person is, kept in the address's fragment: `#/chats`, `#/chats/<account>/<jid>`, `#/contacts`,
 * `#/accounts`. So Back works, and a reload comes back to the same place.
 */
import { useSyncExternalStore } from 'react';
import type { ChatKey } from '../state/reduce.ts';

export type Place = 'chats' | 'contacts' | 'accounts';

export interface Route {
  readonly place: Place;
  /** The open chat; only in `chats`. */
  readonly chat?: ChatKey;
}

/** Reads a fragment; anything unknown is the chats. */
export function parseRoute(hash: string): Route {
  const [place, accountId, jid] = hash.replace(/^#\/?/u, '').split('/').map(decode);
  if (place === 'contacts' || place === 'accounts') return { place };
  return accountId && jid ? { place: 'chats', chat: { accountId, jid } } : { place: 'chats' };
}

/** The fragment of a route, for `href`. */
export function formatRoute({ place, chat }: Route): string {
  const parts = chat ? [place, chat.accountId, chat.jid] : [place];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

/** The fragment of a chat. */
export function chatHref(chat: ChatKey): string {
  return formatRoute({ place: 'chats', chat });
}

/** Goes somewhere, as following a link would. */
export function goTo(route: Route): void {
  window.location.hash = formatRoute(route);
}

/** The route now; renders again when it changes. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(onHashChange, () => window.location.hash);
  return parseRoute(hash);
}

function onHashChange(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
