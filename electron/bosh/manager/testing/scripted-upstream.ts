/** An upstream by hand: streams that a test answers, or that answer like a small server. For the manager's tests. */
import type { StreamListener, StreamRequest, Upstream, UpstreamStream } from '../upstream.ts';

export class ScriptedStream implements UpstreamStream {
  readonly request: StreamRequest;
  readonly listener: StreamListener;
  /** Everything written, in order; a restart is `restart`. */
  readonly written: string[] = [];
  reading = true;
  closed = false;
  /** What `write` says. */
  hasRoom = true;
  readonly #onWrite: (stream: ScriptedStream, xml: string) => void;

  constructor(
    request: StreamRequest,
    listener: StreamListener,
    onWrite: (stream: ScriptedStream, xml: string) => void,
  ) {
    this.request = request;
    this.listener = listener;
    this.#onWrite = onWrite;
  }

  write(xml: string): boolean {
    this.written.push(xml);
    this.#onWrite(this, xml);
    return this.hasRoom;
  }

  restart(): void {
    this.written.push('restart');
    this.#onWrite(this, 'restart');
  }

  setReading(reading: boolean): void {
    this.reading = reading;
  }

  close(): void {
    this.closed = true;
  }
}

export class ScriptedUpstream implements Upstream {
  readonly streams: ScriptedStream[] = [];
  /** Called when a stream is opened; what it does comes after `open` has returned. */
  onOpened: (stream: ScriptedStream) => void = () => {};
  onWrite: (stream: ScriptedStream, xml: string) => void = () => {};

  open(request: StreamRequest, listener: StreamListener): UpstreamStream {
    const stream = new ScriptedStream(request, listener, (one, xml) => this.onWrite(one, xml));
    this.streams.push(stream);
    queueMicrotask(() => this.onOpened(stream));
    return stream;
  }

  /** The last stream opened. */
  get stream(): ScriptedStream {
    const stream = this.streams.at(-1);
    if (!stream) throw new Error('no stream was opened');
    return stream;
  }
}

export const FEATURES = `<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>`;

/** One that offers features, and sends back every stanza as it came. */
export function echoUpstream(): ScriptedUpstream {
  const upstream = new ScriptedUpstream();
  const greet = (stream: ScriptedStream): void => {
    stream.listener.onOpen({ id: 'stream-id', from: stream.request.to, version: '1.0' });
    stream.listener.onElement(FEATURES);
  };
  upstream.onOpened = greet;
  upstream.onWrite = (stream, xml) => {
    if (xml === 'restart') queueMicrotask(() => greet(stream));
    else queueMicrotask(() => stream.closed || stream.listener.onElement(xml));
  };
  return upstream;
}
