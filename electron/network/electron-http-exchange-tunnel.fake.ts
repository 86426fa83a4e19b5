/**
 * The way Chromium goes through an HTTP proxy, for the fake of Electron's `net`: CONNECT, a `login` for each
 * challenge, and Chromium's names for what goes wrong.
 */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { AuthInfo } from 'electron';
import { type Challenge, parseChallenges } from './proxies/challenge.ts';
import { DigestAnswers } from './proxies/digest.ts';

export type Answer = (username?: string, password?: string) => void;

export interface ChromiumTunnelOptions {
  /** Such as `https://127.0.0.1:3128`. */
  readonly proxy: URL;
  /** Host and port of the server. */
  readonly authority: string;
  /** PEM of what is trusted beside the system's, for a proxy that speaks TLS. */
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
  /** Returns whether anybody listens. */
  readonly onLogin: (question: AuthInfo, answer: Answer) => boolean;
  /** What proxies of this session took before. */
  readonly taken: Map<string, string>;
}

/** @throws Error with Chromium's name, such as `net::ERR_TUNNEL_CONNECTION_FAILED`. */
export async function chromiumTunnel(options: ChromiumTunnelOptions): Promise<Socket> {
  const { proxy, authority, taken } = options;
  for (let authorization = taken.get(proxy.origin); ; ) {
    const socket = await reach(options);
    const { statusCode = 0, headers } = await ask(socket, authority, authorization, options.signal);
    if (statusCode >= 200 && statusCode < 300) {
      if (authorization !== undefined) taken.set(proxy.origin, authorization);
      return socket;
    }
    socket.destroy();
    const [challenge] = parseChallenges([headers['proxy-authenticate'] ?? []].flat().join(', '));
    if (statusCode !== 407 || challenge === undefined) throw tunnelFailed();
    authorization = await logIn(challenge, options);
  }
}

async function reach({ proxy, ca, signal }: ChromiumTunnelOptions): Promise<Socket> {
  const address = { host: proxy.hostname, port: Number(proxy.port) };
  const isSecure = proxy.protocol === 'https:';
  const socket = isSecure ? connectTls({ ...address, ca }) : connectTcp(address);
  signal.addEventListener('abort', () => socket.destroy());
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect');
  } catch {
    throw new Error('net::ERR_PROXY_CONNECTION_FAILED');
  }
  return socket;
}

async function ask(
  socket: Socket,
  authority: string,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = httpRequest({
    ...{ method: 'CONNECT', path: authority, createConnection: () => socket, signal },
    headers: {
      Host: authority,
      ...(authorization === undefined ? {} : { 'Proxy-Authorization': authorization }),
    },
  }).end();
  try {
    const [answer] = (await once(request, 'connect')) as [IncomingMessage];
    return answer;
  } catch {
    throw tunnelFailed();
  }
}

async function logIn(challenge: Challenge, options: ChromiumTunnelOptions): Promise<string> {
  const { proxy, authority, onLogin } = options;
  const { realm = '' } = challenge.parameters;
  const { promise, resolve } = Promise.withResolvers<readonly (string | undefined)[]>();
  const { hostname: host, port } = proxy;
  const question = { isProxy: true, scheme: challenge.scheme, host, port: Number(port), realm };
  const isHeard = onLogin(question, (...given) => resolve(given));
  const [username, password = ''] = isHeard ? await promise : [];
  if (username === undefined) throw tunnelFailed();
  return challenge.scheme === 'digest'
    ? new DigestAnswers(challenge).answer('CONNECT', authority, { username, password })
    : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function tunnelFailed(): Error {
  return new Error('net::ERR_TUNNEL_CONNECTION_FAILED');
}
