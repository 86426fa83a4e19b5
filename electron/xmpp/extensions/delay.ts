/** XEP-0203 Delayed Delivery: when a stanza that was kept somewhere was first sent. Read by `messages.ts`. */
import type { Element } from '@xmpp/xml';
import { address } from './stanza.ts';

const NAMESPACE = 'urn:xmpp:delay';
/** Disco features this brings. */
export const delayFeatures: readonly string[] = [NAMESPACE];

/** A stamp and who put it there. */
export interface Delay {
  /** Epoch ms. */
  readonly at: number;
  readonly by?: string;
}

/** Every readable `<delay/>` directly in this element, in document order. */
export function delaysOf(element: Element): Delay[] {
  return element.getChildren('delay', NAMESPACE).flatMap((delay) => {
    const at = parseDateTime(delay.attrs.stamp);
    const by = address(delay, 'from');
    if (at === undefined) return [];
    return [by === undefined ? { at } : { at, by }];
  });
}

/** Epoch ms of a XEP-0082 DateTime; undefined where it is not one. */
function parseDateTime(text: unknown): number | undefined {
  if (typeof text !== 'string' || text.length > 64) return undefined;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
