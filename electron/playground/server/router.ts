/** Who is who in the playground: takes every stanza to the one it is addressed to. */
import type { Element } from '@xmpp/xml';
import { bareJid, parseJid } from '../../../shared/jid.ts';
import { PLAYGROUND_DOMAIN } from '../../../shared/playground.ts';
import { errorOf, mayComeBack } from './stanza.ts';

/** Somebody or something with an address: an account, a companion, a room, the server itself. */
export interface Addressee {
  /** Takes a stanza to this address, or to one with a resource; its `from` is true. */
  receive(stanza: Element): void;
}

export class Router {
  readonly #addressees = new Map<string, Addressee>();

  /** @param jid bare */
  add(jid: string, addressee: Addressee): void {
    this.#addressees.set(jid, addressee);
  }

  /** Delivers a stanza, or sends it back to where it came from. `from` and `to` are set. */
  send(stanza: Element): void {
    const addressee = this.#addressees.get(bareJid(stanza.attrs.to ?? ''));
    if (addressee) addressee.receive(stanza);
    else if (mayComeBack(stanza)) this.send(errorOf(stanza, this.#whyNot(stanza)));
  }

  #whyNot({ attrs }: Element): string {
    const domain = parseJid(attrs.to ?? '')?.domain;
    if (domain === undefined) return 'jid-malformed';
    const isOurs = domain === PLAYGROUND_DOMAIN || domain.endsWith(`.${PLAYGROUND_DOMAIN}`);
    return isOurs ? 'service-unavailable' : 'remote-server-not-found';
  }
}
