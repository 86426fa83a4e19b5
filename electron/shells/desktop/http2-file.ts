/**
 * Whether Chromium is to start without HTTP/2, kept in a small file of its own: the choice is needed before anything
 * else is open. `desktop-shell.ts` reads it, the host changes it.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Http2 } from '../../../shared/http2.ts';
import type { Http2Switch } from '../../host/http2-switch.ts';

const choiceSchema = z.object({ http2: z.boolean() });

export class Http2File implements Http2Switch {
  readonly #file: string;
  readonly #isOff: boolean;
  #willBeOff: boolean;

  constructor(file: string) {
    this.#file = file;
    this.#isOff = isOffIn(file);
    this.#willBeOff = this.#isOff;
  }

  get http2(): Http2 {
    return { isOff: this.#isOff, willBeOff: this.#willBeOff };
  }

  switchOff(willBeOff: boolean): void {
    const written = `${this.#file}.new`;
    writeFileSync(written, JSON.stringify({ http2: !willBeOff }));
    renameSync(written, this.#file);
    this.#willBeOff = willBeOff;
  }
}

/** A file that is not there or not to be read says nothing. */
function isOffIn(file: string): boolean {
  try {
    return !choiceSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).http2;
  } catch {
    return false;
  }
}
