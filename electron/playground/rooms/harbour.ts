/**
 * The busy room of the playground: a group room, its regulars, and a companion who passes on what is said there
 * as one-to-one messages, both ways, for clients without rooms.
 */
import { parseJid } from '../../../shared/jid.ts';
import { PLAYGROUND_DOMAIN } from '../../../shared/playground.ts';
import { Companion } from '../companions/companion.ts';
import type { Pace } from '../companions/pace.ts';
import type { Profile } from '../server/profile.ts';
import { answerTo } from '../server/requests.ts';
import type { Router } from '../server/router.ts';
import { isRequest } from '../server/stanza.ts';
import { HARBOUR_REGULARS, harbourReplies, harbourScenes } from '../texts/harbour.ts';
import { Crowd } from './crowd.ts';
import { Room, roomServiceAnswers } from './room.ts';

/** Where rooms are. */
export const ROOMS_DOMAIN = `rooms.${PLAYGROUND_DOMAIN}`;

export interface HarbourOptions {
  /** Bare JID of the companion. */
  readonly jid: string;
  readonly profile: Profile;
  readonly watchers: readonly string[];
  readonly router: Router;
  readonly pace: Pace;
  /** Epoch ms. */
  readonly now: () => number;
}

export function createHarbour(options: HarbourOptions): void {
  const { router, pace, profile, now } = options;
  const room = new Room({
    jid: `harbour@${ROOMS_DOMAIN}`,
    name: profile.name,
    subject: 'Kettle is on. Everybody is welcome.',
    regulars: HARBOUR_REGULARS,
    ...{ router, now },
  });
  const answers = roomServiceAnswers([room]);
  router.add(ROOMS_DOMAIN, {
    receive: (stanza) => {
      if (isRequest(stanza)) router.send(answerTo(stanza, answers));
    },
  });
  const crowd = new Crowd({
    ...{ room, pace, scenes: harbourScenes, answers: harbourReplies },
    isAnyoneThere: () => companion.audience.length > 0 || room.hasVisitors,
  });
  const companion = new Companion({
    ...options,
    mood: { show: 'chat', status: 'Ines, Kofi, Maren, Yuki and Bo are here' },
    script: {
      greet: async () => void crowd.talk(),
      hear: async (text, { person }) => room.say(nickOf(person), text),
    },
  });
  room.onTalk(({ nick, text }) => {
    for (const person of companion.audience) {
      if (nick !== nickOf(person)) companion.voiceFor(person).say(`${nick}: ${text}`);
    }
  });
}

function nickOf(person: string): string {
  return parseJid(person)?.local ?? person;
}
