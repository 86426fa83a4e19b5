/** The regulars of a room: they talk among themselves, scene by scene, and answer whoever joins in. */
import type { Pace } from '../companions/pace.ts';
import { readScenes, type SpokenLine } from '../texts/script-text.ts';
import type { Room } from './room.ts';

/** Before the first line of a scene, and between two scenes while somebody listens, in ms. */
const FIRST_LINE_MS = 3_000;
const BETWEEN_SCENES_MS = 90_000;
/** Before each line, and longer before a long one, in ms. */
const LINE_MS = 900;
const MS_PER_CHARACTER = 35;
/** Before somebody is answered, in ms. */
const ANSWER_MS = 1_200;

export interface CrowdOptions {
  readonly room: Room;
  readonly pace: Pace;
  /** What they talk about, and what they say to somebody who joins in. */
  readonly scenes: string;
  readonly answers: string;
  readonly isAnyoneThere: () => boolean;
}

export class Crowd {
  readonly #options: CrowdOptions;
  readonly #scenes: readonly (readonly SpokenLine[])[];
  readonly #answers: readonly SpokenLine[];
  #nextScene = 0;
  #nextAnswer = 0;
  #isTalking = false;

  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#scenes = readScenes(options.scenes).map(({ lines }) => lines);
    this.#answers = readScenes(options.answers).flatMap(({ lines }) => lines);
    options.room.onTalk(({ isRegular }) => {
      if (!isRegular) void this.#answer();
    });
  }

  /** Talks for as long as somebody listens and there is something to talk about. */
  async talk(): Promise<void> {
    const { pace, isAnyoneThere } = this.#options;
    if (this.#isTalking) return;
    this.#isTalking = true;
    await pace.pause(FIRST_LINE_MS);
    while (isAnyoneThere()) {
      const scene = this.#scenes[this.#nextScene];
      if (!scene) break;
      this.#nextScene += 1;
      for (const line of scene) {
        await pace.pause(LINE_MS + line.text.length * MS_PER_CHARACTER);
        this.#say(line);
      }
      await pace.pause(BETWEEN_SCENES_MS);
    }
    this.#isTalking = false;
  }

  async #answer(): Promise<void> {
    const line = this.#answers[this.#nextAnswer % this.#answers.length];
    this.#nextAnswer += 1;
    await this.#options.pace.pause(ANSWER_MS);
    if (line) this.#say(line);
    await this.talk();
  }

  #say({ speaker, text }: SpokenLine): void {
    this.#options.room.say(speaker, text);
  }
}
