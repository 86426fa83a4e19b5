/**
 * One account's XML console: records while somebody reads and some minutes longer, keeps the last of it, and gives
 * it out without secrets. Whoever stops reading closes it: there is nothing to forget.
 */
import type { XmlEntry } from '../../shared/xml-console.ts';
import type { HttpRequest, HttpResponse } from '../network/http-exchange.ts';
import type { WireTap } from '../network/tapped-exchange.ts';
import { printElement } from '../xmpp/console/print-element.ts';
import { redactElement } from '../xmpp/console/redact-element.ts';
import { type WireElement, wireElements } from '../xmpp/console/wire-elements.ts';

/** It records for this long after it was read, in ms: time to leave it and do what is to be looked at. */
const OPEN_MS = 300_000;
/** How much is kept: this many elements, of this many characters together. */
const MOST_ENTRIES = 1_000;
const MOST_CHARACTERS = 4 * 1024 * 1024;
/** Sessions begin anywhere, so a rid this little below the last was sent before; a window is smaller. */
const NEAR = 100;
/** An element is shown up to this many characters. */
const LONGEST = 16 * 1024;

interface Kept extends Omit<XmlEntry, 'xml'> {
  readonly wire: WireElement;
  readonly size: number;
}

export class XmlConsole implements WireTap {
  readonly #now: () => number;
  readonly #kept: Kept[] = [];
  #characters = 0;
  #number = 0;
  #readAt = Number.NEGATIVE_INFINITY;
  /** The highest rid that this session sent. */
  #lastRid = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#now() - this.#readAt < OPEN_MS;
  }

  /**
   * What was recorded after the element of this number; recording begins, or goes on.
   * @param discreet people's addresses are shortened and what they say is left out
   */
  read(after: number, discreet: boolean): XmlEntry[] {
    if (!this.isOpen) this.#clear();
    this.#readAt = this.#now();
    return this.#kept
      .filter(({ number }) => number > after)
      .map(({ wire, size: _, ...entry }) => ({ ...entry, xml: shown(wire, discreet) }));
  }

  sent({ method, body = '' }: HttpRequest): void {
    if (method !== 'POST') return;
    const rid = ridOf(body);
    const isRepeat = rid !== undefined && rid <= this.#lastRid && rid > this.#lastRid - NEAR;
    if (rid !== undefined && !isRepeat) this.#lastRid = rid;
    this.#record('out', wireElements(body), body.length, {
      ...(rid === undefined ? {} : { rid }),
      ...(isRepeat ? { isRepeat } : {}),
    });
  }

  received({ method, body = '' }: HttpRequest, { status, body: answer }: HttpResponse): void {
    if (method !== 'POST') return;
    const rid = ridOf(body);
    this.#record(
      'in',
      wireElements(answer, status),
      answer.length,
      rid === undefined ? {} : { rid },
    );
  }

  #record(
    direction: XmlEntry['direction'],
    elements: readonly WireElement[],
    length: number,
    more: Pick<XmlEntry, 'rid' | 'isRepeat'>,
  ): void {
    const size = length / Math.max(1, elements.length);
    for (const wire of elements) {
      this.#number += 1;
      const { kind } = wire;
      this.#kept.push({
        number: this.#number,
        at: this.#now(),
        direction,
        kind,
        ...more,
        wire,
        size,
      });
      this.#characters += size;
    }
    while (this.#kept.length > MOST_ENTRIES || this.#characters > MOST_CHARACTERS) {
      this.#characters -= this.#kept.shift()?.size ?? 0;
    }
  }

  #clear(): void {
    this.#kept.length = 0;
    this.#characters = 0;
    this.#lastRid = 0;
  }
}

function shown({ element, text = '' }: WireElement, discreet: boolean): string {
  const xml = element ? printElement(redactElement(element, discreet)) : text;
  if (xml.length <= LONGEST) return xml;
  return `${xml.slice(0, LONGEST)}\n… and ${xml.length - LONGEST} characters more`;
}

function ridOf(body: string): number | undefined {
  const rid = /^<body[^>]* rid='(\d+)'/.exec(body)?.[1];
  return rid === undefined ? undefined : Number(rid);
}
