/**
 * Step 5: TLS with the server and the certificate it shows (RFC 8446, RFC 6125), judged as the account judges it:
 * what the account would not trust is read and told about.
 */
import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { CertificateFailure, Trust } from '../../../../shared/certificate.ts';
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import type { PeerTrust } from '../../certificates/peer-trust.ts';
import { type Clock, within } from '../../clock.ts';
import { nodeFailure } from '../../node-failure.ts';
import { addedTo, type CertificateReading, readCertificate } from '../certificate.ts';
import { addressOf, dial } from '../open-path.ts';
import { proxyOf } from '../readings.ts';
import { serverDate } from '../server-date.ts';
import { type Examination, fact, failed, type Outcome, type Step } from '../step.ts';

const handshakeMs = 20_000;
/** How long the server may take to tell its date, in ms. */
const dateMs = 5_000;

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
    const { clock, signal } = examination;
    try {
      return await within(handshakeMs, clock, signal, (stop) => look(examination, stop));
    } catch (error) {
      if (signal.aborted) throw error;
      return failed<'encryption'>({ problem: handshakeProblem(problemOf(error)) });
    }
  },
};

async function look(examination: Examination, signal: AbortSignal): Promise<Outcome<'encryption'>> {
  const { path, target, readings } = examination;
  const route = proxyOf(readings) ?? 'direct';
  const raw = await dial(route, target, path.keys, signal).catch((error: unknown) => {
    if (route === 'direct' || signal.aborted) throw error;
  });
  if (!raw) return ask(examination, signal);
  // Where the usual roots do not explain a certificate, the next handshake knows more of them.
  return (await shakeHands(examination, raw, signal)) ?? look(examination, signal);
}

async function shakeHands(
  { target, path, clock }: Examination,
  raw: Socket,
  signal: AbortSignal,
): Promise<Outcome<'encryption'> | undefined> {
  const { host } = addressOf(target);
  const socket = connect({
    ...{ socket: raw, ALPNProtocols: ['http/1.1'] },
    ...path.trust.optionsFor(host),
    ...(isIP(host) === 0 ? { servername: host } : { host }),
  });
  try {
    await once(socket, 'secureConnect', { signal });
    const outcome = outcomeOf(socket, host, path.trust);
    const { certificate: failure } = outcome?.reading.problem ?? {};
    if (!outcome || !failure || !datesAreTheFault(failure)) return outcome;
    const byServer = await readServerClock(socket, failure, target, clock, signal);
    if (!byServer) return outcome;
    return {
      ...outcome,
      reading: { ...outcome.reading, byServerClock: byServer.reading },
      facts: [...(outcome.facts ?? []), ...fact('Date at the server', byServer.date)],
    };
  } catch (error) {
    throw signal.aborted ? error : nodeFailure(error);
  } finally {
    socket.destroy();
    raw.destroy();
  }
}

/** Undefined where another handshake is to be made. */
function outcomeOf(
  socket: TLSSocket,
  host: string,
  judge: PeerTrust,
): Outcome<'encryption'> | undefined {
  const judgement = judged(socket, host, judge);
  if (judgement === undefined) return undefined;
  const { trust, problem } = judgement;
  const protocol = socket.getProtocol() ?? 'TLS';
  const certificate = readCertificate(socket.getPeerCertificate(true), trust);
  const facts = [
    ...fact('Protocol', protocol),
    ...fact('Certificate for', certificate.names.slice(0, 5).join(', ') || certificate.subject),
    ...fact('Issued by', certificate.issuer),
    ...fact('Valid', `${certificate.validFrom} to ${certificate.validTo}`),
    ...fact('Chain', certificate.chain.join(' ← ')),
  ];
  const reading = { certificate, protocol };
  return problem
    ? failed<'encryption'>({ ...reading, problem }, facts)
    : { reading, facts, ...wordsFor(certificate) };
}

function judged(
  socket: TLSSocket,
  host: string,
  judge: PeerTrust,
): { readonly trust?: Trust; readonly problem?: Problem } | undefined {
  try {
    return judge.judge(socket, host);
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function datesAreTheFault({ fault }: CertificateFailure): boolean {
  return fault === 'expired' || fault === 'not-yet-valid';
}

async function readServerClock(
  socket: Socket,
  { chain }: CertificateFailure,
  target: URL,
  clock: Clock,
  signal: AbortSignal,
) {
  const date = await within(dateMs, clock, signal, (stop) => serverDate(socket, target, stop));
  if (date === undefined) return undefined;
  return {
    reading: {
      aheadMs: clock.now() - date,
      isInDate: chain.every(
        ({ validFrom, validTo }) => Date.parse(validFrom) <= date && date <= Date.parse(validTo),
      ),
    },
    date: new Date(date).toISOString(),
  };
}

function wordsFor(
  certificate: CertificateReading,
): Pick<Outcome<'encryption'>, 'state' | 'result' | 'advice'> {
  const where = addedTo(certificate.trust);
  if (where) {
    return {
      state: 'limited',
      result: `The connection is encrypted. Its certificate comes from “${certificate.chain.at(-1)}”, which was added to ${where}.`,
      advice:
        'Your organisation may be reading encrypted traffic. If you expect that, there is nothing to do.',
    };
  }
  if (certificate.trust === 'exception') {
    return {
      state: 'limited',
      result:
        'The connection is encrypted. Its certificate would not be trusted, but this account makes an exception for it.',
      advice: 'If nobody here chose that, end the exception under Accounts.',
    };
  }
  return {
    state: 'good',
    result: `The connection is encrypted, with a certificate from ${certificate.issuer}.`,
  };
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
