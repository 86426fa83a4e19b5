/**
 * The port through which everything that speaks HTTP leaves Holdfast: the BOSH session and endpoint
 * discovery. Adapters: `node-http-exchange.ts` (Node's sockets) and `electron-http-exchange.ts` (net.request).
 */
import type { Trust } from '../../shared/certificate.ts';
import type { ProxyAddress } from '../../shared/proxy.ts';

/** What TLS told about the peer; absent fields were not known. */
export interface TlsReading {
  readonly protocol: string;
  readonly cipher?: string;
  readonly issuer?: string;
  /** ISO 8601. */
  readonly validTo?: string;
  /** SHA-256 that tells one peer from another within a session. */
  readonly fingerprint?: string;
  /** Why the certificate is trusted. */
  readonly trust?: Trust;
  /** Whom the chain ends in. */
  readonly root?: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /**
   * Which of the connections to use, 0 or 1. Two requests on one lane never overlap; a lane keeps
   * its connection alive between requests.
   */
  readonly lane: number;
  /** Sent with Content-Length, never in chunks, as `text/xml; charset=utf-8`. */
  readonly body?: string;
  /** Send the body compressed, as `Content-Encoding: gzip`; the same body is always the same bytes. */
  readonly compress?: boolean;
  /** From the call to the last byte of the answer, in ms. */
  readonly timeoutMs: number;
  /** Answers with more body bytes than this are cut off and fail as `network.too-large`. */
  readonly maxBytes: number;
  /** Aborting closes the exchange (and its connection); the promise rejects with `network.aborted`. */
  readonly signal?: AbortSignal;
  /** Called once when the whole request has been handed to the kernel (on Electron: to Chromium). */
  readonly onSent?: () => void;
}

/** Any HTTP answer, whatever its status: a status is the caller's business, not an error here. */
export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Heads included, as near to the wire as the adapter can see. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** `1.0`, `1.1` or `2`. */
  readonly httpVersion: string;
  readonly tls?: TlsReading;
  /** The proxy it went through, or that it went straight; absent where that is not known. */
  readonly proxy?: ProxyAddress | 'none';
}

/** Does something with an exchange of its own, which is closed afterwards. */
export type WithHttp = <T>(work: (http: HttpExchange) => Promise<T>) => Promise<T>;

/**
 * One account's HTTP. Failures reject with a `ProblemError` whose problem has source `network` and one
 * of the codes `network.aborted`, `network.timeout`, `network.reset` (closed or reset before the whole
 * answer), `network.refused`, `network.unreachable`, `network.name-not-found`, `network.tls`,
 * `network.too-large`, `network.failed` (anything else); where a proxy is used also `network.proxy-…` and
 * `network.pac-failed`, which say that it was the proxy (see `network-problem.ts`).
 */
export interface HttpExchange {
  send(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Opens the lane's connection to the URL's origin ahead of need, where the adapter can; does nothing
   * if there is one. What goes wrong is left for the request that needs it to find.
   */
  warm?(url: string, lane: number): void;
  /**
   * Closes every connection, so that the next ones are made by the settings as they are now. Exchanges under way
   * fail as `network.reset`, but not before the caller's turn is over: who aborts and repeats them in it, repeats
   * them over new connections.
   */
  reopen?(): Promise<void>;
  /** Closes every connection; exchanges under way fail as `network.aborted`. */
  close(): Promise<void>;
}
