/** Turns the session machine's own state into the health reading (shared/health.ts); holds nothing itself. */
import type { GrantedAttributes, Health, SessionState } from '../../../shared/health.ts';
import type { PathLimits } from '../../../shared/path-limits.ts';
import type { TlsReading } from '../../network/http-exchange.ts';
import { shortSid } from '../protocol/granted-attributes.ts';
import type { ExchangeLog } from './exchange-log.ts';
import type { OrderingGuard } from './ordering-guard.ts';
import type { SessionRequest } from './session-request.ts';

/** What of the machine's state can be seen. */
export interface ReadableSession {
  readonly endpoint: string;
  readonly state: SessionState;
  readonly sid: string | undefined;
  readonly granted: GrantedAttributes;
  readonly nextRid: number;
  readonly requests: readonly SessionRequest[];
  readonly guard: OrderingGuard;
  readonly lastAnswerAt: number | undefined;
  readonly retryAt: number | undefined;
  readonly lastProblem: Health['lastProblem'];
  readonly httpVersion: string | undefined;
  readonly proxy: Health['proxy'];
  readonly tls: TlsReading | undefined;
  readonly log: ExchangeLog;
  readonly limits: PathLimits;
}

/** How many slots to show where the manager says nothing about its window. */
const UNKNOWN_WINDOW = 2;

export function readHealth(session: ReadableSession, now: number): Health {
  const { granted, log } = session;
  const inFlight = session.requests.filter((request) => request.lane !== undefined);
  const hold = granted.hold ?? 1;
  const held =
    session.sid === undefined || hold === 0
      ? []
      : inFlight.filter((request) => request.sentAt !== undefined).slice(-hold);
  const heldRequest = held[0];
  const size = granted.requests ?? UNKNOWN_WINDOW;
  const unanswered = session.requests.filter((request) => !request.answer);
  const answered = log.exchanges.filter((e) => e.outcome === 'payload' || e.outcome === 'empty');
  const lastAnswered = answered.at(-1)?.rid;
  const window: Health['window'] = unanswered.slice(0, size).map((request) => ({
    rid: request.rid,
    state: held.includes(request) ? 'held' : 'in-flight',
  }));
  if (window.length < size && lastAnswered !== undefined) {
    window.unshift({ rid: lastAnswered, state: 'answered' });
  }
  while (window.length < size) window.push({ state: 'free' });
  return {
    takenAt: now,
    state: session.state,
    endpoint: session.endpoint,
    httpVersion: session.httpVersion,
    proxy: session.proxy,
    tls: session.tls && shownTls(session.tls),
    sid: session.sid === undefined ? undefined : shortSid(session.sid),
    nextRid: session.nextRid,
    granted,
    window,
    held: held.length,
    heldRequest:
      heldRequest?.lane !== undefined
        ? {
            rid: heldRequest.rid,
            lane: heldRequest.lane,
            startedAt: heldRequest.postedAt,
            deadline: heldRequest.postedAt + (granted.wait ?? 0) * 1000,
          }
        : undefined,
    inactivityDeadline:
      inFlight.length === 0 && session.lastAnswerAt !== undefined && granted.inactivity
        ? session.lastAnswerAt + granted.inactivity * 1000
        : undefined,
    exchanges: log.exchanges.map((exchange) => ({ ...exchange })),
    roundTrip: log.roundTrip,
    retries: log.retries,
    bytesSent: log.bytesSent,
    bytesReceived: log.bytesReceived,
    orderingGuard: session.guard.ms,
    limits: session.limits,
    retryAt: session.retryAt,
    lastProblem: session.lastProblem,
  };
}

function shownTls({ fingerprint: _, ...shown }: TlsReading): NonNullable<Health['tls']> {
  return shown;
}
