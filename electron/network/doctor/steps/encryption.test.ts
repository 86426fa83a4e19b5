import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PeerTrust } from '../../certificates/peer-trust.ts';
import { RootStore } from '../../certificates/root-store.ts';
import { type TrustSettings, usualTrust } from '../../certificates/trust-settings.ts';
import { FaultyServer } from '../../faulty-server.ts';
import type { HttpExchange } from '../../http-exchange.ts';
import { createNodeHttpExchange } from '../../node-http-exchange.ts';
import { createAuthority, type ThrowawayAuthority } from '../../throwaway-certificates.ts';
import { networkPath } from '../network-path.ts';
import type { Readings } from '../readings.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { startTrialProxy } from '../testing/trial-proxy.ts';
import { encryption } from './encryption.ts';

let authority: ThrowawayAuthority;
let http: HttpExchange;
const undo: (() => Promise<unknown>)[] = [];

const names = ['DNS:localhost'];
const day = 24 * 60 * 60_000;
const inDays = (days: number) => new Date(Date.now() + days * day);

beforeAll(async () => {
  authority = await createAuthority(
    ['DNS:localhost', 'IP:127.0.0.1'],
    ['DNS:other.example'],
    { names, from: inDays(-2), to: inDays(-1) },
    { names, from: inDays(1), to: inDays(2) },
  );
  http = createNodeHttpExchange({ ca: authority.ca });
});
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});
afterAll(() => http.close());

/** The address of an HTTPS server with one of the authority's certificates. */
async function serve(certificate: number, path = '/good'): Promise<string> {
  const server = await FaultyServer.start(authority.certificates[certificate]);
  undo.push(() => server.close());
  return server.url(path, 'localhost');
}

/** The address of one that tells this date. */
async function serveAt(certificate: number, date: Date): Promise<string> {
  const server = createSecureServer({ ...authority.certificates[certificate] }, (_, answer) =>
    answer.writeHead(200, { date: date.toUTCString() }).end(),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });
  return `https://localhost:${(server.address() as AddressInfo).port}/`;
}

/** The address of something that does this to whoever connects. */
async function listen(take: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    take(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(() => {
    for (const socket of sockets) socket.destroy();
    return once(server.close(), 'close');
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const added = (): Partial<TrustSettings> => ({ authorities: () => [authority.ca] });

const direct: Readings = {
  'proxy-settings': { route: 'direct' },
  connection: { to: 'server', address: 'x' },
};

function examine(url: string, trusted: Partial<TrustSettings> = {}, readings = direct) {
  const trust = new PeerTrust({ ...usualTrust, ...trusted }, new RootStore());
  const path = networkPath({ http, trust });
  return encryption.examine(trialExamination(url, http, { path, readings }));
}

describe('encryption', () => {
  it('is good, and says so where the root was added by the person', async () => {
    const outcome = await examine(await serve(0), added());
    expect(outcome).toMatchObject({
      state: 'limited',
      result:
        'The connection is encrypted. Its certificate comes from “authority”, which was added to Holdfast.',
      reading: {
        protocol: 'TLSv1.3',
        certificate: { trust: 'added', names: ['localhost', '127.0.0.1'] },
      },
    });
    expect(outcome.facts).toContainEqual({ name: 'Chain', value: 'leaf ← authority' });
  });

  it('is not to be trusted where nobody here knows the issuer', async () => {
    expect(await examine(await serve(0))).toMatchObject({
      state: 'bad',
      result: 'The certificate was issued by “authority”, which this computer does not trust.',
      reading: { problem: { code: 'network.certificate-unknown-issuer' } },
    });
  });

  it('is not to be trusted where the certificate is another’s', async () => {
    expect(await examine(await serve(1), added())).toMatchObject({
      state: 'bad',
      result: 'The certificate is for other.example, not for localhost.',
      reading: { problem: { code: 'network.certificate-other-name' } },
    });
  });

  it('is what the account makes an exception for, and says so', async () => {
    const [{ cert = '' } = {}] = authority.certificates;
    const { fingerprint256: fingerprint } = new X509Certificate(cert);
    const certificate = { subject: '', issuer: '', validFrom: '', validTo: '', fingerprint };
    const exceptions = () => [{ host: 'localhost', certificate }];
    expect(await examine(await serve(0), { exceptions })).toMatchObject({
      state: 'limited',
      result: expect.stringContaining('makes an exception for it'),
      reading: { certificate: { trust: 'exception', names: ['localhost', '127.0.0.1'] } },
    });
  });

  it.each([
    ['that ran out', 2, 'expired'],
    ['that is not yet good', 3, 'not-yet-valid'],
  ] as const)(
    'asks the server for its date where it shows a certificate %s',
    async (_, shown, fault) => {
      const { reading, facts } = await examine(await serve(shown), added());
      expect(reading).toMatchObject({
        problem: { code: `network.certificate-${fault}` },
        byServerClock: { isInDate: false },
      });
      // Dates in HTTP have no fractions of seconds.
      expect(Math.abs(reading.byServerClock?.aheadMs ?? Infinity)).toBeLessThan(60_000);
      expect(facts).toContainEqual({ name: 'Date at the server', value: expect.any(String) });
    },
  );

  it('tells that the certificate is good by the clock of the server', async () => {
    const { reading } = await examine(await serveAt(3, inDays(1.5)), added());
    expect(reading.byServerClock?.isInDate).toBe(true);
    expect((reading.byServerClock?.aheadMs ?? 0) / day).toBeCloseTo(-1.5);
  });

  it('does without the date where the server does not tell it', async () => {
    const { reading } = await examine(await serve(2, '/close-without-answer'), added());
    expect(reading).toMatchObject({ problem: { code: 'network.certificate-expired' } });
    expect(reading.byServerClock).toBeUndefined();
  });

  it('cannot be agreed on where something cuts it off', async () => {
    const url = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await examine(url)).toMatchObject({
      state: 'bad',
      reading: { problem: { code: 'network.tls-cut' } },
    });
  });

  it('cannot be agreed on with what speaks something else', async () => {
    const url = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await examine(url)).toMatchObject({
      state: 'bad',
      result: 'No encrypted connection could be made.',
      reading: { problem: { code: 'network.tls' } },
    });
  });

  it('is looked at through the tunnel of a proxy', async () => {
    const proxy = await startTrialProxy();
    undo.push(() => proxy.stop());
    const outcome = await examine(await serve(0), added(), {
      'proxy-settings': { route: proxy.route },
      connection: { to: 'proxy', address: 'x', tunnel: { status: 200, schemes: [] } },
    });
    expect(outcome.reading.certificate?.issuer).toBe('authority');
    expect(proxy.asked).toHaveLength(1);
  });

  it('is read off the account’s own exchange where the proxy wants a sign-in', async () => {
    const { route } = { route: { scheme: 'http', host: 'p', port: 1 } } as const;
    const outcome = await examine(await serve(0), added(), {
      'proxy-settings': { route },
      connection: { to: 'proxy', address: 'x', tunnel: { status: 407, schemes: ['basic'] } },
    });
    expect(outcome).toMatchObject({ state: 'good', reading: { protocol: 'TLSv1.3' } });
  });

  it('is no matter on this computer itself', () => {
    const examination = trialExamination('http://127.0.0.1:1/', http);
    expect(encryption.pointless(direct, examination)).toContain('not encrypted');
  });
});
