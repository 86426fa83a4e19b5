/**
 * XEP-0085 Chat State Notifications: whether the other side is typing, and telling them whether we are.
 * Used by the host's `chats.sendState` command and for the chat list.
 */
import xml, { type Element } from '@xmpp/xml';
import { type ChatState, chatStateSchema } from '../../../shared/contract/records.ts';
import { newId } from '../../../shared/ids.ts';
import type { Unsubscribe, XmppStream } from '../xmpp-stream.ts';
import type { DecodedMessage } from './decoded-message.ts';
import { Listeners } from './listeners.ts';

const NAMESPACE = 'http://jabber.org/protocol/chatstates';
/** Disco features this brings. */
export const chatStatesFeatures: readonly string[] = [NAMESPACE];

/** People whose habits are remembered at most. */
const MOST_PEERS = 1_000;

/** See {@link chatStates}. */
export interface ChatStates {
  /** `state` undefined: a text came that says nothing about it, so whatever was known is over. */
  onState(listener: (peer: string, state: ChatState | undefined) => void): Unsubscribe;
  /**
   * Tells a person what we are doing. Nothing is sent where it would repeat itself, or where their
   * software answered without chat states (§5.1).
   * @param peer a bare JID
   */
  send(peer: string, state: ChatState): void;
}

/** What one conversation has shown so far. */
interface Conversation {
  /** Undefined until the other side has said something. */
  understands?: boolean;
  told?: ChatState;
}

/**
 * @param messages where decoded messages come from and go out (`messages.ts`)
 * @param savesData while this is so, nothing is told
 */
export function chatStates(
  stream: XmppStream,
  messages: {
    onMessage(listener: (message: DecodedMessage) => void): Unsubscribe;
    onSent(listener: (peer: string) => void): Unsubscribe;
  },
  savesData: () => boolean,
): ChatStates {
  const listeners = new Listeners<[string, ChatState | undefined]>();
  const conversations = new Map<string, Conversation>();

  function conversation(peer: string): Conversation {
    const known = conversations.get(peer);
    if (known) return known;
    const [oldest] = conversations.keys();
    if (oldest !== undefined && conversations.size >= MOST_PEERS) conversations.delete(oldest);
    const fresh: Conversation = {};
    conversations.set(peer, fresh);
    return fresh;
  }

  messages.onMessage((message) => {
    if (message.outgoing || message.delayedAt !== undefined) return;
    const { peer, chatState } = message;
    if (chatState === undefined && message.body === undefined) return;
    conversation(peer).understands = chatState !== undefined;
    listeners.emit(peer, chatState);
  });
  messages.onSent((peer) => {
    // A message of ours says `active` by itself (§5.3).
    conversation(peer).told = 'active';
  });

  return {
    onState: (listener) => listeners.add(listener),
    send(peer, state) {
      if (savesData()) return;
      const so = conversation(peer);
      if (so.understands === false || so.told === state) return;
      so.told = state;
      stream.send(
        xml(
          'message',
          { type: 'chat', to: peer, id: newId() },
          chatStateElement(state),
          xml('no-store', { xmlns: 'urn:xmpp:hints' }),
        ),
      );
    },
  };
}

/** The chat state a stanza carries; undefined for none. */
export function chatStateOf(message: Element): ChatState | undefined {
  for (const child of message.getChildElements()) {
    if (child.getNS() !== NAMESPACE) continue;
    const state = chatStateSchema.safeParse(child.getName());
    if (state.success) return state.data;
  }
  return undefined;
}

/** The element that says what we are doing. */
export function chatStateElement(state: ChatState): Element {
  return xml(state, { xmlns: NAMESPACE });
}
