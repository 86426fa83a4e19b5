/**
 * The Node adapter of the HTTP port through real proxies to real connection managers, by a name that only the
 * proxies can resolve.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpExchange } from '../../electron/network/http-exchange.ts';
import { createNodeHttpExchange } from '../../electron/network/node-http-exchange.ts';
import { RouteFinder } from '../../electron/network/proxies/route-finder.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import type { ProxyQuestion, ProxyScheme } from '../../shared/proxy.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { startMicrosocks } from './programs/microsocks.ts';
import { startMitmproxy } from './programs/mitmproxy.ts';
import { HOST, type Program } from './programs/program.ts';
import { startSquid } from './programs/squid.ts';
import { PROXY_REALM, startSquidWith } from './programs/squid-authentication.ts';
import { startTinyproxy } from './programs/tinyproxy.ts';

const visitor = { name: 'visitor', password: 'open-sesame' };
const credentials = { username: visitor.name, password: visitor.password };

let servers: readonly XmppServer[];
let program: Program | undefined;
let http: HttpExchange | undefined;

beforeAll(async () => {
  servers = await Promise.all([startProsody(), startEjabberd()]);
});
afterEach(async () => {
  await http?.close();
  await program?.stop();
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

interface Way {
  readonly scheme?: ProxyScheme;
  readonly knows?: typeof credentials;
  readonly trusts?: string;
}

/** Asks every server for a session on both lanes; the answers' beginnings, or what went wrong. */
async function sessions(
  proxy: Program,
  { scheme = 'http', knows, trusts }: Way = {},
): Promise<{ answers: (string | Problem)[]; asked: Partial<ProxyQuestion>[] }> {
  const asked: Partial<ProxyQuestion>[] = [];
  const exchange = createNodeHttpExchange({
    ca: [
      ...servers.map(({ certificate }) => readFileSync(certificate, 'utf8')),
      ...(trusts === undefined ? [] : [readFileSync(trusts, 'utf8')]),
    ],
    proxies: {
      finder: new RouteFinder({ createHttp: createNodeHttpExchange }),
      keys: { find: async () => knows, ask: (question) => void asked.push(question) },
      setting: () => ({ mode: 'manual', proxy: { scheme, host: HOST, port: proxy.port } }),
    },
  });
  http = exchange;
  const answers = await Promise.all(
    servers.flatMap(({ boshUrlOutside, domain }) =>
      [0, 1].map(async (lane) => {
        const body = `<body xmlns="http://jabber.org/protocol/httpbind" rid="1000" wait="5" hold="1" ver="1.6" to="${domain}" xml:lang="en" xmpp:version="1.0" xmlns:xmpp="urn:xmpp:xbosh"/>`;
        try {
          const answer = await exchange.send({
            ...{ method: 'POST', url: boshUrlOutside, lane, body },
            ...{ timeoutMs: 20_000, maxBytes: 100_000 },
          });
          return /<body[^>]* sid=/.test(answer.body) ? 'a session' : answer.body;
        } catch (error) {
          return problemOf(error);
        }
      }),
    ),
  );
  return { answers, asked };
}

const everySession = Array(4).fill('a session');

describe('connection managers are reached through', () => {
  it.each([
    ['squid', () => startSquid(() => 'http_access allow all'), {}],
    ['squid that asks for Basic', () => startSquidWith('basic', visitor), { knows: credentials }],
    ['squid that asks for Digest', () => startSquidWith('digest', visitor), { knows: credentials }],
    ['tinyproxy', () => startTinyproxy(), {}],
    [
      'tinyproxy that asks for Basic',
      () => startTinyproxy(`BasicAuth ${visitor.name} ${visitor.password}`),
      { knows: credentials },
    ],
    ['a SOCKS5 proxy', () => startMicrosocks(), { scheme: 'socks5' }],
    [
      'a SOCKS5 proxy that asks',
      () => startMicrosocks(visitor),
      { scheme: 'socks5', knows: credentials },
    ],
  ] satisfies [string, () => Promise<Program>, Way][])('%s', async (_name, start, way) => {
    program = await start();
    expect(await sessions(program, way)).toEqual({ answers: everySession, asked: [] });
  });

  it('squid over TLS', async () => {
    const [server] = servers;
    // The server's own serves for 127.0.0.1 too.
    const { folder, certificate } = server as XmppServer;
    const text = (file: string) => readFileSync(file, 'utf8');
    program = await startSquid(
      () => 'http_access allow all',
      { 'own.crt': text(certificate), 'own.key': text(join(folder, 'localhost.key')) },
      (place) =>
        `https_port ${HOST}:${place.port} tls-cert=${place.folder}/own.crt tls-key=${place.folder}/own.key`,
    );
    expect(await sessions(program, { scheme: 'https' })).toEqual({
      answers: everySession,
      asked: [],
    });
  });

  it('a proxy that inspects TLS, once its CA is trusted', async () => {
    const [server] = servers;
    const inspecting = await startMitmproxy(server?.certificate ?? '');
    program = inspecting;
    const { answers } = await sessions(inspecting);
    expect(answers[0]).toMatchObject({ code: 'network.certificate-unknown-issuer' });
    await http?.close();
    const trusting = await sessions(inspecting, { trusts: inspecting.ca });
    expect(trusting.answers.slice(0, 2)).toEqual(everySession.slice(0, 2));
  });
});

describe('it is said that it was the proxy', () => {
  const wrong = { ...credentials, password: 'wrong' };
  it.each([
    ['that asks for Basic', () => startSquidWith('basic', visitor), {}, 'network.proxy-auth'],
    [
      'that refuses credentials',
      () => startSquidWith('digest', visitor),
      { knows: wrong },
      'network.proxy-auth',
    ],
    [
      'that asks for NTLM',
      () => startSquidWith('ntlm', visitor),
      { knows: credentials },
      'network.proxy-auth-unsupported',
    ],
    [
      'that is SOCKS5 and asks',
      () => startMicrosocks(visitor),
      { scheme: 'socks5' },
      'network.proxy-auth',
    ],
    [
      'that is SOCKS5 and refuses credentials',
      () => startMicrosocks(visitor),
      { scheme: 'socks5', knows: wrong },
      'network.proxy-auth',
    ],
    [
      'that denies CONNECT',
      () => startSquid(() => 'acl tunnel method CONNECT\nhttp_access deny tunnel'),
      {},
      'network.proxy-refused',
    ],
    [
      'that cannot reach the server',
      () => startSquid(({ folder }) => `http_access allow all\nhosts_file ${folder}/none`),
      {},
      'network.proxy-gateway',
    ],
    [
      'that refuses credentials with 401',
      () => startTinyproxy(`BasicAuth ${visitor.name} ${visitor.password}`),
      { knows: wrong },
      'network.proxy-auth',
    ],
    ['that is SOCKS5, taken for HTTP', () => startMicrosocks(), {}, 'network.proxy-answer'],
  ] satisfies [string, () => Promise<Program>, Way, string][])(
    '%s',
    async (_name, start, way, code) => {
      program = await start();
      const { answers, asked } = await sessions(program, way);
      expect(answers).toEqual(
        Array(4).fill(
          expect.objectContaining({
            code,
            source: 'network',
            detail: expect.stringContaining(`${HOST}:${program.port}`),
          }),
        ),
      );
      expect(asked).toHaveLength(code === 'network.proxy-auth' ? 4 : 0);
      for (const { realm } of asked) expect([PROXY_REALM, 'Tinyproxy', undefined]).toContain(realm);
    },
  );
});
