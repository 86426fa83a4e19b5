/**
 * One-to-one messages (RFC 6121 §5) as the pipeline needs them: every stanza decoded once, whichever way
 * it came, and outgoing ones built. The host listens, stores and sends.
 */
import xml, { type Element } from '@xmpp/xml';
import { bareJid } from '../../../shared/jid.ts';
import type { Unsubscribe, XmppStream } from '../xmpp-stream.ts';
import type { ArchivedMessage } from './archive.ts';
import { carbonIn } from './carbons.ts';
import { chatStateElement, chatStateOf } from './chat-states.ts';
import type { DecodedError, DecodedMessage, MessageRoute } from './decoded-message.ts';
import { delaysOf } from './delay.ts';
import { Listeners } from './listeners.ts';
import { messageProblem } from './message-problem.ts';
import { acknowledgedId, asksForReceipt, receiptRequest } from './receipts.ts';
import { address, attribute, bounded } from './stanza.ts';
import { originId, originIdOf, stanzaIdOf } from './stanza-ids.ts';

/** A text longer than this is cut: more UTF-16 units than any server lets through in practice. */
export const LONGEST_RECEIVED_BODY = 1_000_000;

/** What decoding has to know about the account. */
export interface DecodeContext {
  /** The account's bare JID. */
  readonly account: string;
  /**
   * Whether the account's server announces `urn:xmpp:mam:2` or `urn:xmpp:sid:0`: elsewhere nobody
   * removes forged stanza-ids, and none is believed (XEP-0359 §6, XEP-0313 §3.3).
   */
  readonly trustsStanzaIds: boolean;
}

/** A message to send. */
export interface OutgoingMessage {
  /** Becomes both the `id` attribute and the origin-id. */
  readonly id: string;
  /** A bare JID: copies to all their devices are the servers' work (XEP-0280). */
  readonly to: string;
  readonly body: string;
}

/** See {@link messages}. */
export interface Messages {
  /** Every message, direct or a carbon, called while the stanza is being delivered. */
  onMessage(listener: (message: DecodedMessage) => void): Unsubscribe;
  /** A message of ours came back. */
  onError(listener: (error: DecodedError) => void): Unsubscribe;
  /** Called with the bare JID written to, after each `send`. */
  onSent(listener: (peer: string) => void): Unsubscribe;
  /** Sends a text, with a receipt asked for. */
  send(message: OutgoingMessage): void;
  /** An archive result in the same form. */
  decode(archived: ArchivedMessage): DecodedMessage | DecodedError | undefined;
}

/** What is asked for every message. */
interface MessagesOptions {
  /** See {@link DecodeContext}. */
  readonly trustsStanzaIds: () => boolean;
  /** Messages say nothing about typing, so that who answers says nothing about it either (XEP-0085 §5.1). */
  readonly savesData: () => boolean;
}

export function messages(stream: XmppStream, options: MessagesOptions): Messages {
  const { trustsStanzaIds, savesData } = options;
  const arrived = new Listeners<[DecodedMessage]>();
  const failed = new Listeners<[DecodedError]>();
  const sent = new Listeners<[string]>();
  const context = (): DecodeContext => ({
    account: bareJid(stream.bareJid),
    trustsStanzaIds: trustsStanzaIds(),
  });

  stream.onStanza((stanza) => {
    const decoded = decodeMessage(stanza, context());
    if (decoded?.kind === 'message') arrived.emit(decoded);
    if (decoded?.kind === 'error') failed.emit(decoded);
  });

  return {
    onMessage: (listener) => arrived.add(listener),
    onError: (listener) => failed.add(listener),
    onSent: (listener) => sent.add(listener),
    send(message) {
      stream.send(buildChatMessage(message, !savesData()));
      sent.emit(bareJid(message.to));
    },
    decode: (archived) => decodeArchived(archived, context()),
  };
}

/**
 * What a stanza says to a person. Undefined for what is nothing of the kind: presence, group chat,
 * headlines, notifications, archive results, forged carbons, and stanzas between two strangers.
 */
export function decodeMessage(
  stanza: Element,
  context: DecodeContext,
): DecodedMessage | DecodedError | undefined {
  if (stanza.getName() !== 'message') return undefined;
  const carbon = carbonIn(stanza, context.account);
  if (carbon === 'forged') return undefined;
  if (!carbon) return decode(stanza, 'direct', context, delayOf(stanza, context.account));
  return decode(
    carbon.message,
    'carbon',
    context,
    delayOf(stanza, context.account) ?? delayOf(carbon.message, context.account),
  );
}

/** An archive result in the same form; its id and stamp are the archive's. */
export function decodeArchived(
  archived: ArchivedMessage,
  context: DecodeContext,
): DecodedMessage | DecodedError | undefined {
  const decoded = decode(archived.message, 'archive', context, archived.at);
  return decoded?.kind === 'message' ? { ...decoded, stanzaId: archived.id } : decoded;
}

/** A chat message with its origin-id, a receipt request and, where wanted, the chat state `active`. */
export function buildChatMessage({ id, to, body }: OutgoingMessage, withState = true): Element {
  return xml(
    'message',
    { type: 'chat', to, id },
    xml('body', {}, body),
    originId(id),
    receiptRequest(),
    ...(withState ? [chatStateElement('active')] : []),
  );
}

function decode(
  message: Element,
  route: MessageRoute,
  context: DecodeContext,
  delayedAt: number | undefined,
): DecodedMessage | DecodedError | undefined {
  const { account } = context;
  const type: unknown = message.attrs.type;
  const from = message.attrs.from === undefined ? account : address(message, 'from');
  const to = message.attrs.to === undefined ? account : address(message, 'to');
  if (from === undefined || to === undefined) return undefined;
  const outgoing = bareJid(from) === account;
  const peer = bareJid(outgoing ? to : from);
  if (!outgoing && bareJid(to) !== account) return undefined;
  const id = attribute(message, 'id');

  if (type === 'error') {
    if (outgoing || id === undefined) return undefined;
    return { kind: 'error', route, peer, id, problem: messageProblem(message) };
  }
  // An unknown type is `normal` (RFC 6121 §5.2.2).
  if (type === 'groupchat' || type === 'headline' || isFromRoom(message)) return undefined;

  const body = bodyOf(message);
  const receiptFor = acknowledgedId(message);
  const chatState = chatStateOf(message);
  if (body === undefined && receiptFor === undefined && chatState === undefined) return undefined;
  const senderId = originIdOf(message);
  const stanzaId = context.trustsStanzaIds ? stanzaIdOf(message, account) : undefined;
  return {
    kind: 'message',
    route,
    peer,
    outgoing,
    from,
    to,
    ...(id === undefined ? {} : { id }),
    ...(senderId === undefined ? {} : { originId: senderId }),
    ...(stanzaId === undefined ? {} : { stanzaId }),
    ...(delayedAt === undefined ? {} : { delayedAt }),
    ...(body === undefined ? {} : { body }),
    receiptRequested: asksForReceipt(message),
    ...(receiptFor === undefined ? {} : { receiptFor }),
    ...(chatState === undefined ? {} : { chatState }),
  };
}

/** The text in no particular language, else the first (RFC 6121 §5.2.3). */
function bodyOf(message: Element): string | undefined {
  const bodies = message.getChildren('body', message.getNS());
  const body = bodies.find((candidate) => candidate.attrs['xml:lang'] === undefined) ?? bodies[0];
  const text = body?.getText();
  return text ? bounded(text, LONGEST_RECEIVED_BODY) : undefined;
}

/** The stamp of our own server if it left one, else anybody's. */
function delayOf(stanza: Element, account: string): number | undefined {
  const delays = delaysOf(stanza);
  const domain = account.slice(account.indexOf('@') + 1);
  const ours = delays.find(({ by }) => by !== undefined && [account, domain].includes(bareJid(by)));
  return (ours ?? delays[0])?.at;
}

/** Invitations and private messages of a room (XEP-0045): not from a person, so not a chat. */
function isFromRoom(message: Element): boolean {
  return message.getChild('x', 'http://jabber.org/protocol/muc#user') !== undefined;
}
