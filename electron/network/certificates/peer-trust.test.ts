import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from '../../../shared/problem.ts';
import { createAuthority, type ThrowawayAuthority } from '../throwaway-certificates.ts';
import { describePeer } from './peer-certificate.ts';
import { PeerTrust } from './peer-trust.ts';
import { RootStore } from './root-store.ts';
import { type TrustSettings, usualTrust } from './trust-settings.ts';

const day = 24 * 60 * 60 * 1000;
const roots = new RootStore();

describe('the trust in a TLS server', () => {
  let authority: ThrowawayAuthority;
  const leftovers: (() => unknown)[] = [];

  beforeAll(async () => {
    const names = ['DNS:localhost', 'IP:127.0.0.1'];
    const now = Date.now();
    authority = await createAuthority(
      names,
      ['DNS:other.example'],
      { names, from: new Date(now - 9 * day), to: new Date(now - 2 * day) },
      { names, from: new Date(now + 2 * day), to: new Date(now + 9 * day) },
      { names: ['DNS:other.example'], from: new Date(now - 9 * day), to: new Date(now - 2 * day) },
    );
  });

  afterEach(() => {
    for (const leave of leftovers.splice(0)) leave();
  });

  /** A connection to a server that shows one of the authority's certificates. */
  async function meet(trust: PeerTrust, certificate: number, host = 'localhost') {
    const server: Server = createServer({
      ...authority.certificates[certificate],
      // The authority's own is sent along, as servers do with intermediate ones.
      cert: `${authority.certificates[certificate]?.cert}${authority.ca}`,
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const socket = connect({
      host: '127.0.0.1',
      port,
      ...trust.optionsFor(host),
      ...(host === 'localhost' ? { servername: host } : {}),
    });
    leftovers.push(() => {
      socket.destroy();
      server.close();
    });
    await once(socket, 'secureConnect');
    return socket;
  }

  /** What it comes to, after another connection where one is asked for. */
  async function judged(trust: PeerTrust, certificate: number, host?: string) {
    const first = await meet(trust, certificate, host);
    const verdict = (socket: TLSSocket) => {
      try {
        return trust.judge(socket, host ?? 'localhost');
      } catch (error) {
        return problemOf(error);
      }
    };
    return verdict(first) ?? verdict(await meet(trust, certificate, host));
  }

  const trusting = (settings: Partial<TrustSettings> = {}) =>
    new PeerTrust({ ...usualTrust, ...settings }, roots);
  const added = () => trusting({ authorities: () => [authority.ca] });

  it('is there for what an added authority signed, and says so', async () => {
    expect(await judged(added(), 0)).toEqual({
      trust: 'added',
      root: 'authority',
      fingerprint: new X509Certificate(authority.ca).fingerprint256,
    });
  });

  it('is there for what the system’s authorities signed, and says so', async () => {
    // Stands for an authority that is installed on this computer and that Node does not bring along.
    const system = new RootStore();
    const context = system.context.bind(system);
    system.context = (reach) => context(reach, reach === 'wide' ? [authority.ca] : []);
    expect(await judged(new PeerTrust(usualTrust, system), 0)).toMatchObject({
      trust: 'system',
      root: 'authority',
    });
  });

  it('is not there for an authority nobody knows', async () => {
    expect(await judged(trusting(), 0)).toMatchObject({
      code: 'network.certificate-unknown-issuer',
      message: expect.stringContaining('issued by “authority”'),
      certificate: {
        host: 'localhost',
        fault: 'unknown-issuer',
        mayBeExcepted: true,
        chain: [
          {
            subject: 'leaf',
            issuer: 'authority',
            validFrom: expect.stringMatching(/^\d{4}-.*Z$/),
            fingerprint: expect.stringMatching(/^([\dA-F]{2}:){31}[\dA-F]{2}$/),
          },
          { subject: 'authority' },
        ],
      },
    });
  });

  it.each([
    [2, 'expired'],
    [3, 'not-yet-valid'],
  ])('is not there outside the days of certificate %s', async (certificate, fault) => {
    expect(await judged(added(), certificate)).toMatchObject({
      code: `network.certificate-${fault}`,
      certificate: { fault, mayBeExcepted: true },
    });
  });

  it.each([
    [1, 'good otherwise', true],
    [1, 'of an unknown issuer', false],
    [4, 'expired', true],
  ])('is not there for another name, whatever else: %s, %s', async (certificate, _else, known) => {
    expect(await judged(known ? added() : trusting(), certificate)).toMatchObject({
      code: 'network.certificate-other-name',
      message: expect.stringContaining('for other.example, not for localhost'),
      certificate: { fault: 'other-name', mayBeExcepted: false },
    });
  });

  it('is there for a certificate that was excepted, at its host alone', async () => {
    const socket = await meet(trusting(), 2);
    const exception = { host: 'localhost', certificate: describePeer(socket.getPeerCertificate()) };
    const excepting = trusting({ exceptions: () => [exception] });
    expect(await judged(excepting, 2)).toEqual({
      trust: 'exception',
      fingerprint: exception.certificate.fingerprint,
    });
    expect(await judged(excepting, 2, '127.0.0.1')).toMatchObject({
      code: 'network.certificate-unknown-issuer',
    });
    expect(await judged(excepting, 0)).toMatchObject({
      code: 'network.certificate-unknown-issuer',
    });
  });

  it('never comes of an exception where the name is another', async () => {
    const socket = await meet(trusting(), 1);
    const exception = { host: 'localhost', certificate: describePeer(socket.getPeerCertificate()) };
    expect(await judged(trusting({ exceptions: () => [exception] }), 1)).toMatchObject({
      code: 'network.certificate-other-name',
    });
  });

  it('asks for more roots once, and remembers that it had to', async () => {
    const trust = trusting();
    expect(trust.judge(await meet(trust, 0), 'localhost')).toBeUndefined();
    const socket = await meet(trust, 0);
    expect(() => trust.judge(socket, 'localhost')).toThrow('unknown-issuer');
  });

  it('calls a certificate that anybody could have made by that, though it ran out as well', async () => {
    expect(await judged(trusting(), 2)).toMatchObject({
      code: 'network.certificate-unknown-issuer',
    });
    // One more authority of the same name, which signed nothing of this.
    const namesake = await createAuthority();
    expect(await judged(trusting({ authorities: () => [namesake.ca] }), 2)).toMatchObject({
      code: 'network.certificate-unknown-issuer',
    });
  });
});
