/** XEP-0092 Software Version: says which client this is; not on which system it runs (§6). */
import xml from '@xmpp/xml';
import type { XmppStream } from '../xmpp-stream.ts';

const NAMESPACE = 'jabber:iq:version';
/** Disco features this brings. */
export const versionFeatures: readonly string[] = [NAMESPACE];

/** Answers with this name and version from now on. */
export function version(stream: XmppStream, software: { name: string; version: string }): void {
  stream.onRequest('get', NAMESPACE, 'query', () =>
    xml(
      'query',
      { xmlns: NAMESPACE },
      xml('name', {}, software.name),
      xml('version', {}, software.version),
    ),
  );
}
