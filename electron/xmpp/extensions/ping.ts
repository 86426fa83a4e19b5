/** XEP-0199 XMPP Ping: answers others, and measures the way to our server and back for the host. */
import xml from '@xmpp/xml';
import type { XmppStream } from '../xmpp-stream.ts';
import { conditionOf } from './stanza-error.ts';

const NAMESPACE = 'urn:xmpp:ping';
/** Disco features this brings. */
export const pingFeatures: readonly string[] = [NAMESPACE];

/** See {@link ping}. */
export interface Ping {
  /**
   * Asks our own server, or somebody else, for a sign of life. A refusal is one too (§4.2).
   * @returns the time to the answer and back, in ms
   * @throws ProblemError `server.no-answer` after `timeoutMs` (default 30,000)
   */
  ask(options?: { readonly to?: string; readonly timeoutMs?: number }): Promise<number>;
}

/** Answers pings from now on. */
export function ping(stream: XmppStream): Ping {
  stream.onRequest('get', NAMESPACE, 'ping', () => undefined);
  return {
    async ask({ to, timeoutMs } = {}) {
      const started = performance.now();
      const iq = xml(
        'iq',
        { type: 'get', to: to ?? stream.domain },
        xml('ping', { xmlns: NAMESPACE }),
      );
      try {
        await stream.request(iq, timeoutMs);
      } catch (error) {
        if (conditionOf(error) === undefined) throw error;
      }
      return performance.now() - started;
    },
  };
}
