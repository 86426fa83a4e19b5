/**
 * The port behind the connection manager: where the XML stream of a BOSH session goes (XEP-0124 §3).
 * Adapters: an XMPP server over TCP (`shells/relay`) and the server inside the app (`playground`).
 */

/** What the client said of the stream it wants, in its session creation request (XEP-0124 §7.1). */
export interface StreamRequest {
  /** The domain it wants to speak to. */
  readonly to: string;
  /** Who it says it is, where it says so before it signs in (XEP-0206 §8). */
  readonly from?: string;
  /** `protocol:host:port` the client asks to be taken to; a manager need not follow it. */
  readonly route?: string;
  /** `xml:lang` of the stream. */
  readonly lang?: string;
  /** Major and minor XMPP version, "1.0". */
  readonly version?: string;
  /** The address of the client, as the manager knows it. */
  readonly address: string;
  /** Whether the client's requests come over TLS. */
  readonly secure: boolean;
}

/** Why a stream ended that was not ended by us. */
export type StreamEnd =
  /** The server closed its stream; `error` is its `<stream:error/>` as XML where it sent one. */
  | { readonly kind: 'closed'; readonly error?: string }
  /** Not reached, or not trusted; becomes `remote-connection-failed` (XEP-0124 §17.2). */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** The domain is not served here; becomes `host-unknown`. */
  | { readonly kind: 'host-unknown' }
  /** The domain was served here and is no more; becomes `host-gone`. */
  | { readonly kind: 'host-gone' };

/** What a stream tells its session. Nothing is called after `onEnd`. */
export interface StreamListener {
  /** The server opened its stream, anew after each restart; attributes of its header, `id` and `from` among them. */
  onOpen(header: Readonly<Record<string, string>>): void;
  /** One complete child of the stream, as XML that means the same alone (prefixes and namespaces declared). */
  onElement(xml: string): void;
  /** After a `write` that returned false: there is room again. */
  onDrain(): void;
  onEnd(end: StreamEnd): void;
}

/** One XML stream to an XMPP server. */
export interface UpstreamStream {
  /**
   * Sends complete elements, as XML. Keeps them until the stream is open.
   * @returns false where more should wait for `onDrain`.
   */
  write(xml: string): boolean;
  /** Sends a new stream header, after SASL (XEP-0206 §5). */
  restart(): void;
  /** Stops reading from the server while the client does not fetch, and goes on. */
  setReading(reading: boolean): void;
  /** Closes the stream, what was written first; `onEnd` does not follow. */
  close(): void;
}

/** Opens the streams of a manager's sessions. */
export interface Upstream {
  /** Returns at once; what comes of it is told to the listener, never before this call returns. */
  open(request: StreamRequest, listener: StreamListener): UpstreamStream;
}
