/** What limits a connection that works, and what is good to know about it. Pure. */
import type { DoctorFinding } from '../../../../shared/doctor.ts';
import { formatBytes, formatDuration } from '../../../../shared/units.ts';
import { addedTo } from '../certificate.ts';
import { SLOW_MS } from '../steps/round-trip.ts';
import {
  betweenHereAndThere,
  type Case,
  clockIsOff,
  isClockRight,
  proxyName,
  serverName,
} from './case.ts';

type Rule = (of: Case) => DoctorFinding | undefined;

/** In no order of weight. */
export function limits(of: Case): DoctorFinding[] {
  return rules.flatMap((rule) => rule(of) ?? []);
}

const rules: readonly Rule[] = [
  ({ readings }) => {
    const { endpoint, failed = [] } = readings['bosh-session'] ?? {};
    const [first] = failed;
    if (endpoint === undefined || !first) return undefined;
    return {
      code: 'another-address',
      weight: 'limits',
      what: `${first.endpoint} does not work: ${first.problem.message} ${endpoint} does.`,
      whose: 'The address has changed, or this network blocks one and not the other.',
      todo: 'Use the address that works.',
    };
  },

  (of) => {
    const held = of.readings['held-request'];
    if (held?.cutAfterMs === undefined) {
      if (!held?.problem) return undefined;
      return {
        code: 'held-request-failed',
        weight: 'limits',
        what: `A request that waits could not be tried. ${held.problem.message}`,
        whose: betweenHereAndThere(of),
        todo: 'Examine again.',
      };
    }
    const isSilent = held.problem?.code === 'network.timeout';
    const seconds = formatDuration(isSilent ? held.survivedMs : held.cutAfterMs);
    return {
      code: 'held-request-cut',
      weight: 'limits',
      what:
        isSilent && held.survivedMs > 0
          ? `Requests that wait much longer than ${seconds} are lost without a word.`
          : isSilent
            ? 'Requests that wait for an answer are lost without a word.'
            : `Requests that wait longer than ${seconds} are cut${byWhat(held.problem?.code)}.`,
      whose: culprit(of, held.problem?.detail),
      todo: 'Let Holdfast use what was learned: it then asks anew in time. Whoever runs it could let requests wait for two minutes.',
    };
  },

  (of) => {
    const late = of.readings['held-request']?.lateMs;
    if (late === undefined) return undefined;
    return {
      code: 'answers-held-back',
      weight: 'limits',
      what: `Answers arrive ${formatDuration(late)} late.`,
      whose: culprit(of, undefined),
      todo: 'Messages may be late here. Whoever runs the gateway could stop it from collecting answers (buffering).',
    };
  },

  (of) => {
    if (of.readings['two-at-once']?.works !== false) return undefined;
    return {
      code: 'one-connection',
      weight: 'limits',
      what: 'Only one request at a time gets through.',
      whose: betweenHereAndThere(of),
      todo: 'Let Holdfast use what was learned: it gets along with one, and messages arrive a little later.',
    };
  },

  (of) => {
    const size = of.readings['request-size'];
    if (size?.refused === undefined || size.largest === 0) return undefined;
    return {
      code: 'request-size',
      weight: 'limits',
      what: `Requests of more than ${formatBytes(size.largest)} are refused${byWhat(size.problem?.code)}.`,
      whose: culprit(of, size.problem?.detail),
      todo: 'Let Holdfast use what was learned: it then parts what it sends. Whoever runs it could allow larger requests.',
    };
  },

  (of) => {
    const median = of.readings['round-trip']?.medianMs;
    if (median === undefined || median < SLOW_MS) return undefined;
    return {
      code: 'slow',
      weight: 'limits',
      what: `An answer takes ${formatDuration(median)}.`,
      whose: 'The network, or a server that has much to do.',
      todo: 'Nothing has to be done. Messages take a moment, and none is lost.',
    };
  },

  (of) => {
    const certificate = of.readings.encryption?.certificate;
    const where = addedTo(certificate?.trust);
    if (!certificate || !where) return undefined;
    return {
      code: 'inspected',
      weight: 'tells',
      what: `The certificate shown for ${serverName(of)} comes from “${certificate.chain.at(-1)}”, which was added to ${where}.`,
      whose:
        'Most likely your organisation, which can then read what is sent, your password included.',
      todo: 'If you expect that, there is nothing to do. If not, ask whoever set up this computer.',
    };
  },

  (of) =>
    of.readings.encryption?.certificate?.trust === 'exception'
      ? {
          code: 'excepted',
          weight: 'tells',
          what: `The certificate shown for ${serverName(of)} would not be trusted, but this account makes an exception for it.`,
          whose: 'Whoever chose to trust it here, in Holdfast.',
          todo: 'If nobody here did, end the exception under Accounts.',
        }
      : undefined,

  ({ readings }) => {
    const ahead = readings['bosh-session']?.clockAheadMs;
    if (ahead === undefined || isClockRight(ahead)) return undefined;
    return {
      code: 'clock-off',
      weight: 'tells',
      what: `The clock of this computer is ${clockIsOff(ahead)} the server’s.`,
      whose: 'This computer, or the server.',
      todo: 'Set the clock of this computer by the network: with a wrong one, good certificates look bad.',
    };
  },

  (of) => {
    if (!of.readings['name-resolution']?.isServerUnknownHere) return undefined;
    return {
      code: 'names-at-proxy',
      weight: 'tells',
      what: 'Outside names can only be looked up by the proxy.',
      whose: `This network, whose proxy ${proxyName(of)} is the only way out.`,
      todo: 'Nothing has to be done.',
    };
  },

  ({ domain, readings }) => {
    const { endpoint, isGuess } = readings['bosh-session'] ?? {};
    if (endpoint === undefined || !isGuess) return undefined;
    return {
      code: 'guessed-address',
      weight: 'tells',
      what: `${domain} does not name its BOSH address. Holdfast guessed ${endpoint}, and that works.`,
      whose: `Whoever runs ${domain}: they could publish it (host-meta, XEP-0156).`,
      todo: 'Nothing has to be done.',
    };
  },

  (of) => {
    const problem = of.readings['proxy-settings']?.problem;
    if (!problem) return undefined;
    return {
      code: 'proxy-settings',
      weight: 'tells',
      what: `${problem.message} Holdfast connects directly, and that works.`,
      whose: 'The proxy settings, or the server that the script comes from.',
      todo: problem.advice,
    };
  },

  (of) => {
    if (of.readings['bosh-session']?.httpVersion !== '1.0') return undefined;
    return {
      code: 'old-http',
      weight: 'tells',
      what: 'Answers come in HTTP/1.0, and every request needs a new connection.',
      whose: betweenHereAndThere(of),
      todo: 'Nothing has to be done. Everything takes a little longer.',
    };
  },
];

/** ` with the status 504`, ` by closing the connection`; empty where nothing is known. */
function byWhat(code: string | undefined): string {
  switch (code) {
    case 'network.gateway-timeout':
      return ' with the status 504 (gateway timeout)';
    case 'network.bad-gateway':
      return ' with the status 502 (bad gateway)';
    case 'network.request-too-large':
      return ' with the status 413 (too large)';
    case 'network.forbidden':
      return ' with the status 403 (forbidden)';
    case 'network.reset':
      return ' by closing the connection';
    default:
      return '';
  }
}

/** Who did it: by the name in its answer where it gave one. */
function culprit(of: Case, detail: string | undefined): string {
  const name = /(?:Via|Server): ([^;]+)/.exec(detail ?? '')?.[1];
  return name === undefined
    ? betweenHereAndThere(of)
    : `${betweenHereAndThere(of)} It calls itself “${name.trim()}”.`;
}
