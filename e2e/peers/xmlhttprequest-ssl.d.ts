/** The part of xmlhttprequest-ssl used here; the package brings no types. */
declare module 'xmlhttprequest-ssl' {
  import type { Agent } from 'node:http';

  export default class XMLHttpRequest {
    constructor(options?: { agent?: Agent; xmlParser?: (text: string) => unknown });
    readonly readyState: number;
    send: (body?: string) => void;
  }
}
