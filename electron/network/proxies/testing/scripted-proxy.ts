/**
 * An HTTP proxy on loopback that does what a test tells it: asks, refuses, closes, speaks an old version. It
 * resolves every name to this computer. The contract of the HTTP adapters and the tests beside it use it.
 */
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { ProxyAddress } from '../../../../shared/proxy.ts';
import type { Certificate } from '../../throwaway-certificates.ts';
import { parseChallenges } from '../challenge.ts';
import type { ProxyCredentials } from '../route.ts';

export const proxyRealm = 'Company network';

export interface ScriptedProxyOptions {
  readonly certificate?: Certificate;
  readonly asks?: 'basic' | 'digest' | 'ntlm';
  readonly credentials?: ProxyCredentials;
  /** What it says instead of opening a tunnel: a status line's end such as `403 Forbidden`. */
  readonly says?: string;
  /** Sent instead of HTTP. */
  readonly babbles?: string;
  /** Takes the request and never answers. */
  readonly isSilent?: boolean;
  /** Closes without an answer. */
  readonly hangsUp?: boolean;
  readonly version?: '1.0' | '1.1';
  /** A nonce is good for this many requests (RFC 7616 §3.3 `stale`). */
  readonly nonceUses?: number;
}

/** A CONNECT as it arrived. */
export interface TunnelRequest {
  readonly authority: string;
  readonly authorization: string | undefined;
}

export class ScriptedProxy extends EventEmitter<{ asked: [TunnelRequest]; closed: [] }> {
  readonly requests: TunnelRequest[] = [];
  /** Changed by tests between requests. */
  options: ScriptedProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #nonces = 0;
  #nonceUses = 0;

  private constructor(options: ScriptedProxyOptions) {
    super();
    this.options = options;
    this.#server =
      options.certificate === undefined ? createServer() : createTlsServer(options.certificate);
    this.#server.on('connect', (request, socket: Socket, head) => {
      this.#track(socket);
      this.#asked(request, socket, head);
    });
  }

  static async start(options: ScriptedProxyOptions = {}): Promise<ScriptedProxy> {
    const proxy = new ScriptedProxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get address(): ProxyAddress {
    const { port } = this.#server.address() as AddressInfo;
    return {
      scheme: this.options.certificate === undefined ? 'http' : 'https',
      host: '127.0.0.1',
      port,
    };
  }

  /** Tunnels that are open now. */
  get tunnels(): number {
    return this.#sockets.size / 2;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.emit('closed');
    });
  }

  #asked({ url = '', headers, method = '' }: IncomingMessage, socket: Socket, head: Buffer): void {
    const { 'proxy-authorization': authorization } = headers;
    const request = { authority: url, authorization };
    this.requests.push(request);
    const { says, babbles, isSilent, hangsUp, version = '1.1', asks } = this.options;
    if (hangsUp) socket.end();
    else if (babbles !== undefined) socket.end(babbles);
    else if (isSilent) socket.on('end', () => socket.end()).resume();
    else if (says !== undefined) this.#refuse(socket, says);
    else if (asks !== undefined && !this.#isKnown(method, authorization)) {
      this.#refuse(socket, '407 Proxy Authentication Required', this.#challenge(authorization));
    } else {
      const { port } = new URL(`https://${url}`);
      const server = connect(Number(port || 443), '127.0.0.1');
      this.#track(server);
      socket.write(`HTTP/${version} 200 Connection established\r\n\r\n`);
      server.write(head);
      socket.pipe(server).pipe(socket);
      socket.on('close', () => server.destroy());
      server.on('close', () => socket.destroy());
    }
    this.emit('asked', request);
  }

  #refuse(socket: Socket, status: string, challenge?: string): void {
    const { version = '1.1' } = this.options;
    const page = '<html><title>No</title></html>';
    const head = [
      `HTTP/${version} ${status}`,
      ...(challenge === undefined ? [] : [`Proxy-Authenticate: ${challenge}`]),
      ...['Content-Type: text/html', `Content-Length: ${page.length}`, 'Connection: close'],
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${page}`);
  }

  #challenge(authorization: string | undefined): string {
    const { asks } = this.options;
    if (asks === 'ntlm') return 'Negotiate, NTLM';
    if (asks === 'basic') return `Basic realm="${proxyRealm}"`;
    const nonce = `nonce-${this.#nonces}`;
    const stale = authorization !== undefined && !authorization.includes(`"${nonce}"`);
    // Basic as well, so that a client has to choose.
    return `Digest realm="${proxyRealm}", nonce="${nonce}", qop="auth", algorithm=SHA-256${
      stale ? ', stale=true' : ''
    }, Basic realm="${proxyRealm}"`;
  }

  #isKnown(method: string, authorization: string | undefined): boolean {
    if (authorization === undefined) return false;
    const { asks, credentials } = this.options;
    const { username, password } = credentials ?? { username: 'me', password: 'secret' };
    if (asks !== 'digest') {
      return authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    }
    const parameters = parseChallenges(authorization)[0]?.parameters ?? {};
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const { nonce = '', nc, cnonce, qop, uri = '', response } = parameters;
    if (nonce !== `nonce-${this.#nonces}`) return false;
    const expected = hash(
      [
        hash(`${username}:${proxyRealm}:${password}`),
        ...[nonce, nc, cnonce, qop],
        hash(`${method}:${uri}`),
      ].join(':'),
    );
    if (response !== expected) return false;
    this.#nonceUses += 1;
    if (this.#nonceUses <= (this.options.nonceUses ?? Number.POSITIVE_INFINITY)) return true;
    this.#nonces += 1;
    this.#nonceUses = 0;
    return false;
  }
}
