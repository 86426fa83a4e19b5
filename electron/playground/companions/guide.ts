/** The companion who shows what Holdfast can do, one thing after the other, or the one that is asked for. */

import type { Script, Voice } from './companion.ts';
import { drawPicture } from './picture.ts';

interface Step {
  /** Asks for this step. */
  readonly word: string;
  readonly show: (voice: Voice) => Promise<void>;
}

export interface GuideOptions {
  /** Has somebody new ask to be added. */
  readonly introduce: (person: string) => void;
  /** Greets nobody who has been here before. */
  readonly isFirstVisit: boolean;
}

/** Receipts take this long, so that one can watch a message become delivered, in ms. */
const RECEIPT_DELAY_MS = 1_200;

export function createGuideScript({ introduce, isFirstVisit }: GuideOptions): Script {
  const steps: readonly Step[] = [
    {
      word: 'delivery',
      async show(voice) {
        await voice.write(
          'Look at the sign beside what you just wrote. First it was on its way, then the server had it, and then my app said that I have it too. I took my time so that you could watch.',
        );
      },
    },
    {
      word: 'typing',
      async show(voice) {
        await voice.write('Watch the top of this chat: now I am typing …');
        voice.showTyping('composing');
        await voice.pause(2_500);
        voice.showTyping('paused');
        await voice.pause(1_500);
        await voice.write('… and there it is. I see the same of you when you write to me.');
      },
    },
    {
      word: 'presence',
      async show(voice) {
        await voice.write('I am going away for a moment. See what it says under my name.');
        voice.setMood({ show: 'away', status: 'Fetching a cup of tea' });
        await voice.pause(3_500);
        voice.setMood({ show: 'dnd', status: 'Drinking a cup of tea' });
        await voice.pause(3_500);
        voice.setMood({ show: 'chat', status: 'Happy to show you around' });
        await voice.write('Back again!');
      },
    },
    {
      word: 'links',
      async show(voice) {
        await voice.write(
          'Addresses can be clicked: https://example.org/a/walk?along=the+water or mailto:someone@example.org or xmpp:echo@playground.alt. There is no network here, so the first one leads out of the playground.',
        );
        await voice.write(
          'All else stays as it was written: <b>this is not bold</b>, & an &amp; is just that.',
        );
      },
    },
    {
      word: 'long',
      async show(voice) {
        await voice.write(LONG_TEXT);
      },
    },
    {
      word: 'languages',
      async show(voice) {
        await voice.write('مرحباً بك! هذه الرسالة تُقرأ من اليمين إلى اليسار.');
        await voice.write('שלום! גם ההודעה הזאת נכתבת מימין לשמאל, עם המילה Holdfast באמצע.');
        await voice.write('Grüße, žluťoučký kůň, Ελληνικά, हिन्दी, 日本語, 👩🏽‍🚀🏳️‍🌈');
        await voice.write('🌊');
      },
    },
    {
      word: 'picture',
      async show(voice) {
        voice.setPicture(drawPicture({ hue: 340, sun: 0.2 }));
        await voice.write('I have changed my picture. It went ahead of this message.');
      },
    },
    {
      word: 'contacts',
      async show(voice) {
        introduce(voice.person);
        await voice.write(
          'Somebody asks to be your contact: look under Contacts. You may accept or decline, and nobody minds.',
        );
      },
    },
    {
      word: 'network',
      async show(voice) {
        await voice.write(
          'Open the connection panel and choose a network for this playground: a slow one, one that cuts every connection, one that holds everything back, or a hotel that wants you to sign in first. Then write to me. Nothing gets lost, and the panel shows you why.',
        );
      },
    },
  ];
  const words = steps.map(({ word }) => word);
  /** By person, the step that comes next. */
  const next = new Map<string, number>();

  return {
    receiptDelayMs: RECEIPT_DELAY_MS,
    async greet(voice) {
      if (!isFirstVisit) return;
      await voice.write(
        'Welcome! I am Marlow, and this is the playground: a small chat server inside Holdfast. Everybody here is made up, and nothing you write leaves this computer.',
      );
      await voice.write(
        'Write me anything and I show you something. Echo says back what you say, the café at the harbour is always busy, and with Nadia, Teo and Rana there is a past to scroll through.',
      );
    },
    async hear(text, voice) {
      const asked = words.findIndex((word) => text.toLowerCase().includes(word));
      const index = asked >= 0 ? asked : (next.get(voice.person) ?? 0);
      const step = steps[index];
      if (!step) {
        next.set(voice.person, 0);
        await voice.write(`That was all I know. Ask me again about: ${words.join(', ')}.`);
        return;
      }
      if (asked < 0) next.set(voice.person, index + 1);
      await step.show(voice);
    },
  };
}

const LONG_TEXT = `This one is long, so that you can see how a long message looks.

Once there was a lighthouse whose light went round so slowly that people on the ships used to say good evening to it, and had time to add how their day had been before it came round again. The keeper was asked many times whether it could not be turned a little faster. He always answered that it could, and always left it as it was.

One night the fog came in, so thick that the gulls walked. Out on the water there was a small boat with two people in it who had lost their way. They saw the light come, and go, and they waited. It came again from the same place, and went again, without any hurry. And one of them said: whoever lights a lamp so patiently will still be there when we arrive. So they stopped being afraid, and rowed.

It took them until the morning. The keeper had put the kettle on.`;
