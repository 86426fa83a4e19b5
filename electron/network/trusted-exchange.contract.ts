/** What every adapter of the HTTP port must do about certificates, run by each adapter's own test. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../shared/problem.ts';
import type { TrustSettings } from './certificates/trust-settings.ts';
import { FaultyServer, goodBody } from './faulty-server.ts';
import type { HttpExchange, HttpRequest, HttpResponse } from './http-exchange.ts';
import { createAuthority, type ThrowawayAuthority } from './throwaway-certificates.ts';

const day = 24 * 60 * 60 * 1000;

export function describeTrustedExchange(create: (trust: TrustSettings) => HttpExchange): void {
  describe('towards certificates', () => {
    let authority: ThrowawayAuthority;
    let authorities: readonly string[];
    let exceptions: ReturnType<TrustSettings['exceptions']>;
    const leftovers: { close(): Promise<void> }[] = [];

    beforeAll(async () => {
      const names = ['DNS:localhost', 'IP:127.0.0.1'];
      const now = Date.now();
      authority = await createAuthority(
        names,
        ['DNS:other.example'],
        { names, from: new Date(now - 9 * day), to: new Date(now - 2 * day) },
        { names, from: new Date(now + 2 * day), to: new Date(now + 9 * day) },
      );
    });

    beforeEach(() => {
      [authorities, exceptions] = [[], []];
    });

    afterEach(async () => {
      for (const leftover of leftovers.splice(0).reverse()) await leftover.close();
    });

    async function start(certificate: number): Promise<FaultyServer> {
      const server = await FaultyServer.start(authority.certificates[certificate]);
      leftovers.push(server);
      return server;
    }

    function exchange(): HttpExchange {
      const http = create({ authorities: () => authorities, exceptions: () => exceptions });
      leftovers.push(http);
      return http;
    }

    const post = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
      ...{ method: 'POST', url, lane: 0, body: '<body/>', timeoutMs: 10_000, maxBytes: 100_000 },
      ...more,
    });

    /** The answer, or the problem in its place. */
    const send = (http: HttpExchange, server: FaultyServer, host = 'localhost') =>
      http
        .send(post(server.url('/good', host)))
        .catch((error: unknown) => ({ problem: problemOf(error) }));

    const certificateOf = (outcome: Partial<HttpResponse> | { problem: unknown }) => {
      const { problem } = outcome as { problem: ReturnType<typeof problemOf> };
      const [certificate] = problem.certificate?.chain ?? [];
      if (certificate === undefined) throw new Error('no certificate was shown');
      return certificate;
    };

    it('trusts what an added authority signed, and says that it is one', async () => {
      authorities = [authority.ca];
      const http = exchange();
      const server = await start(0);
      for (const host of ['localhost', '127.0.0.1']) {
        expect(await send(http, server, host)).toMatchObject({
          body: goodBody,
          tls: {
            trust: 'added',
            root: 'authority',
            fingerprint: expect.stringMatching(/^([\dA-F]{2}:){31}[\dA-F]{2}$/),
            validTo: expect.stringMatching(/Z$/),
          },
        });
      }
    });

    it('tells one and the same of every connection to a server', async () => {
      authorities = [authority.ca];
      const http = exchange();
      const server = await start(0);
      const [one, two] = [0, 1].map((lane) =>
        http.send(post(server.url('/good', 'localhost'), { lane })),
      );
      const three = await http.send(post(server.url('/close-after', 'localhost')));
      const four = await http.send(post(server.url('/good', 'localhost')));
      expect([(await two)?.tls, three.tls, four.tls]).toEqual(Array(3).fill((await one)?.tls));
    });

    it('shows the chain of one it does not trust, and sends nothing', async () => {
      const server = await start(0);
      expect(await send(exchange(), server)).toMatchObject({
        problem: {
          code: 'network.certificate-unknown-issuer',
          source: 'network',
          certificate: {
            host: 'localhost',
            fault: 'unknown-issuer',
            mayBeExcepted: true,
            chain: [{ subject: 'leaf', issuer: 'authority' }],
          },
        },
      });
      expect(server.arrivals).toEqual([]);
    });

    it.each([
      [2, 'expired'],
      [3, 'not-yet-valid'],
    ])('does not trust certificate %s: it is %s', async (certificate, fault) => {
      const server = await start(certificate);
      // With the authority unknown as well, that would be the worse fault.
      const outcome = await send(exchange(), server);
      expect(outcome).toMatchObject({ problem: { certificate: { fault: 'unknown-issuer' } } });
      authorities = [authority.ca];
      const http = exchange();
      await http.reopen?.();
      expect(await send(http, server)).toMatchObject({
        problem: { code: expect.stringMatching(`certificate-(${fault}|unknown-issuer)`) },
      });
    });

    it('trusts a certificate by an exception, at its host alone, until that is taken back', async () => {
      const server = await start(2);
      const http = exchange();
      const certificate = certificateOf(await send(http, server));
      exceptions = [{ host: 'localhost', certificate }];
      await http.reopen?.();
      expect(await send(http, server)).toMatchObject({
        body: goodBody,
        tls: { trust: 'exception', fingerprint: certificate.fingerprint },
      });
      expect(await send(http, server, '127.0.0.1')).toHaveProperty('problem');
      exceptions = [];
      await http.reopen?.();
      expect(await send(http, server)).toHaveProperty('problem');
    });

    it('never lets one for another name pass', async () => {
      authorities = [authority.ca];
      const server = await start(1);
      const http = exchange();
      const refused = await send(http, server);
      expect(refused).toMatchObject({
        problem: {
          code: 'network.certificate-other-name',
          certificate: { fault: 'other-name', mayBeExcepted: false },
        },
      });
      exceptions = [{ host: 'localhost', certificate: certificateOf(refused) }];
      await http.reopen?.();
      expect(await send(http, server)).toMatchObject({
        problem: { code: 'network.certificate-other-name' },
      });
      expect(server.arrivals).toEqual([]);
    });
  });
}
