/**
 * The words for what a {@link Health} reading says, one vocabulary for the health panel and the health
 * report. Plain words for a person; the protocol's own word stands beside them (XEP-0124, XEP-0206).
 */
import type { ConnectionPhase } from './contract/records.ts';
import type { ExchangeReading, GrantedAttributes, Health, SessionState } from './health.ts';
import type { Problem } from './problem.ts';
import { proxyUrl } from './proxy.ts';
import { formatCounted, formatDuration } from './units.ts';

/** The state of the session in plain words. */
export const stateWords: Readonly<Record<SessionState, string>> = {
  connecting: 'Connecting',
  negotiating: 'Signing in',
  open: 'Connected',
  paused: 'Paused',
  broken: 'Trying again',
  closing: 'Signing out',
  closed: 'Session ended',
};

/** The phase of an account's connection in plain words. */
export const phaseWords: Readonly<Record<ConnectionPhase, string>> = {
  offline: 'Not connected',
  'finding-endpoint': 'Finding the endpoint',
  'opening-session': 'Opening the session',
  'signing-in': 'Signing in',
  'catching-up': 'Catching up',
  online: 'Connected',
  reconnecting: 'Trying again',
  failed: 'Not connected',
};

/** Whose side a problem arose on. */
export const sourceWords: Readonly<Record<Problem['source'], string>> = {
  input: 'What was entered',
  network: 'The way to the server',
  endpoint: 'The BOSH endpoint',
  server: 'The XMPP server',
  app: 'Holdfast itself',
};

/** What Holdfast does about a problem by itself. */
export const retryWords: Readonly<Record<Problem['retry'], string>> = {
  now: 'tries again at once',
  later: 'tries again after a pause',
  never: 'waits until it is asked to try again',
};

/** How a session came to be. */
export const rungWords: Readonly<Record<NonNullable<Health['rung']>['name'], string>> = {
  're-attach': 'Went on with the earlier session',
  resume: 'A new session that took up where the lost one stopped',
  fast: 'A new session, signed in with a token instead of the password',
  login: 'A new session with a fresh sign-in',
};

/** By which way requests leave this computer. */
export function proxyWords(proxy: Health['proxy']): string {
  if (proxy === undefined) return 'not known yet';
  return proxy === 'none' ? 'none, straight to the endpoint' : proxyUrl(proxy);
}

/** A place in the request window. */
export const slotWords: Readonly<Record<Health['window'][number]['state'], string>> = {
  answered: 'answered',
  'in-flight': 'in flight',
  held: 'held',
  free: 'free',
};

/** How an exchange ended, in a word or two. */
export const outcomeWords: Readonly<Record<ExchangeReading['outcome'], string>> = {
  'in-flight': 'in flight',
  payload: 'payload',
  empty: 'empty',
  failed: 'failed',
  aborted: 'aborted',
  terminated: 'session ended',
};

/** Why a certificate is trusted, where that is worth knowing: nothing is said of one everybody trusts. */
export function trustWords({ trust, root }: NonNullable<Health['tls']>): string | undefined {
  const authority = root === undefined ? 'an authority' : `“${root}”, an authority`;
  switch (trust) {
    case 'system':
      return `Signed by ${authority} that was installed on this computer. This network may be reading along.`;
    case 'added':
      return `Signed by ${authority} that was added under Accounts. Whoever runs it can read along.`;
    case 'exception':
      return 'Trusted by an exception that was made under Accounts.';
    default:
      return undefined;
  }
}

/** One attribute of the session creation response, to be read without the specification at hand. */
export interface GrantedRow {
  /** As on the wire. */
  readonly name: string;
  readonly value: string;
  /** What it means here, in one short sentence. */
  readonly meaning: string;
}

type Explanation = readonly [attribute: keyof GrantedAttributes, name: string, meaning: string];

const seconds = new Set<keyof GrantedAttributes>(['wait', 'polling', 'inactivity', 'maxpause']);

const explanations: readonly Explanation[] = [
  ['wait', 'wait', 'The longest the server holds a request before it answers with nothing.'],
  ['hold', 'hold', 'How many requests the server may keep waiting at a time.'],
  ['requests', 'requests', 'How many requests may be unanswered at a time: the window.'],
  [
    'polling',
    'polling',
    'The shortest time allowed between two empty requests while none is held.',
  ],
  ['inactivity', 'inactivity', 'The longest silence after which the server ends the session.'],
  ['maxpause', 'maxpause', 'The longest pause the server grants on request.'],
  ['ver', 'ver', 'The version of BOSH the server speaks.'],
  ['ack', 'ack', 'The server says which requests it has received.'],
  ['from', 'from', 'The server the session leads to.'],
  ['accept', 'accept', 'The compressions the server takes in requests.'],
  ['charsets', 'charsets', 'The character sets the server takes in requests.'],
  ['stream', 'stream', 'The name of the stream, where several can share a session.'],
  ['authid', 'authid', 'The identity of the stream behind the session.'],
  ['secure', 'secure', 'Whether the way from the endpoint to the server is protected.'],
  ['restartlogic', 'xmpp:restartlogic', 'The stream can be restarted after signing in.'],
  ['xmppVersion', 'xmpp:version', 'The version of XMPP behind the endpoint.'],
];

/** Attributes whose value could help to take a session over; shown and reported shortened. */
const guarded = new Set<keyof GrantedAttributes>(['stream', 'authid']);

/** The attributes that were granted, in the order of the specification, with values ready to be read. */
export function grantedRows(granted: GrantedAttributes): readonly GrantedRow[] {
  return explanations.flatMap(([attribute, name, meaning]) => {
    const value = granted[attribute];
    if (value === undefined) return [];
    if (seconds.has(attribute)) return [{ name, value: `${value} s`, meaning }];
    return [
      { name, value: guarded.has(attribute) ? shorten(String(value)) : String(value), meaning },
    ];
  });
}

/**
 * An identifier short enough to be shown: it tells two apart, and is too little to take a session over.
 * One that is short already (marked by an ellipsis) stays as it is.
 */
export function shorten(identifier: string): string {
  const [head = '', ...rest] = identifier.split('…');
  const tail = rest.at(-1) ?? '';
  if (rest.length > 0 && head.length + tail.length <= 8) return `${head}…${tail}`;
  return `${head.slice(0, Math.min(4, Math.floor(head.length / 3)))}…`;
}

/** The lane of an exchange as people count connections, from 1. */
export function connectionName(lane: number): string {
  return `connection ${lane + 1}`;
}

/**
 * One exchange in a sentence, for a screen reader and the line under the waterfall:
 * `rid 1234567 on connection 1: held for 32 s, answered with 1 stanza`.
 * @param held the manager keeps this one waiting now
 */
export function describeExchange(exchange: ExchangeReading, held: boolean, now: number): string {
  const took = formatDuration((exchange.endedAt ?? now) - exchange.startedAt);
  const repeat = exchange.attempt > 1 ? `, attempt ${exchange.attempt}` : '';
  const sent =
    exchange.stanzasSent > 0 ? `, carried ${formatCounted(exchange.stanzasSent, 'stanza')}` : '';
  const name = `rid ${exchange.rid} on ${connectionName(exchange.lane)}${repeat}${sent}`;
  switch (exchange.outcome) {
    case 'in-flight':
      return held ? `${name}: held by the server for ${took}` : `${name}: in flight for ${took}`;
    case 'payload':
      return `${name}: answered after ${took} with ${formatCounted(exchange.stanzasReceived, 'stanza')}`;
    case 'empty':
      return `${name}: answered empty after ${took}`;
    case 'failed':
      return `${name}: failed after ${took}${exchange.problemCode ? ` (${exchange.problemCode})` : ''}`;
    case 'aborted':
      return `${name}: aborted after ${took}`;
    case 'terminated':
      return `${name}: the session ended with its answer after ${took}`;
  }
}
