/**
 * What Strophe.js expects of a browser and Node lacks: XMLHttpRequest with a parsed `responseXML`. Its Node
 * build brings the DOM globals itself. Called before a peer connects; touches globals, so tests and tools only.
 */
import { subscribe } from 'node:diagnostics_channel';
import { Agent, type ClientRequest } from 'node:http';
import { DOMParser } from '@xmldom/xmldom';
import NodeXmlHttpRequest from 'xmlhttprequest-ssl';

/** Installs XMLHttpRequest over kept-alive connections, as a browser would use for BOSH, once for all. */
export function installXmlHttpRequest(
  agent = new Agent({ keepAlive: true, maxSockets: 32 }),
): void {
  if ('XMLHttpRequest' in globalThis) return;
  const xmlParser = (text: string) => new DOMParser().parseFromString(text, 'text/xml');
  class PeerXmlHttpRequest extends NodeXmlHttpRequest {
    constructor() {
      super({ agent, xmlParser });
    }
  }
  Object.assign(globalThis, { XMLHttpRequest: PeerXmlHttpRequest });
  // The library throws when the connection of a request ends that it called off; it alone uses `abort`.
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: ClientRequest };
    request.once('abort', () => request.removeAllListeners('error').on('error', () => {}));
  });
}
