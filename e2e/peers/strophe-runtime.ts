/**
 * What Strophe.js expects of a browser and Node lacks: XMLHttpRequest with a parsed `responseXML`. Its Node
 * build brings the DOM globals itself. Called before a peer connects; touches globals, so tests and tools only.
 */
import { subscribe } from 'node:diagnostics_channel';
import { Agent, type ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { DOMParser } from '@xmldom/xmldom';
import NodeXmlHttpRequest from 'xmlhttprequest-ssl';

/** Of the XMLHttpRequest standard: it may be sent. */
const OPENED = 1;

/** Keeps connections, and tells no request that its connection was kept. */
class KeptConnections extends Agent {
  override reuseSocket(socket: Socket, request: ClientRequest): void {
    super.reuseSocket(socket, request);
    // The library would repeat such a request when its connection is reset, and never send it: nothing more is heard.
    request.reusedSocket = false;
  }
}

/** Installs XMLHttpRequest over kept-alive connections, as a browser would use for BOSH, once for all. */
export function installXmlHttpRequest(
  agent: Agent = new KeptConnections({ keepAlive: true, maxSockets: 32 }),
): void {
  if ('XMLHttpRequest' in globalThis) return;
  const xmlParser = (text: string) => new DOMParser().parseFromString(text, 'text/xml');
  class PeerXmlHttpRequest extends NodeXmlHttpRequest {
    constructor() {
      super({ agent, xmlParser });
      const { send } = this;
      // Strophe.js repeats a request after a pause, also one it has called off meanwhile: a page survives that.
      this.send = (body) => {
        if (this.readyState === OPENED) send.call(this, body);
      };
    }
  }
  Object.assign(globalThis, { XMLHttpRequest: PeerXmlHttpRequest });
  // The library throws when the connection of a request ends that it called off; it alone uses `abort`.
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: ClientRequest };
    request.once('abort', () => request.removeAllListeners('error').on('error', () => {}));
  });
}
