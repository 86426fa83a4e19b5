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
  /**
   * `too-long`: the rest is read and thrown away for a while, so that the client gets to see the answer;
   * `too-slow`: it did not come in time; `busy`: too much is on its way in at the moment.
   */
  | { readonly refused: 'too-long' | 'too-slow' | 'busy' | 'unreadable'; readonly detail: string };

type Limits = Pick<ManagerLimits, 'bodyBytes' | 'bodySeconds' | 'incomingBytes'>;

/** So many times the longest body is thrown away after one that is too long; then the connection is cut. */
const THROWN_AWAY = 16;

export class IncomingBodies {
  readonly #limits: Limits;
  readonly #wheel = new TimerWheel<IncomingBody>(now, (body) => body.timeIsUp());
  readonly #bodies = new Set<IncomingBody>();
  /** Of all bodies on their way. */
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Calls back once, unless the connection breaks first. */
  read(request: IncomingMessage, done: (outcome: BodyOutcome) => void): void {
    const body = new IncomingBody(request, this.#limits, {
      done,
      count: (bytes) => {
        this.#bytes += bytes;
        if (this.#bytes > this.#limits.incomingBytes) this.#giveUpLongest();
      },
      over: () => {
        this.#wheel.remove(body);
        this.#bodies.delete(body);
      },
    });
    this.#bodies.add(body);
    this.#wheel.set(body, now() + this.#limits.bodySeconds * 1000);
    body.start();
  }

  /** Whoever sends most makes room for the others. */
  #giveUpLongest(): void {
    let longest: IncomingBody | undefined;
    for (const body of this.#bodies) if (body.bytes > (longest?.bytes ?? 0)) longest = body;
    longest?.giveUp();
  }
}

interface Owner {
  done(outcome: BodyOutcome): void;
  /** Counts bytes that came, or negative ones that are let go. */
  count(bytes: number): void;
  /** It needs its time no more. */
  over(): void;
}

/** One body on its way. */
class IncomingBody implements WheelEntry {
  dueAt = 0;
  tick = 0;
  next: WheelEntry | undefined = undefined;
  previous: WheelEntry | undefined = undefined;
  readonly #request: IncomingMessage;
  readonly #limits: Limits;
  readonly #owner: Owner;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Of them, told to the owner. */
  #counted = 0;
  #isRefused = false;

  constructor(request: IncomingMessage, limits: Limits, owner: Owner) {
    this.#request = request;
    this.#limits = limits;
    this.#owner = owner;
  }

  start(): void {
    const request = this.#request;
    request.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose);
    request.on('error', ignore);
    if (Number(request.headers['content-length'] ?? 0) > this.#limits.bodyBytes) this.#refuseLong();
  }

  /** That are kept of it. */
  get bytes(): number {
    return this.#isRefused ? 0 : this.#bytes;
  }

  giveUp(): void {
    this.#stop();
    this.#owner.done({ refused: 'busy', detail: 'too many bytes on their way in' });
  }

  timeIsUp(): void {
    if (this.#isRefused) {
      this.#request.destroy();
      return;
    }
    this.#stop();
    this.#owner.done({ refused: 'too-slow', detail: `${this.#bytes} bytes in time` });
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
    if (this.#isRefused) {
      if (this.#bytes > THROWN_AWAY * this.#limits.bodyBytes) this.#request.destroy();
      return;
    }
    this.#chunks.push(chunk);
    if (this.#bytes > this.#limits.bodyBytes) this.#refuseLong();
    else this.#count(chunk.length);
  };

  readonly #onEnd = (): void => {
    const chunks = this.#chunks;
    this.#stop();
    if (this.#isRefused) return;
    const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    const { 'content-encoding': coding = 'identity', 'content-type': type } = this.#request.headers;
    if (coding === 'identity') {
      this.#owner.done(textOf(bytes, type));
      return;
    }
    decompress(coding, bytes, this.#limits.bodyBytes, (plain) =>
      this.#owner.done(
        typeof plain === 'string' ? { refused: 'unreadable', detail: plain } : textOf(plain, type),
      ),
    );
  };

  /** It closes in good order too, once it is complete. */
  readonly #onClose = (): void => this.#stop();

  #refuseLong(): void {
    this.#letGo();
    this.#isRefused = true;
    const detail = `longer than ${this.#limits.bodyBytes} bytes`;
    this.#owner.done({ refused: 'too-long', detail });
  }

  #stop(): void {
    const request = this.#request;
    request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
    this.#owner.over();
    this.#letGo();
  }

  #count(bytes: number): void {
    this.#counted += bytes;
    this.#owner.count(bytes);
  }

  #letGo(): void {
    const counted = this.#counted;
    this.#counted = 0;
    this.#chunks = [];
    if (counted > 0) this.#owner.count(-counted);
  }
}

function textOf(bytes: Buffer, contentType: string | undefined): BodyOutcome {
  try {
    return { text: decodeText(bytes, contentType) };
  } catch {
    return { refused: 'unreadable', detail: `no ${charsetOf(contentType)}` };
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
