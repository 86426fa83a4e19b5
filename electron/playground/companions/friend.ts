/** A companion with a past: answers in a few words of its own, and means the rest. */
import type { Script } from './companion.ts';

/** @param answers said in turn, from the first on again after the last */
export function createFriendScript(answers: readonly string[]): Script {
  let next = 0;
  return {
    async hear(_text, voice) {
      const answer = answers[next % answers.length] ?? '';
      next += 1;
      await voice.pause(700);
      await voice.write(answer);
    },
  };
}
