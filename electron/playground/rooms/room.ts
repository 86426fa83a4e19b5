/**
 * A group room (XEP-0045) with its regulars: entering, being seen, talking, leaving, the last of what was said.
 * Everybody may come; nobody owns it. `RoomService` is where it is found.
 */
import xml, { type Element } from '@xmpp/xml';
import { newId } from '../../../shared/ids.ts';
import { parseJid } from '../../../shared/jid.ts';
import { type Answers, answerTo, basicAnswers } from '../server/requests.ts';
import type { Addressee, Router } from '../server/router.ts';
import { copyOf, errorOf, isRequest, mayComeBack, stanza } from '../server/stanza.ts';

export const NS_ROOM = 'http://jabber.org/protocol/muc';
const NS_USER = `${NS_ROOM}#user`;
const NS_DELAY = 'urn:xmpp:delay';
const NS_STANZA_ID = 'urn:xmpp:sid:0';
const NS_PING = 'urn:xmpp:ping';

/** Messages somebody who enters is shown, where they do not ask for fewer. */
const SHOWN_HISTORY = 20;

/** Something said in the room. */
export interface Talk {
  readonly nick: string;
  readonly text: string;
  /** It was one of the regulars. */
  readonly isRegular: boolean;
}

export interface RoomOptions {
  /** Bare. */
  readonly jid: string;
  readonly name: string;
  readonly subject: string;
  /** Nicknames of those who are always there. */
  readonly regulars: readonly string[];
  readonly router: Router;
  /** Epoch ms. */
  readonly now: () => number;
}

export class Room implements Addressee {
  readonly jid: string;
  readonly name: string;
  readonly #options: RoomOptions;
  /** Full JIDs of visitors, by nickname. */
  readonly #visitors = new Map<string, string>();
  readonly #said: { readonly message: Element; readonly at: number }[] = [];
  readonly #listeners: ((talk: Talk) => void)[] = [];
  readonly #answers: Answers;

  constructor(options: RoomOptions) {
    const { jid, name, router } = options;
    this.jid = jid;
    this.name = name;
    this.#options = options;
    const features = [NS_ROOM, NS_STANZA_ID, 'muc_public', 'muc_open', 'muc_persistent'];
    this.#answers = basicAnswers({
      ...{ category: 'conference', type: 'text', name },
      features: [...features, 'muc_unmoderated', 'muc_unsecured', 'muc_semianonymous'],
    });
    router.add(jid, this);
  }

  get hasVisitors(): boolean {
    return this.#visitors.size > 0;
  }

  onTalk(listener: (talk: Talk) => void): void {
    this.#listeners.push(listener);
  }

  /** Says something in somebody's name. */
  say(nick: string, text: string, id: string = newId()): void {
    const { router, now, regulars } = this.#options;
    const from = `${this.jid}/${nick}`;
    const message = stanza('message', { from, type: 'groupchat', id }, xml('body', {}, text));
    message.append(xml('stanza-id', { xmlns: NS_STANZA_ID, by: this.jid, id: newId() }));
    this.#said.push({ message, at: now() });
    this.#said.splice(0, this.#said.length - SHOWN_HISTORY);
    for (const to of this.#visitors.values()) router.send(copyOf(message, { to }));
    const isRegular = regulars.includes(nick);
    for (const listener of this.#listeners) listener({ nick, text, isRegular });
  }

  receive(received: Element): void {
    if (received.name === 'presence') this.#receivePresence(received);
    else if (received.name === 'message') this.#receiveMessage(received);
    else if (isRequest(received)) this.#answer(received);
  }

  // ---- presence ------------------------------------------------------------------------------

  #receivePresence(presence: Element): void {
    const { from, to, type } = presence.attrs;
    const nick = parseJid(to)?.resource;
    const known = this.#nickOf(from);
    if (type === 'unavailable') {
      if (known !== undefined) this.#leave(known);
    } else if (type === undefined) {
      if (nick === undefined) this.#refuse(presence, 'jid-malformed', 'modify');
      else if (this.#isTaken(nick, from)) this.#refuse(presence, 'conflict');
      else if (known === undefined) this.#enter(nick, presence);
      else if (known === nick) this.#show(nick, presence);
      else this.#rename(known, nick, presence);
    }
  }

  /** §7.2: others first, oneself last, then what was said, then the subject. */
  #enter(nick: string, presence: Element): void {
    const { regulars, subject, router } = this.#options;
    const { from } = presence.attrs;
    for (const other of [...regulars, ...this.#visitors.keys()]) {
      router.send(this.#occupant(other, from));
    }
    this.#visitors.set(nick, from);
    this.#show(nick, presence);
    const asked = presence.getChild('x', NS_ROOM)?.getChild('history')?.attrs.maxstanzas;
    const shown =
      asked === undefined ? SHOWN_HISTORY : Math.max(0, Number.parseInt(asked, 10) || 0);
    for (const { message, at } of shown === 0 ? [] : this.#said.slice(-shown)) {
      const stamp = new Date(at).toISOString();
      const delayed = copyOf(message, { to: from });
      router.send(delayed.cnode(xml('delay', { xmlns: NS_DELAY, stamp, from: this.jid })).up());
    }
    const told = { from: this.jid, to: from, type: 'groupchat' };
    router.send(stanza('message', told, xml('subject', {}, subject)));
  }

  /** Tells everybody how a visitor is now. */
  #show(nick: string, presence: Element): void {
    const { router } = this.#options;
    const own = presence.children.filter(
      (child) => typeof child !== 'string' && ['show', 'status'].includes(child.name),
    );
    for (const [other, to] of this.#visitors) {
      const shown = this.#occupant(nick, to, other === nick ? ['110'] : []);
      for (const child of own) if (typeof child !== 'string') shown.append(copyOf(child));
      router.send(shown);
    }
  }

  /** §7.6. */
  #rename(from: string, nick: string, presence: Element): void {
    const { router } = this.#options;
    for (const [other, to] of this.#visitors) {
      const codes = other === from ? ['303', '110'] : ['303'];
      const gone = this.#occupant(from, to, codes, nick);
      gone.attrs.type = 'unavailable';
      router.send(gone);
    }
    this.#visitors.set(nick, this.#visitors.get(from) ?? '');
    this.#visitors.delete(from);
    this.#show(nick, presence);
  }

  #leave(nick: string): void {
    const { router } = this.#options;
    for (const [other, to] of this.#visitors) {
      const gone = this.#occupant(nick, to, other === nick ? ['110'] : []);
      gone.attrs.type = 'unavailable';
      router.send(gone);
    }
    this.#visitors.delete(nick);
  }

  #occupant(nick: string, to: string, codes: readonly string[] = [], newNick?: string): Element {
    const item = { affiliation: 'none', role: 'participant', ...(newNick && { nick: newNick }) };
    return stanza(
      'presence',
      { from: `${this.jid}/${nick}`, to },
      xml(
        'x',
        { xmlns: NS_USER },
        xml('item', item),
        ...codes.map((code) => xml('status', { code })),
      ),
    );
  }

  // ---- messages and requests -----------------------------------------------------------------

  #receiveMessage(message: Element): void {
    const { from, to, type, id } = message.attrs;
    const nick = this.#nickOf(from);
    if (type === 'error') {
      // Whoever cannot be reached is not there any more (§18.1.2).
      if (nick !== undefined) this.#leave(nick);
    } else if (nick === undefined) this.#refuse(message, 'not-acceptable', 'modify');
    else if (type !== 'groupchat') this.#whisper(nick, parseJid(to)?.resource, message);
    else if (message.getChild('subject')) this.#refuse(message, 'forbidden', 'auth');
    else {
      const text = message.getChildText('body');
      if (text) this.say(nick, text, id);
    }
  }

  /** A private message (§7.5); the regulars only talk in the room. */
  #whisper(nick: string, whom: string | undefined, message: Element): void {
    const to = whom === undefined ? undefined : this.#visitors.get(whom);
    if (to === undefined) this.#refuse(message, 'item-not-found');
    else this.#options.router.send(copyOf(message, { from: `${this.jid}/${nick}`, to }));
  }

  #answer(request: Element): void {
    const { router } = this.#options;
    const { from, to } = request.attrs;
    const nick = parseJid(to)?.resource;
    if (nick === undefined) router.send(answerTo(request, this.#answers));
    // Asking one's own place tells whether one is still in (XEP-0410 §3).
    else if (request.getChild('ping', NS_PING) && this.#visitors.get(nick) === from) {
      router.send(stanza('iq', { type: 'result', id: request.attrs.id, from: to, to: from }));
    } else this.#refuse(request, 'not-acceptable');
  }

  #refuse(refused: Element, condition: string, type?: 'auth' | 'cancel' | 'modify'): void {
    const mayHear = refused.name === 'presence' || mayComeBack(refused);
    if (mayHear) this.#options.router.send(errorOf(refused, condition, type));
  }

  #nickOf(jid: string): string | undefined {
    return [...this.#visitors].find(([, visitor]) => visitor === jid)?.[0];
  }

  /** By a regular, or by somebody else than the devices of the one who asks (§7.2.9). */
  #isTaken(nick: string, asker: string): boolean {
    const holder = this.#visitors.get(nick);
    if (holder === asker) return false;
    return holder !== undefined || this.#options.regulars.includes(nick);
  }
}

/** The address rooms are found at (§6.1). */
export function roomServiceAnswers(
  rooms: readonly { readonly jid: string; readonly name: string }[],
): Answers {
  return basicAnswers({
    ...{ category: 'conference', type: 'text', name: 'Rooms', features: [NS_ROOM], items: rooms },
  });
}
