/**
 * Somebody to talk to in the playground: an address with a profile and presence that answers as a person's
 * client would (receipts, typing, subscriptions), and says what its script says.
 */
import xml, { type Element } from '@xmpp/xml';
import { newId } from '../../../shared/ids.ts';
import { bareJid } from '../../../shared/jid.ts';
import {
  type Picture,
  type Profile,
  pictureEvent,
  pictureUpdate,
  profileAnswers,
} from '../server/profile.ts';
import { type Answers, answerTo, basicAnswers } from '../server/requests.ts';
import type { Addressee, Router } from '../server/router.ts';
import { errorOf, isRequest, stanza } from '../server/stanza.ts';
import type { Pace } from './pace.ts';

const NS_RECEIPTS = 'urn:xmpp:receipts';
const NS_CHAT_STATES = 'http://jabber.org/protocol/chatstates';
const NS_HINTS = 'urn:xmpp:hints';

/** Typing shows for this long, and longer for a long text, in ms. */
const SHORTEST_TYPING_MS = 500;
const TYPING_MS_PER_CHARACTER = 12;
const LONGEST_TYPING_MS = 2_500;

/** How somebody is (RFC 6121 §4.7.2); absent `show`: simply there. */
export interface Mood {
  readonly show?: 'chat' | 'away' | 'xa' | 'dnd';
  readonly status?: string;
}

/** What a script can do in the conversation with one person. */
export interface Voice {
  /** Bare JID of whom one talks to. */
  readonly person: string;
  /** Says it at once. */
  say(text: string): void;
  /** Types for a while, then says it. */
  write(text: string): Promise<void>;
  /** Shows that one types, or stopped (XEP-0085). */
  showTyping(state: 'composing' | 'paused'): void;
  pause(ms: number): Promise<void>;
  /** For everybody to see. */
  setMood(mood: Mood | 'offline'): void;
  setPicture(picture: Picture): void;
  /** Asks to be added to the person's contacts. */
  askToBeAdded(): void;
}

/** What a companion does. */
export interface Script {
  /** Somebody who sees this companion came online, for the first time since the start. */
  readonly greet?: (voice: Voice) => Promise<void>;
  /** Somebody wrote; one text at a time, in order. */
  readonly hear: (text: string, voice: Voice) => Promise<void>;
  /** Receipts are answered this much later, in ms. */
  readonly receiptDelayMs?: number;
}

export interface CompanionOptions {
  /** Bare. */
  readonly jid: string;
  readonly profile: Profile;
  readonly mood?: Mood | 'offline';
  readonly script: Script;
  /** Bare JIDs of those who see its presence from the start. */
  readonly watchers?: readonly string[];
  readonly router: Router;
  readonly pace: Pace;
}

export class Companion implements Addressee {
  readonly jid: string;
  readonly #options: CompanionOptions;
  readonly #from: string;
  readonly #watchers: Set<string>;
  /** Full JIDs of those it sees. */
  readonly #present = new Set<string>();
  readonly #greeted = new Set<string>();
  readonly #turns = new Map<string, Promise<void>>();
  readonly #answers: Answers;
  #profile: Profile;
  #mood: Mood | 'offline';

  constructor(options: CompanionOptions) {
    const { jid, profile, mood = {}, watchers = [] } = options;
    this.jid = jid;
    this.#options = options;
    this.#from = `${jid}/playground`;
    this.#watchers = new Set(watchers);
    this.#profile = profile;
    this.#mood = mood;
    const about = { category: 'client', type: 'bot', name: 'Holdfast’s playground' };
    const features = [NS_RECEIPTS, NS_CHAT_STATES];
    this.#answers = {
      ...basicAnswers({ ...about, features }),
      ...profileAnswers(() => this.#profile),
    };
    options.router.add(jid, this);
  }

  /** Bare JIDs of those who see it and are there now. */
  get audience(): string[] {
    return [...new Set([...this.#present].map(bareJid))].filter((jid) => this.#watchers.has(jid));
  }

  receive(received: Element): void {
    if (received.name === 'presence') this.#receivePresence(received);
    else if (received.name === 'message') this.#receiveMessage(received);
    else if (isRequest(received)) {
      const { router } = this.#options;
      if (this.#sees(received.attrs.from)) router.send(answerTo(received, this.#answers));
      else router.send(errorOf(received, 'service-unavailable'));
    }
  }

  /** Talks to somebody, by bare JID. */
  voiceFor(to: string): Voice {
    const { router, pace } = this.#options;
    const message = (...children: Element[]) =>
      router.send(
        stanza('message', { from: this.#from, to, type: 'chat', id: newId() }, ...children),
      );
    const say = (text: string) =>
      message(
        xml('body', {}, text),
        xml('request', { xmlns: NS_RECEIPTS }),
        xml('active', { xmlns: NS_CHAT_STATES }),
      );
    const showTyping = (state: 'composing' | 'paused') =>
      message(xml(state, { xmlns: NS_CHAT_STATES }), xml('no-store', { xmlns: NS_HINTS }));
    return {
      ...{ person: to, say, showTyping },
      pause: (ms) => pace.pause(ms),
      async write(text) {
        showTyping('composing');
        const ms = SHORTEST_TYPING_MS + text.length * TYPING_MS_PER_CHARACTER;
        await pace.pause(Math.min(ms, LONGEST_TYPING_MS));
        say(text);
      },
      setMood: (mood) => {
        this.#mood = mood;
        for (const watcher of this.#watchers) this.#showPresence(watcher);
      },
      setPicture: (picture) => {
        this.#profile = { ...this.#profile, picture };
        for (const watcher of this.#watchers) {
          router.send(pictureEvent(this.jid, watcher, picture));
          this.#showPresence(watcher);
        }
      },
      askToBeAdded: () => {
        router.send(stanza('presence', { type: 'subscribe', from: this.jid, to }));
      },
    };
  }

  #sees(jid: string): boolean {
    return this.#watchers.has(bareJid(jid));
  }

  // ---- presence ------------------------------------------------------------------------------

  #receivePresence(presence: Element): void {
    const { from, type } = presence.attrs;
    const { router } = this.#options;
    const person = bareJid(from);
    switch (type) {
      case undefined:
        this.#present.add(from);
        this.#greet(person);
        break;
      case 'unavailable':
        this.#present.delete(from);
        break;
      case 'probe':
        if (!this.#sees(from)) return;
        this.#showPresence(from);
        if (this.#profile.picture) {
          router.send(pictureEvent(this.jid, from, this.#profile.picture));
        }
        break;
      case 'subscribe':
        this.#watchers.add(person);
        router.send(stanza('presence', { type: 'subscribed', from: this.jid, to: person }));
        this.#showPresence(person);
        // Whoever is seen likes to see.
        this.voiceFor(person).askToBeAdded();
        break;
      case 'unsubscribe':
        this.#watchers.delete(person);
        break;
      case 'subscribed':
        this.#greet(person);
        break;
      default:
        break;
    }
  }

  #showPresence(to: string): void {
    const { router } = this.#options;
    if (this.#mood === 'offline') {
      router.send(stanza('presence', { type: 'unavailable', from: this.#from, to }));
      return;
    }
    const { show, status } = this.#mood;
    const presence = stanza('presence', { from: this.#from, to });
    if (show) presence.append(xml('show', {}, show));
    if (status) presence.append(xml('status', {}, status));
    presence.append(pictureUpdate(this.#profile));
    router.send(presence);
  }

  #greet(person: string): void {
    const { greet } = this.#options.script;
    if (!greet || this.#greeted.has(person)) return;
    this.#greeted.add(person);
    this.#inTurn(person, () => greet(this.voiceFor(person)));
  }

  // ---- messages ------------------------------------------------------------------------------

  #receiveMessage(message: Element): void {
    const { from, type } = message.attrs;
    const text = message.getChildText('body');
    if (type === 'error' || type === 'groupchat' || !text) return;
    const person = bareJid(from);
    if (message.getChild('request', NS_RECEIPTS)) void this.#acknowledge(message);
    this.#inTurn(person, () => this.#options.script.hear(text, this.voiceFor(person)));
  }

  async #acknowledge({ attrs: { id, from } }: Element): Promise<void> {
    const { script, router, pace } = this.#options;
    if (id === undefined) return;
    if (script.receiptDelayMs) await pace.pause(script.receiptDelayMs);
    router.send(
      stanza(
        'message',
        { from: this.#from, to: from, type: 'chat', id: newId() },
        xml('received', { xmlns: NS_RECEIPTS, id }),
        xml('store', { xmlns: NS_HINTS }),
      ),
    );
  }

  /** What is said to one person is said in order. */
  #inTurn(person: string, work: () => Promise<void>): void {
    const turn = (this.#turns.get(person) ?? Promise.resolve()).then(work);
    this.#turns.set(person, turn);
  }
}
