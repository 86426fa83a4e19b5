/** Who is in the playground: addresses, names, pictures, moods, pasts, and what each of them does. */
import { PLAYGROUND_DOMAIN } from '../../shared/playground.ts';
import { Companion, type CompanionOptions } from './companions/companion.ts';
import { echoScript } from './companions/echo.ts';
import { createFriendScript } from './companions/friend.ts';
import { createGuideScript } from './companions/guide.ts';
import type { Pace } from './companions/pace.ts';
import { drawPicture } from './companions/picture.ts';
import { createHarbour } from './rooms/harbour.ts';
import type { Router } from './server/router.ts';
import { echoHistory } from './texts/echo.ts';
import { harbourHistory } from './texts/harbour.ts';
import { nadiaHistory } from './texts/nadia.ts';
import { ranaHistory } from './texts/rana.ts';
import { teoHistory } from './texts/teo.ts';

/** A contact the account has from the start. */
export interface CastMember {
  /** Bare. */
  readonly jid: string;
  readonly name: string;
  /** What has been said so far (see `texts/script-text.ts`); absent: nothing. */
  readonly past?: string;
}

const at = (username: string) => `${username}@${PLAYGROUND_DOMAIN}`;

export const CAST = {
  guide: { jid: at('marlow'), name: 'Marlow' },
  echo: { jid: at('echo'), name: 'Echo', past: echoHistory },
  harbour: { jid: at('harbour'), name: 'Harbour Café', past: harbourHistory },
  nadia: { jid: at('nadia'), name: 'Nadia', past: nadiaHistory },
  teo: { jid: at('teo'), name: 'Uncle Teo', past: teoHistory },
  rana: { jid: at('rana'), name: 'Rana', past: ranaHistory },
} as const satisfies Record<string, CastMember>;

/** Not a contact yet. */
const NEWCOMER = { jid: at('sol'), name: 'Sol' };

export interface CastOptions {
  readonly router: Router;
  readonly pace: Pace;
  /** Bare JIDs of those who have the cast as contacts. */
  readonly watchers: readonly string[];
  readonly isFirstVisit: boolean;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Puts everybody in their places. */
export function assemble({ router, pace, watchers, isFirstVisit, now }: CastOptions): void {
  const add = (
    { jid, name }: CastMember,
    hue: number,
    how: Pick<CompanionOptions, 'mood' | 'script'>,
  ) => {
    const profile = { name, picture: drawPicture({ hue, sun: (hue % 97) / 97 }) };
    return new Companion({ jid, profile, router, pace, watchers, ...how });
  };
  const newcomer = new Companion({
    ...{ jid: NEWCOMER.jid, router, pace },
    profile: { name: NEWCOMER.name, picture: drawPicture({ hue: 52, sun: 0.5 }) },
    script: createFriendScript(['Hello! So glad to meet you.', 'I am new here myself.']),
  });
  add(CAST.guide, 205, {
    mood: { show: 'chat', status: 'Happy to show you around' },
    script: createGuideScript({
      introduce: (person) => newcomer.voiceFor(person).askToBeAdded(),
      isFirstVisit,
    }),
  });
  add(CAST.echo, 275, { mood: { status: 'I am all ears' }, script: echoScript });
  add(CAST.nadia, 20, {
    mood: { show: 'away', status: 'Practising the waltz' },
    script: createFriendScript([
      'Just putting the accordion down. Sunday at three, I am looking forward to it!',
      'The goose says hello. It has learned that note.',
      'Ha! Tell me all about it when I see you.',
    ]),
  });
  add(CAST.teo, 95, {
    mood: { show: 'xa', status: 'In the garden' },
    script: createFriendScript([
      'I read this with earth on my hands, so I keep it short: yes, and bring a bowl.',
      'The robin agrees with you.',
      'Come by whenever you like. There is always soup.',
    ]),
  });
  add(CAST.rana, 155, {
    mood: { show: 'dnd', status: 'أكتب رسالة شكر' },
    script: createFriendScript([
      'وصلت رسالتك! I answer properly after the cake.',
      'جدتي تقول: تعال بسرعة، the maamoul is still warm.',
      'ههههه، صحيح!',
    ]),
  });
  createHarbour({
    ...{ jid: CAST.harbour.jid, router, pace, watchers, now },
    profile: { name: CAST.harbour.name, picture: drawPicture({ hue: 185, sun: 0.9 }) },
  });
}
