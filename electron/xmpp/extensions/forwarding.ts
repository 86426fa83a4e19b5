/** XEP-0297 Stanza Forwarding: what carbons and archive results carry. Read by `carbons.ts` and `archive.ts`. */
import type { Element } from '@xmpp/xml';
import { delaysOf } from './delay.ts';

const NAMESPACE = 'urn:xmpp:forward:0';

/** A message as somebody else's stanza carried it. */
export interface ForwardedMessage {
  readonly message: Element;
  /** Epoch ms at which the forwarder first had it. */
  readonly at?: number;
}

/** The message inside the `<forwarded/>` of this element; undefined where there is not exactly one. */
export function forwardedIn(wrapper: Element): ForwardedMessage | undefined {
  const [forwarded, ...others] = wrapper.getChildren('forwarded', NAMESPACE);
  if (!forwarded || others.length > 0) return undefined;
  const [message, ...more] = forwarded.getChildren('message');
  if (!message || more.length > 0) return undefined;
  const at = delaysOf(forwarded)[0]?.at;
  return at === undefined ? { message } : { message, at };
}
