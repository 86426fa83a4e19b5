/** HTTP without a wire for tests of the session: a request waits until the test answers it, with anything. */
import { problemOf } from '../../../../shared/problem.ts';
import type { HttpExchange, HttpRequest, HttpResponse } from '../../../network/http-exchange.ts';
import { networkProblem } from '../../../network/network-problem.ts';
import { decodeBody, encodeBody } from '../../protocol/body.ts';

/** A request under way. */
export interface ScriptedRequest {
  readonly http: HttpRequest;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Answers with this text as it is. */
  answer(text: string, head?: Partial<Pick<HttpResponse, 'status' | 'headers' | 'tls'>>): void;
  /** Answers with a `<body/>`. */
  give(attributes: Readonly<Record<string, string>>, payload?: string): void;
  /** What became of it where it was called off: a code. */
  readonly aborted: Promise<string>;
}

export class ScriptedHttp implements HttpExchange {
  /** Every request so far. */
  readonly requests: ScriptedRequest[] = [];
  readonly #unseen: ScriptedRequest[] = [];
  #waiting: ((request: ScriptedRequest) => void) | undefined;

  send(http: HttpRequest): Promise<HttpResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
    const { body = '', signal, onSent } = http;
    const aborted = Promise.withResolvers<string>();
    signal?.addEventListener('abort', () => {
      const problem = networkProblem('network.aborted');
      aborted.resolve(problemOf(problem).code);
      reject(problem);
    });
    const answer: ScriptedRequest['answer'] = (text, head = {}) =>
      resolve({
        ...{ status: 200, headers: {}, httpVersion: '1.1', body: text, ...head },
        ...{ bytesSent: body.length, bytesReceived: text.length },
      });
    const request: ScriptedRequest = {
      ...{ http, body, answer, attributes: decodeBody(body).attributes },
      give: (attributes, payload = '') => answer(encodeBody(attributes, payload)),
      aborted: aborted.promise,
    };
    // As over a wire, nothing happens in the tick of the call.
    setImmediate(() => {
      if (signal?.aborted) return;
      onSent?.();
      this.requests.push(request);
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting) waiting(request);
      else this.#unseen.push(request);
    });
    return promise;
  }

  /** The next request the test has not seen yet and nobody has called off. */
  next(): Promise<ScriptedRequest> {
    for (let unseen = this.#unseen.shift(); unseen; unseen = this.#unseen.shift()) {
      if (!unseen.http.signal?.aborted) return Promise.resolve(unseen);
    }
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  async close(): Promise<void> {}
}
