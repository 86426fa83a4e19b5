/**
 * A BOSH session that the doctor opens only to see how it goes: nobody signs in to it and nothing in it is
 * repeated. One request a call (XEP-0124 §7, §8), so that each can be measured.
 */
import type { Element } from '@xmpp/xml';
import type { GrantedAttributes } from '../../../shared/health.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import {
  BodyError,
  type DecodedBody,
  decodeBody,
  encodeBody,
  looksLikeBody,
  XBOSH_PREFIX,
} from '../../bosh/protocol/body.ts';
import { grantedAttributes } from '../../bosh/protocol/granted-attributes.ts';
import { NS_STREAM } from '../../bosh/protocol/namespaces.ts';
import { randomRid } from '../../bosh/protocol/rid.ts';
import { terminateProblem } from '../../bosh/protocol/terminate-condition.ts';
import { type Clock, within } from '../clock.ts';
import type { HttpExchange, HttpResponse } from '../http-exchange.ts';
import { describeStranger } from '../strangers.ts';

/** The clock of `within` decides, not the exchange's own. */
const never = 2 ** 31 - 1;
const mostBytes = 1024 * 1024;
/** How long an answer that nothing holds may take, in ms. */
export const PROMPT_MS = 20_000;
const endMs = 3_000;

export interface TrialSessionOptions {
  readonly http: HttpExchange;
  readonly endpoint: string;
  readonly domain: string;
  /** Seconds a request may be held; 0: each is answered at once. */
  readonly wait: number;
  /** The first request is filled up with white space to this many bytes. */
  readonly size?: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface PostOptions {
  readonly lane?: number;
  readonly withinMs?: number;
  readonly signal?: AbortSignal;
  readonly onSent?: () => void;
}

export class TrialSession {
  readonly granted: GrantedAttributes;
  /** The answer that created it. */
  readonly response: HttpResponse;
  /** From sending the first request to having its answer, in ms. */
  readonly tookMs: number;
  readonly #options: TrialSessionOptions;
  readonly #sid: string;
  #nextRid: number;
  #features: Element | undefined;

  private constructor(
    options: TrialSessionOptions,
    created: { response: HttpResponse; body: DecodedBody; tookMs: number; rid: number },
  ) {
    const { body } = created;
    this.#options = options;
    this.#sid = body.attributes.sid ?? '';
    this.#nextRid = created.rid + 1;
    this.granted = grantedAttributes(body.attributes, this.#sid);
    this.response = created.response;
    this.tookMs = created.tookMs;
    this.#keepFeatures(body);
  }

  /** @throws ProblemError: the network's, a stranger's answer, or the manager's refusal. */
  static async open(options: TrialSessionOptions): Promise<TrialSession> {
    const { domain, wait, size = 0, clock } = options;
    const rid = randomRid();
    const attributes = {
      ...{ rid, to: domain, 'xml:lang': 'en', ver: '1.11', wait, hold: 1 },
      ...{ 'xmpp:version': '1.0', ...XBOSH_PREFIX },
    };
    const began = clock.now();
    const response = await post(options, filled(encodeBody(attributes, ''), size), {});
    const body = bodyOf(response);
    const { sid } = body.attributes;
    if (sid === undefined || sid === '') throw new ProblemError(noSession);
    return new TrialSession(options, { response, body, tookMs: clock.now() - began, rid });
  }

  /** Sends an empty request and waits for its answer. @throws ProblemError, see {@link open}. */
  async ask(how: PostOptions = {}): Promise<DecodedBody> {
    const body = bodyOf(await post(this.#options, this.#request({}), how));
    this.#keepFeatures(body);
    return body;
  }

  /** What the server offers before a sign-in, asked for where it did not come by itself. @throws ProblemError */
  async features(): Promise<Element | undefined> {
    const { clock, signal } = this.#options;
    for (let asked = 0; this.#features === undefined && asked < 3; asked += 1) {
      // A server may end a session that asks faster than this (XEP-0124 §12).
      if (asked > 0) await clock.after((this.granted.polling ?? 1) * 1_000, signal);
      await this.ask();
    }
    return this.#features;
  }

  /** Ends it. @returns how long the server took to answer, in ms; undefined where it did not. */
  async end(lane = 0): Promise<number | undefined> {
    const { clock } = this.#options;
    const began = clock.now();
    const ending = post(this.#options, this.#request({ type: 'terminate' }), {
      ...{ lane, withinMs: endMs },
    });
    return ending.then(
      () => clock.now() - began,
      () => undefined,
    );
  }

  #request(attributes: Readonly<Record<string, string>>): string {
    const rid = this.#nextRid;
    this.#nextRid += 1;
    return encodeBody({ rid, sid: this.#sid, ...attributes }, '');
  }

  #keepFeatures(body: DecodedBody): void {
    this.#features ??= body.payload.find((element) => element.is('features', NS_STREAM));
  }
}

/** The same `<body/>` with white space in it, so that it has this many bytes at least. */
function filled(body: string, size: number): string {
  const missing = size - Buffer.byteLength(body) - '</body>'.length + '/'.length;
  return missing > 0 ? `${body.slice(0, -2)}>${' '.repeat(missing)}</body>` : body;
}

async function post(
  { http, endpoint, clock, signal }: TrialSessionOptions,
  body: string,
  { lane = 0, withinMs = PROMPT_MS, onSent, signal: own }: PostOptions,
): Promise<HttpResponse> {
  const outer = own === undefined ? signal : AbortSignal.any([signal, own]);
  return within(withinMs, clock, outer, (signal) =>
    http.send({
      ...{ method: 'POST', url: endpoint, lane, body, signal },
      ...{ timeoutMs: never, maxBytes: mostBytes },
      ...(onSent === undefined ? {} : { onSent }),
    }),
  );
}

/** @throws ProblemError for what is no `<body/>`, or ends the session. */
function bodyOf(response: HttpResponse): DecodedBody {
  if (!looksLikeBody(response.body)) throw new ProblemError(describeStranger(response));
  try {
    const body = decodeBody(response.body);
    if (body.attributes.type !== 'terminate') return body;
    throw new ProblemError(terminateProblem(body.attributes, body.payload));
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    throw new ProblemError({ ...damaged, detail: error.message.slice(0, 200) }, { cause: error });
  }
}

/** Whether it was the manager that ended the session, and nobody in between. */
export function isManagersEnd({ code }: Problem): boolean {
  return /^(endpoint|server)\./.test(code) && !/^endpoint\.(http-|bad-body)/.test(code);
}

const noSession = {
  code: 'endpoint.no-session',
  source: 'endpoint',
  message: 'The server answered, but opened no session.',
  advice: 'Check the BOSH address, or ask whoever runs the server.',
  retry: 'later',
} as const;

const damaged = {
  code: 'endpoint.bad-body',
  source: 'endpoint',
  message: 'The answer from the server was damaged.',
  advice: 'Send this report to whoever runs the server.',
  retry: 'now',
} as const;
