/**
 * Step 5: TLS with the server and the certificate it shows (RFC 8446, RFC 6125). Its handshake trusts nobody
 * at first, so that a certificate that is not good can be read and told about.
 */
import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import {
  connect,
  createSecureContext,
  type DetailedPeerCertificate,
  getCACertificates,
  type TLSSocket,
} from 'node:tls';
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import { certificateFailure, certificateProblem } from '../../certificates/certificate-problem.ts';
import { describePeer, peerChain } from '../../certificates/peer-certificate.ts';
import { within } from '../../clock.ts';
import { nodeFailure } from '../../node-failure.ts';
import { type CertificateReading, readCertificate } from '../certificate.ts';
import { isWellKnownRoot } from '../known-roots.ts';
import { addressOf, dial } from '../open-path.ts';
import { proxyOf } from '../readings.ts';
import { type Examination, fact, failed, type Outcome, type Step } from '../step.ts';

const handshakeMs = 20_000;

export const encryption: Step<'encryption'> = {
  id: 'encryption',
  pointless(readings, { target }) {
    if (target.protocol === 'http:') return 'The address is on this computer and not encrypted.';
    if (readings['proxy-sign-in']?.problem) {
      return 'The proxy lets nothing through before somebody has signed in to it.';
    }
    return readings.connection === undefined || readings.connection.problem
      ? 'There is no connection to the server.'
      : undefined;
  },

  async examine(examination) {
    const { path, target, readings, clock, signal } = examination;
    const route = proxyOf(readings) ?? 'direct';
    try {
      return await within(handshakeMs, clock, signal, async (stop) => {
        const raw = await dial(route, target, path.keys, stop).catch((error: unknown) => {
          if (route === 'direct' || stop.aborted) throw error;
        });
        return raw ? shakeHands(examination, raw, stop) : ask(examination, stop);
      });
    } catch (error) {
      if (signal.aborted) throw error;
      return failed<'encryption'>({ problem: handshakeProblem(problemOf(error)) });
    }
  },
};

async function shakeHands(
  { target, path }: Examination,
  raw: Socket,
  signal: AbortSignal,
): Promise<Outcome<'encryption'>> {
  const { host } = addressOf(target);
  const ca = [...getCACertificates('default'), ...path.ca];
  const socket = connect({
    ...{ socket: raw, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] },
    secureContext: createSecureContext({ ca }),
    ...(isIP(host) === 0 ? { servername: host } : { host }),
  });
  try {
    await once(socket, 'secureConnect', { signal });
    return outcomeOf(socket, host);
  } catch (error) {
    throw signal.aborted ? error : nodeFailure(error);
  } finally {
    socket.destroy();
    raw.destroy();
  }
}

function outcomeOf(socket: TLSSocket, host: string): Outcome<'encryption'> {
  const shown = socket.getPeerCertificate(true) as DetailedPeerCertificate | Record<string, never>;
  const protocol = socket.getProtocol() ?? 'TLS';
  if (!('subject' in shown)) return good({ protocol }, [], undefined);
  const certificate = readCertificate(
    shown as DetailedPeerCertificate,
    // Node types it as an Error, and sets the code or null.
    (socket.authorizationError as unknown as string | null) ?? undefined,
    isWellKnownRoot,
  );
  const facts = [
    ...fact('Protocol', protocol),
    ...fact('Certificate for', certificate.names.slice(0, 5).join(', ') || certificate.subject),
    ...fact('Issued by', certificate.issuer),
    ...fact('Valid', `${certificate.validFrom} to ${certificate.validTo}`),
    ...fact('Chain', certificate.chain.join(' ← ')),
  ];
  if (certificate.fault === undefined) return good({ certificate, protocol }, facts, certificate);
  const chain = peerChain(shown as DetailedPeerCertificate).map(describePeer);
  const failure = certificateFailure(host, certificate.fault, chain);
  const problem = certificateProblem(failure, certificate.names);
  return failed<'encryption'>({ certificate, protocol, problem }, facts);
}

function good(
  reading: Outcome<'encryption'>['reading'],
  facts: NonNullable<Outcome<'encryption'>['facts']>,
  certificate: CertificateReading | undefined,
): Outcome<'encryption'> {
  if (certificate?.isRootLocal) {
    return {
      reading,
      state: 'limited',
      result: `The connection is encrypted. Its certificate comes from “${certificate.chain.at(-1)}”, which was added to this computer.`,
      advice:
        'Your organisation may be reading encrypted traffic. If you expect that, there is nothing to do.',
      facts,
    };
  }
  const issuer = certificate === undefined ? '' : `, with a certificate from ${certificate.issuer}`;
  return { reading, state: 'good', result: `The connection is encrypted${issuer}.`, facts };
}

/** Some proxies let only the account's own HTTP through, and that is strict. */
async function ask(
  { path, target }: Examination,
  signal: AbortSignal,
): Promise<Outcome<'encryption'>> {
  const { tls } = await path.http.send({
    ...{ method: 'GET', url: target.href, lane: 0, signal },
    ...{ timeoutMs: 2 * handshakeMs, maxBytes: 1024 * 1024 },
  });
  return {
    reading: tls === undefined ? {} : { protocol: tls.protocol },
    state: 'good',
    result:
      tls?.issuer === undefined
        ? 'The connection is encrypted.'
        : `The connection is encrypted, with a certificate from ${tls.issuer}.`,
    facts: [...fact('Protocol', tls?.protocol), ...fact('Issued by', tls?.issuer)],
  };
}

function handshakeProblem(problem: Problem): Problem {
  const cut = problem.code === 'network.reset' || problem.code === 'network.timeout';
  return {
    ...problem,
    code: cut
      ? 'network.tls-cut'
      : problem.code === 'network.failed'
        ? 'network.tls'
        : problem.code,
    message: cut
      ? 'The connection was cut while encryption was being agreed on.'
      : 'No encrypted connection could be made.',
    advice: cut
      ? 'Something on the way may be blocking this server by its name. Try another network, or ask whoever runs this one.'
      : 'What answers may not be the server. Check the address, or ask whoever runs the network.',
    detail: [problem.code, problem.detail].filter(Boolean).join(': '),
  };
}
