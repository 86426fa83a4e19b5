import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startProsody } from '../../servers/prosody.ts';
import type { XmppServer } from '../../servers/xmpp-server.ts';
import { startHaproxy } from './haproxy.ts';
import { startMicrosocks } from './microsocks.ts';
import { startMitmproxy } from './mitmproxy.ts';
import { OUTSIDE_NAME } from './names.ts';
import { startNginx } from './nginx.ts';
import { HOST, type Program } from './program.ts';
import { startSquid } from './squid.ts';
import { PROXY_REALM, startSquidWith } from './squid-authentication.ts';
import { startTinyproxy } from './tinyproxy.ts';

const COMPANY = { name: 'clerk', password: 'open sesame' };

let server: XmppServer;
let program: Program | undefined;

beforeAll(async () => {
  server = await startProsody();
});
afterEach(() => program?.stop());
afterAll(() => server.stop());

const authority = () => `${OUTSIDE_NAME}:${new URL(server.boshUrlTls).port}`;

/** Asks a proxy for a tunnel; its answer's status, and the tunnel. */
async function tunnel(
  port: number,
  headers: OutgoingHttpHeaders = {},
): Promise<{ status: number; asks: string; socket: Socket }> {
  const asked = request({ host: HOST, port, method: 'CONNECT', path: authority(), headers });
  asked.end();
  const [answer, socket] = await once(asked, 'connect');
  return {
    status: answer.statusCode,
    asks: answer.headers['proxy-authenticate'] ?? '',
    socket,
  };
}

describe('a forward proxy', () => {
  it.each([
    ['squid', () => startSquid(() => 'http_access allow all')],
    ['tinyproxy', () => startTinyproxy()],
  ])('%s opens a tunnel to a name that only it can resolve', async (_name, start) => {
    program = await start();
    const { status, socket } = await tunnel(program.port);
    socket.destroy();
    expect(status).toBe(200);
  });

  it('microsocks does so by SOCKS5', async () => {
    program = await startMicrosocks();
    const socket = connect(program.port, HOST);
    const answer = async () => Buffer.from((await once(socket, 'data'))[0]);
    socket.write(Buffer.of(5, 1, 0));
    expect([...(await answer())]).toEqual([5, 0]);
    const name = Buffer.from(OUTSIDE_NAME);
    const port = Number(new URL(server.boshUrlTls).port);
    socket.write(
      Buffer.concat([Buffer.of(5, 1, 0, 3, name.length), name, Buffer.of(port >> 8, port & 255)]),
    );
    expect([...(await answer()).subarray(0, 2)]).toEqual([5, 0]);
    socket.destroy();
  });

  it.each([
    ['basic', `Basic realm="${PROXY_REALM}"`],
    ['digest', `Digest realm="${PROXY_REALM}"`],
    ['ntlm', 'NTLM'],
  ] as const)('squid asks for %s credentials', async (scheme, challenge) => {
    program = await startSquidWith(scheme, COMPANY);
    const { status, asks, socket } = await tunnel(program.port);
    socket.destroy();
    expect({ status, asks: asks.slice(0, challenge.length) }).toEqual({
      status: 407,
      asks: challenge,
    });
  });

  it('squid lets those in whose name and password it knows', async () => {
    program = await startSquidWith('basic', COMPANY);
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const statuses: number[] = [];
    for (const text of [`${COMPANY.name}:wrong`, `${COMPANY.name}:${COMPANY.password}`]) {
      const { status, socket } = await tunnel(program.port, { 'proxy-authorization': basic(text) });
      socket.destroy();
      statuses.push(status);
    }
    expect(statuses).toEqual([407, 200]);
  });

  it('mitmproxy shows a certificate of its own CA in a tunnel', async () => {
    const inspecting = await startMitmproxy(server.certificate);
    program = inspecting;
    const { socket } = await tunnel(inspecting.port);
    const secure = connectTls({
      ...{ socket, servername: OUTSIDE_NAME, ca: readFileSync(inspecting.ca) },
    });
    await once(secure, 'secureConnect');
    const { issuer }: PeerCertificate = secure.getPeerCertificate();
    secure.destroy();
    expect(issuer.O).toBe('mitmproxy');
  });
});

describe('a reverse proxy', () => {
  it.each([
    [
      'nginx',
      () => startNginx(server.boshUrl, { server: 'location / { proxy_pass http://manager; }' }),
    ],
    ['haproxy', () => startHaproxy(server.boshUrl, {})],
  ])('%s passes on what the connection manager answers', async (_name, start) => {
    program = await start();
    const answer = await fetch(`http://${HOST}:${program.port}/http-bind`);
    expect(await answer.text()).toContain('Prosody');
  });
});

it('a program that cannot start says why and leaves nothing behind', async () => {
  const failed = startSquid(() => 'no_such_directive_at_all\nhttp_port nonsense');
  await expect(failed).rejects.toThrow(/squid/u);
});

it('a program that is stopped takes its folder along', async () => {
  const started = await startTinyproxy();
  await started.stop();
  expect(existsSync(started.folder)).toBe(false);
});
