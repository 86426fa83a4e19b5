/** A companion that says back what it hears. */
import type { Script } from './companion.ts';

export const echoScript: Script = {
  async hear(text, voice) {
    await voice.write(text);
  },
};
