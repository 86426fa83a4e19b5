/**
 * The connection as text for an administrator: everything the health panel shows, in plain Markdown,
 * times in UTC, and without secrets. The host makes it for the command `health.report`.
 */
import type { ConnectionEvent } from './connection-history.ts';
import { gapsOf, isOutage, spansOf } from './connection-spans.ts';
import type { Connection } from './contract/records.ts';
import type { ExchangeReading, Health } from './health.ts';
import {
  grantedRows,
  outcomeWords,
  phaseWords,
  proxyWords,
  retryWords,
  rungWords,
  shorten,
  slotWords,
  sourceWords,
  stateWords,
  trustWords,
} from './health-words.ts';
import { daySentence, eventCode, eventWords, gapWords } from './history-words.ts';
import { parseJid } from './jid.ts';
import type { Problem } from './problem.ts';
import { redactJid, redactText, redactUrl } from './redact.ts';
import { formatBytes, formatCount, formatDuration, formatInstant } from './units.ts';

export interface HealthReportInput {
  readonly account: { readonly jid: string; readonly connection: Connection };
  /** Absent: the account has no session. */
  readonly health: Health | undefined;
  /** What happened to the connection in the last day, oldest first. */
  readonly events?: readonly ConnectionEvent[];
  /** The version of Holdfast. */
  readonly version: string;
  /** When the report is made, epoch ms. */
  readonly at: number;
}

/** Hides in free text what belongs to this account. */
type Redact = (text: string) => string;
type Line = string | undefined | false;

/**
 * Writes the report. Local parts of JIDs are cut to a letter, URLs lose credentials, query and
 * fragment, the sid stays short, and details are scrubbed of what looks like a JID, token or password.
 */
export function healthReport({
  account,
  health,
  events = [],
  version,
  at,
}: HealthReportInput): string {
  const local = parseJid(account.jid)?.local ?? account.jid.split('@')[0] ?? '';
  const redact: Redact = (text) => redactText(text, [local]);
  const sections = [
    section('# Holdfast connection report', [
      fact('Made', formatInstant(at)),
      fact('Holdfast', redact(version)),
      fact('Account', redactJid(account.jid)),
      ...ofConnection(account.connection, redact),
    ]),
    ...(health ? ofSession(health, at, redact) : [section('## Session', ['None.'])]),
    ...ofDay(events, at, redact),
  ];
  return `${sections.filter((text) => text !== undefined).join('\n\n')}\n`;
}

function ofConnection(connection: Connection, redact: Redact): Line[] {
  return [
    fact('Connection', `${phaseWords[connection.phase]} (${connection.phase})`),
    fact('Since', formatInstant(connection.since)),
    connection.retryAt !== undefined && fact('Next try', formatInstant(connection.retryAt)),
    ...(connection.problem ? ofProblem(connection.problem, redact) : []),
  ];
}

function ofSession(health: Health, at: number, redact: Redact): (string | undefined)[] {
  const { rung, tls, roundTrip, heldRequest, lastProblem } = health;
  const trust = tls && trustWords(tls);
  return [
    section('## Session', [
      fact('State', `${stateWords[health.state]} (${health.state})`),
      fact('Read', formatInstant(health.takenAt)),
      fact('sid', health.sid === undefined ? 'none yet' : shorten(health.sid)),
      fact('Next rid', health.nextRid ?? 'none yet'),
      rung && fact('Began', `${rungWords[rung.name]} (${rung.name}), ${formatInstant(rung.at)}`),
      rung && fact('Because', redact(rung.reason)),
      health.retryAt !== undefined && fact('Next try', formatInstant(health.retryAt)),
    ]),
    section('## Requests', [
      fact('Window', health.window.map(slotText).join(', ') || 'none yet'),
      fact('Held by the server', health.held),
      heldRequest &&
        fact(
          'Held request',
          `rid ${heldRequest.rid} on connection ${heldRequest.lane + 1} since ${formatInstant(heldRequest.startedAt)}, wait ends ${formatInstant(heldRequest.deadline)}`,
        ),
      fact(
        'Inactivity ends the session',
        health.inactivityDeadline === undefined
          ? 'not running'
          : formatInstant(health.inactivityDeadline),
      ),
    ]),
    section('## Round trip and traffic', [
      fact(
        'Round trip',
        roundTrip
          ? `median ${formatDuration(roundTrip.median)}, worst ${formatDuration(roundTrip.worst)}, samples ${roundTrip.samples}`
          : 'no sample yet',
      ),
      fact('Retries', health.retries),
      fact('Sent', bytes(health.bytesSent)),
      fact('Received', bytes(health.bytesReceived)),
      fact(
        'Ordering guard',
        health.orderingGuard > 0 ? formatDuration(health.orderingGuard) : 'off',
      ),
    ]),
    section('## Endpoint', [
      fact('Address', redactUrl(health.endpoint)),
      fact('HTTP version', health.httpVersion ? redact(health.httpVersion) : 'not known yet'),
      fact('Proxy', proxyWords(health.proxy)),
      fact('TLS', tls ? tlsText(tls) : withoutTls(health.endpoint)),
      tls?.issuer !== undefined && fact('Certificate from', oneLine(tls.issuer)),
      trust !== undefined && fact('Certificate trusted', redact(trust)),
      tls?.validTo !== undefined && fact('Certificate valid to', oneLine(tls.validTo)),
    ]),
    section(
      '## Granted by the server',
      grantedRows(health.granted).map(({ name, value }) => fact(name, redact(value))),
    ),
    lastProblem &&
      section('## Last error', [
        fact('When', formatInstant(lastProblem.at)),
        ...ofProblem(lastProblem, redact),
      ]),
    exchangeTable(health.exchanges, at, redact),
  ];
}

/** At most this many lines of each list, the newest. */
const MOST_LINES = 100;

function ofDay(
  events: readonly ConnectionEvent[],
  at: number,
  redact: Redact,
): (string | undefined)[] {
  if (events.length === 0) return [];
  const spans = spansOf(events, at);
  const gaps = gapsOf(spans).slice(-MOST_LINES).reverse();
  return [
    section('## Last 24 hours', [
      daySentence(spans),
      ...(gaps.length > 0 ? [''] : []),
      ...gaps.map((gap) => {
        const until = isOutage(gap) && gap.isOpen ? 'still' : formatInstant(gap.to);
        const code = isOutage(gap) ? ` (${redact(gap.problem.code)})` : '';
        return `- ${formatInstant(gap.from)} to ${until}: ${redact(gapWords(gap))}${code}`;
      }),
    ]),
    section(
      '## Events, the newest first',
      events
        .slice(-MOST_LINES)
        .reverse()
        .map((event) => {
          const code = `${event.kind} ${eventCode(event)}`;
          return `- ${formatInstant(event.at)} ${redact(code)}: ${redact(eventWords(event))}`;
        }),
    ),
  ];
}

function ofProblem(problem: Problem, redact: Redact): Line[] {
  return [
    fact('Code', redact(problem.code)),
    fact('Cause', `${sourceWords[problem.source]} (${problem.source})`),
    fact('What happened', redact(problem.message)),
    problem.advice !== '' && fact('What to do', redact(problem.advice)),
    fact('Holdfast', retryWords[problem.retry]),
    problem.detail !== undefined && fact('Detail', redact(problem.detail)),
  ];
}

function exchangeTable(
  exchanges: readonly ExchangeReading[],
  at: number,
  redact: Redact,
): string | undefined {
  if (exchanges.length === 0) return undefined;
  const rows = exchanges.map((exchange) => [
    exchange.rid,
    exchange.lane + 1,
    exchange.attempt,
    formatInstant(exchange.startedAt),
    formatDuration((exchange.endedAt ?? at) - exchange.startedAt),
    exchange.problemCode
      ? `${outcomeWords[exchange.outcome]}: ${redact(exchange.problemCode)}`
      : outcomeWords[exchange.outcome],
    `${exchange.stanzasSent} / ${exchange.stanzasReceived}`,
    `${exchange.bytesSent} / ${exchange.bytesReceived}`,
  ]);
  const head = [
    'rid',
    'connection',
    'attempt',
    'began',
    'took',
    'outcome',
    'stanzas out / in',
    'bytes out / in',
  ];
  const table = [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  return `## Last exchanges\n\n${table}`;
}

function section(heading: string, lines: readonly Line[]): string | undefined {
  const written = lines.filter((line): line is string => typeof line === 'string');
  return written.length === 0 ? undefined : `${heading}\n\n${written.join('\n')}`;
}

function fact(name: string, value: string | number): string {
  return `- ${name}: ${value}`;
}

function slotText(slot: Health['window'][number]): string {
  return slot.rid === undefined
    ? slotWords[slot.state]
    : `rid ${slot.rid} ${slotWords[slot.state]}`;
}

function bytes(count: number): string {
  return count < 1000 ? formatBytes(count) : `${formatBytes(count)} (${formatCount(count)} bytes)`;
}

function tlsText(tls: NonNullable<Health['tls']>): string {
  return oneLine(tls.cipher === undefined ? tls.protocol : `${tls.protocol}, ${tls.cipher}`);
}

function withoutTls(endpoint: string): string {
  return /^http:/iu.test(endpoint) ? 'none: loopback only' : 'not known yet';
}

/** For public facts of the certificate, which must keep their long names but not break the lines. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
