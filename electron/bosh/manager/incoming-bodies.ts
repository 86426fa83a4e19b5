/**
 * Reads the bodies of requests within bounds: of bytes, of all bytes together, and of time; decompresses what was
 * compressed. Used by the HTTP edge.
 */
import type { IncomingMessage } from 'node:http';
import { gunzip, inflate } from 'node:zlib';
import { charsetOf, decodeText } from './charset.ts';
import type { ManagerLimits } from './limits.ts';
import { TimerWheel, type WheelEntry } from './timer-wheel.ts';

export type BodyOutcome =
  | { readonly text: string }
  /** Why not, in English; `busy`: too much is on its way in at the moment. */
  | { readonly refused: string };

type Limits = Pick<ManagerLimits, 'bodyBytes' | 'bodySeconds' | 'incomingBytes'>;

export class IncomingBodies {
  readonly #limits: Limits;
  readonly #wheel: TimerWheel<Reading>;
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#wheel = new TimerWheel(now, (reading) => reading.settle({ refused: 'too slow' }));
  }

  /** Calls back once, unless the connection breaks first. */
  read(request: IncomingMessage, done: (outcome: BodyOutcome) => void): void {
    const { bodyBytes, bodySeconds, incomingBytes } = this.#limits;
    if (Number(request.headers['content-length'] ?? 0) > bodyBytes) {
      done({ refused: `longer than ${bodyBytes} bytes` });
      return;
    }
    const reading = new Reading((outcome) => {
      this.#wheel.remove(reading);
      this.#bytes -= reading.bytes;
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      reading.chunks.length = 0;
      if (outcome) done(outcome);
    });
    const onData = (chunk: Buffer): void => {
      reading.chunks.push(chunk);
      reading.bytes += chunk.length;
      this.#bytes += chunk.length;
      if (reading.bytes > bodyBytes) reading.settle({ refused: `longer than ${bodyBytes} bytes` });
      else if (this.#bytes > incomingBytes) reading.settle({ refused: 'busy' });
    };
    const onEnd = (): void => {
      const [first] = reading.chunks;
      const bytes = reading.chunks.length === 1 && first ? first : Buffer.concat(reading.chunks);
      const { 'content-encoding': coding = 'identity', 'content-type': type } = request.headers;
      if (coding === 'identity') {
        reading.settle(textOf(bytes, type));
        return;
      }
      decompress(coding, bytes, bodyBytes, (plain) =>
        reading.settle(typeof plain === 'string' ? { refused: plain } : textOf(plain, type)),
      );
    };
    // It closes in good order too, once it is complete.
    const onClose = (): void => {
      if (!request.complete) reading.settle(undefined);
    };
    request.on('data', onData).on('end', onEnd).on('close', onClose);
    request.on('error', ignore);
    this.#wheel.set(reading, now() + bodySeconds * 1000);
  }
}

/** One body on its way. */
class Reading implements WheelEntry {
  readonly chunks: Buffer[] = [];
  bytes = 0;
  dueAt = 0;
  tick = 0;
  next: WheelEntry | undefined = undefined;
  previous: WheelEntry | undefined = undefined;
  #done: ((outcome: BodyOutcome | undefined) => void) | undefined;

  constructor(done: (outcome: BodyOutcome | undefined) => void) {
    this.#done = done;
  }

  /** Once; undefined: nobody waits for an answer any more. */
  settle(outcome: BodyOutcome | undefined): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(outcome);
  }
}

function textOf(bytes: Buffer, contentType: string | undefined): BodyOutcome {
  try {
    return { text: decodeText(bytes, contentType) };
  } catch {
    return { refused: `no ${charsetOf(contentType)}` };
  }
}

/** The codings that the manager says it accepts (XEP-0124 §7.2). */
const DECODERS = new Map([
  ['gzip', gunzip],
  ['deflate', inflate],
]);

/** Never more than `most` bytes come of it; a text says why none do. */
function decompress(
  coding: string,
  bytes: Buffer,
  most: number,
  done: (plain: Buffer | string) => void,
): void {
  const decode = DECODERS.get(coding.toLowerCase());
  if (!decode) {
    done(`content coding ${coding.slice(0, 40)}`);
    return;
  }
  decode(bytes, { maxOutputLength: most }, (error, plain) =>
    done(error ? `${coding}: ${error.message}` : plain),
  );
}

/** An error of the connection shows as its close. */
function ignore(): void {}

function now(): number {
  return performance.now();
}
