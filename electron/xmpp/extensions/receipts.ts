/**
 * XEP-0184 Message Delivery Receipts: answers those who ask, and tells which of our messages arrived.
 * The host answers once the message is stored.
 */
import xml, { type Element } from '@xmpp/xml';
import { newId } from '../../../shared/ids.ts';
import type { Unsubscribe, XmppStream } from '../xmpp-stream.ts';
import type { DecodedMessage } from './decoded-message.ts';
import { Listeners } from './listeners.ts';
import { attribute } from './stanza.ts';

const NAMESPACE = 'urn:xmpp:receipts';
/** Disco features this brings. */
export const receiptsFeatures: readonly string[] = [NAMESPACE];

/** One of our messages reached a device of the other side. */
export interface Receipt {
  /** Who says so, bare: believe it only for a message sent to them. */
  readonly peer: string;
  /** The `id` attribute of our message. */
  readonly id: string;
}

/** See {@link receipts}. */
export interface Receipts {
  /** Also receipts that went to another device of ours, or wait in the archive's pages we decode. */
  onReceipt(listener: (receipt: Receipt) => void): Unsubscribe;
  /**
   * Sends the receipt where this message is owed one: live or kept for us while we were away, never
   * a copy or out of the archive (§5.5); with a text and an id. Since it shows that we are here, call
   * it only for people who may know (§8): those who see our presence, or whom we write to.
   * @returns whether a receipt was owed.
   */
  answer(message: DecodedMessage): boolean;
}

/** @param messages where decoded messages come from (`messages.ts`) */
export function receipts(
  stream: XmppStream,
  messages: { onMessage(listener: (message: DecodedMessage) => void): Unsubscribe },
): Receipts {
  const listeners = new Listeners<[Receipt]>();
  messages.onMessage((message) => {
    const receipt = receiptIn(message);
    if (receipt) listeners.emit(receipt);
  });
  return {
    onReceipt: (listener) => listeners.add(listener),
    answer(message) {
      const { id } = message;
      if (id === undefined || !isReceiptOwed(message)) return false;
      stream.send(
        xml(
          'message',
          { type: 'chat', to: message.from, id: newId() },
          xml('received', { xmlns: NAMESPACE, id }),
          // Without the hint an archive drops a stanza that has no text, and a sender who is away never learns of it.
          xml('store', { xmlns: 'urn:xmpp:hints' }),
        ),
      );
      return true;
    },
  };
}

/** The receipt a decoded message carries for us; for messages out of the archive, which `onReceipt` does not see. */
export function receiptIn(message: DecodedMessage): Receipt | undefined {
  if (message.outgoing || message.receiptFor === undefined) return undefined;
  return { peer: message.peer, id: message.receiptFor };
}

/** Whether its sender should be told that it arrived (§5). */
function isReceiptOwed(message: DecodedMessage): boolean {
  return (
    message.route === 'direct' &&
    !message.outgoing &&
    message.receiptRequested &&
    message.body !== undefined &&
    message.receiptFor === undefined
  );
}

/** True where the stanza asks for a receipt. */
export function asksForReceipt(message: Element): boolean {
  return message.getChild('request', NAMESPACE) !== undefined;
}

/** The id of the message this stanza acknowledges. */
export function acknowledgedId(message: Element): string | undefined {
  const received = message.getChild('received', NAMESPACE);
  return received && attribute(received, 'id');
}

/** Asks for a receipt. */
export function receiptRequest(): Element {
  return xml('request', { xmlns: NAMESPACE });
}
