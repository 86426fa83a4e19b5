/**
 * A connection manager on loopback that a test tells what to do to each request: good as gold, or as bad as
 * the networks the doctor is for. Real HTTP, no XMPP behind it.
 */
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { NS_HTTPBIND, NS_STREAM } from '../../../bosh/protocol/namespaces.ts';

/** A request as the manager sees it. */
export interface TrialRequest {
  readonly kind: 'create' | 'empty' | 'terminate';
  readonly bytes: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly response: ServerResponse;
  readonly incoming: IncomingMessage;
}

/** Answers it or does something worse; false: the manager does what managers do. */
export type Treatment = (request: TrialRequest) => boolean;

const mechanisms = ['SCRAM-SHA-1', 'PLAIN'];

export class TrialManager extends EventEmitter<{
  /** A request is held. */
  held: [];
  /** A request has arrived. */
  request: [TrialRequest];
}> {
  /** What happens to requests; replace it at any time. */
  treat: Treatment = () => false;
  /** Attributes of the creation response, besides those it takes over. */
  grants: Readonly<Record<string, string>> = {};
  /** Inside the features; the usual mechanisms where it is not set. */
  features = `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${mechanisms
    .map((name) => `<mechanism>${name}</mechanism>`)
    .join('')}</mechanisms>`;
  /** The features come with the second answer. */
  featuresLate = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #held: TrialRequest | undefined;
  #wait = 60;

  private constructor() {
    super();
    this.#server = createServer((incoming, response) => void this.#take(incoming, response));
    this.#server.keepAliveTimeout = 0;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(): Promise<TrialManager> {
    const manager = new TrialManager();
    manager.#server.listen(0, '127.0.0.1');
    await once(manager.#server, 'listening');
    return manager;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/http-bind`;
  }

  /** Answers the held request with nothing, as at the end of its `wait`. */
  release(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) answer(held.response, body({}));
  }

  /** What a test does to the held request instead. */
  takeHeld(): TrialRequest {
    const held = this.#held;
    if (!held) throw new Error('nothing is held');
    this.#held = undefined;
    return held;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      return;
    }
    const text = Buffer.concat(chunks);
    const attributes = attributesOf(text.toString());
    const kind =
      attributes.sid === undefined
        ? 'create'
        : attributes.type === 'terminate'
          ? 'terminate'
          : 'empty';
    const request: TrialRequest = { kind, bytes: text.length, attributes, response, incoming };
    this.emit('request', request);
    if (!this.treat(request)) this.#manage(request);
  }

  #manage(request: TrialRequest): void {
    const { kind, response, attributes } = request;
    if (kind === 'create') {
      this.#wait = Number(this.grants.wait ?? attributes.wait);
      answer(response, this.#created(attributes));
    } else if (kind === 'terminate') {
      this.release();
      answer(response, body({ type: 'terminate' }));
    } else {
      this.release();
      if (this.featuresLate && !this.#told) {
        this.#told = true;
        answer(response, body({}, this.#features()));
      } else if (this.#wait === 0) {
        answer(response, body({}));
      } else {
        this.#held = request;
        this.emit('held');
      }
    }
  }

  #told = false;

  #created({ wait = '60', to = '' }: Readonly<Record<string, string>>): string {
    this.#told = false;
    return body(
      {
        ...{ sid: 'trial', wait, hold: '1', requests: '2', polling: '5', inactivity: '60' },
        ...{ from: to, ver: '1.11', ...this.grants },
      },
      this.featuresLate ? '' : this.#features(),
    );
  }

  #features(): string {
    return `<stream:features>${this.features}</stream:features>`;
  }
}

/** Writes an answer of a manager. */
export function answer(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' }).end(text);
}

/** A `<body/>` of a manager. */
export function body(attributes: Readonly<Record<string, string>>, payload = ''): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}='${value}'`);
  return `<body xmlns='${NS_HTTPBIND}' xmlns:stream='${NS_STREAM}'${written.join('')}>${payload}</body>`;
}

function attributesOf(text: string): Record<string, string> {
  const head = /^<body([^>]*)>/.exec(text)?.[1] ?? '';
  return Object.fromEntries(
    [...head.matchAll(/ ([\w:]+)='([^']*)'/g)].map(([, name = '', value = '']) => [name, value]),
  );
}
