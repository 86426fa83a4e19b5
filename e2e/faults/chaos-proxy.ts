/**
 * An HTTP proxy in front of a real server's BOSH address that does to each exchange what a schedule says,
 * and counts it. It knows nothing of BOSH: requests and answers are bytes to it, as to any network.
 */
import { EventEmitter, once } from 'node:events';
import {
  Agent,
  type ClientRequest,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { PlannedFault, Stranger, Treatment } from './fault.ts';
import type { Schedule } from './schedule.ts';

/** Beyond this many bytes a dripped answer comes as a whole: it would show nothing new. */
const DRIPPED_BYTES = 150;

/** A whole answer, the server's or a stranger's. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What all exchanges of a proxy share. */
interface Network {
  readonly target: URL;
  /** To the server. */
  readonly agent: Agent;
  readonly isBusy: (socket: Socket) => boolean;
  readonly count: (name: string) => void;
  readonly note: (line: string) => void;
  /** `asked` when a request has come; `answered` with its number, once its answer is on the wire. */
  readonly events: EventEmitter<{ asked: []; answered: [number] }>;
}

export class ChaosProxy {
  /** How often each kind of fault took effect, by its name. */
  readonly injected = new Map<string, number>();
  /** Requests that have come so far while the network was at its worst. */
  exchanges = 0;
  /** What passed, in words, for somebody who looks for the cause of a failure. */
  readonly trace: string[] = [];
  readonly #server: Server;
  readonly #network: Network;
  readonly #faultAt: Schedule;
  readonly #sockets = new Set<Socket>();
  readonly #busy = new Map<Socket, number>();
  readonly #exchanges = new Set<ProxiedExchange>();
  #isCalm = true;
  #nextNumber = 0;

  private constructor(target: string, faultAt: Schedule) {
    this.#faultAt = faultAt;
    this.#network = {
      target: new URL(target),
      agent: new Agent({ keepAlive: true }),
      isBusy: (socket) => (this.#busy.get(socket) ?? 0) > 0,
      count: (name) => void this.injected.set(name, (this.injected.get(name) ?? 0) + 1),
      note: (line) => void this.trace.push(`${Math.round(performance.now())} ${line}`),
      events: new EventEmitter(),
    };
    this.#network.events.setMaxListeners(0);
    this.#server = createServer((incoming, outgoing) => void this.#take(incoming, outgoing));
    // Every end of a connection is the schedule's doing.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.#busy.delete(socket);
      });
    });
  }

  /** Stands in front of this BOSH address; well-behaved until told otherwise. */
  static async start(target: string, faultAt: Schedule): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(target, faultAt);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get boshUrl(): string {
    const url = new URL(this.#network.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** From the next request on the schedule decides, going on where it stopped. */
  unleash(): void {
    this.#isCalm = false;
  }

  /** From the next request on all goes well. A connection that has stalled stays so. */
  calm(): void {
    this.#isCalm = true;
  }

  /** Resolves when another request has come. */
  async nextExchange(): Promise<void> {
    await once(this.#network.events, 'asked');
  }

  async stop(): Promise<void> {
    for (const exchange of this.#exchanges) exchange.end();
    for (const socket of this.#sockets) socket.destroy();
    this.#network.agent.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { socket } = incoming;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      return;
    }
    const fault = this.#isCalm ? undefined : this.#faultAt(this.exchanges);
    if (!this.#isCalm) this.exchanges += 1;
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    this.#busy.set(socket, (this.#busy.get(socket) ?? 0) + 1);
    const exchange = new ProxiedExchange(
      { number, incoming, outgoing, body: Buffer.concat(chunks), fault },
      this.#network,
    );
    this.#exchanges.add(exchange);
    exchange.onOver = () => {
      this.#exchanges.delete(exchange);
      this.#busy.set(socket, (this.#busy.get(socket) ?? 1) - 1);
    };
    exchange.run();
    this.#network.events.emit('asked');
  }
}

interface Received {
  readonly number: number;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly body: Buffer;
  readonly fault: PlannedFault | undefined;
}

/** One request on its way through, from its last byte in to its last byte out or the end of its connection. */
class ProxiedExchange {
  onOver: () => void = () => {};
  readonly #received: Received;
  readonly #network: Network;
  readonly #treatment: Treatment;
  readonly #socket: Socket;
  readonly #onward = new Set<ClientRequest>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #isCounted = false;
  /** The answer that counts is being written, or never will be. */
  #isAnswered = false;

  constructor(received: Received, network: Network) {
    this.#received = received;
    this.#network = network;
    this.#treatment = received.fault?.treatment ?? {};
    this.#socket = received.incoming.socket;
  }

  run(): void {
    const { incoming, outgoing, body, fault } = this.#received;
    this.#note(`> ${excerpt(body)}${fault ? ` meets ${JSON.stringify(fault)}` : ''}`);
    const {
      isLost,
      requestDelayMs = 0,
      copyAfterMs,
      breaksAfterMs,
      stranger,
      stalls,
    } = this.#treatment;
    outgoing.on('close', () => this.#clientGone());
    if (incoming.socket.destroyed) this.#clientGone();
    if (stalls) this.#stall();
    if (breaksAfterMs !== undefined) this.#after(breaksAfterMs, () => this.#break());
    if (stranger) this.#after(stranger.afterMs, () => this.#answer(answerOf(stranger)));
    if (isLost) return;
    if (requestDelayMs > 0) this.#count();
    this.#after(requestDelayMs, () => {
      this.#forward(copyAfterMs === undefined);
      if (copyAfterMs === undefined) return;
      this.#after(copyAfterMs, () => {
        this.#count();
        this.#forward(true);
      });
    });
  }

  #note(line: string): void {
    this.#network.note(`${this.#socket.remotePort ?? '-'} #${this.#received.number} ${line}`);
  }

  /** The proxy is stopping. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const onward of this.#onward) onward.destroy();
  }

  /** Once for each exchange, when the fault has shown. */
  #count(): void {
    const { fault } = this.#received;
    if (!fault || this.#isCounted) return;
    this.#isCounted = true;
    this.#note(`${fault.name} takes effect`);
    this.#network.count(fault.name);
  }

  #after(ms: number, act: () => void): void {
    if (ms === 0) {
      act();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  /** The connection looks alive to both ends and carries nothing any more. */
  #stall(): void {
    this.#count();
    this.#isAnswered = true;
    this.#socket.pause();
  }

  #break(): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#count();
    this.#socket.resetAndDestroy();
  }

  /** The answer has been sent, or there is nobody to send it to. */
  #clientGone(): void {
    this.#note('over');
    if (!this.#treatment.outlivesClient) this.end();
    this.#isAnswered = true;
    this.onOver();
  }

  #forward(counts: boolean): void {
    const { incoming, body } = this.#received;
    const { target, agent } = this.#network;
    const onward = request(target, {
      agent,
      method: incoming.method ?? 'POST',
      path: incoming.url ?? target.pathname,
      headers: { ...endToEnd(incoming.headers), host: target.host, 'content-length': body.length },
    });
    this.#onward.add(onward);
    onward.on('close', () => this.#onward.delete(onward));
    onward.on('error', () => {
      // The server's side broke: the network's own fault, not one of the schedule's.
      if (counts && !this.#isAnswered) this.#socket.destroy();
    });
    onward.on('response', (response) => {
      readAnswer(response).then(
        (answer) => void (counts && !this.#treatment.stranger && this.#answer(answer)),
        () => void (counts && !this.#isAnswered && this.#socket.destroy()),
      );
    });
    onward.end(body);
  }

  /** Hands the answer back, the way the treatment wants it. */
  async #answer(answer: Answer): Promise<void> {
    if (this.#isAnswered) return;
    const { answerDelayMs = 0, overtakenWithinMs, closesAfterMs } = this.#treatment;
    if (answerDelayMs > 0) {
      this.#count();
      await sleep(answerDelayMs);
    }
    if (overtakenWithinMs !== undefined && (await this.#overtaken(overtakenWithinMs))) {
      this.#count();
    }
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    if (this.#treatment.stranger) this.#count();
    await this.#write(answer);
    this.#network.events.emit('answered', this.#received.number);
    if (closesAfterMs !== undefined) this.#closeIdle(closesAfterMs);
  }

  /** Whether a later exchange was answered within this time. */
  #overtaken(withinMs: number): Promise<boolean> {
    const { events } = this.#network;
    return new Promise((resolve) => {
      const settle = (isOvertaken: boolean) => {
        clearTimeout(timer);
        events.off('answered', listen);
        resolve(isOvertaken);
      };
      const listen = (number: number) => {
        // A moment later: two answers at once could still be read in either order.
        if (number > this.#received.number) setTimeout(() => settle(true), 2);
      };
      const timer = setTimeout(() => settle(false), withinMs);
      events.on('answered', listen);
    });
  }

  async #write(answer: Answer): Promise<void> {
    const { form, cut, dripMs } = this.#treatment;
    this.#note(`< ${answer.status} ${excerpt(answer.body)}`);
    const { outgoing } = this.#received;
    if (form !== undefined || cut !== undefined || dripMs !== undefined) this.#count();
    if (cut?.share === 0) {
      this.#endConnection(cut.by);
      return;
    }
    const { status, headers, body } = form === 'gzip' ? compressed(answer) : answer;
    const sent = cut ? body.subarray(0, Math.floor(body.length * cut.share)) : body;
    if (form === 'http-1.0') {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      this.#socket.write(`HTTP/1.0 ${status} x\r\n${lines.join('')}\r\n`);
      this.#socket.write(sent, () => this.#endConnection('close'));
      return;
    }
    outgoing.writeHead(status, { ...headers, 'content-length': body.length });
    if (cut) outgoing.write(sent, () => this.#endConnection(cut.by));
    else if (dripMs !== undefined) await this.#drip(sent, dripMs);
    else outgoing.end(sent);
  }

  async #drip(body: Buffer, pauseMs: number): Promise<void> {
    const { outgoing } = this.#received;
    for (const byte of body.subarray(0, DRIPPED_BYTES)) {
      if (outgoing.destroyed) return;
      outgoing.write(Buffer.of(byte));
      await sleep(pauseMs);
    }
    outgoing.end(body.subarray(DRIPPED_BYTES));
  }

  #endConnection(by: 'reset' | 'close'): void {
    if (by === 'reset') this.#socket.resetAndDestroy();
    else this.#socket.destroySoon();
  }

  #closeIdle(afterMs: number): void {
    const socket = this.#socket;
    setTimeout(() => {
      if (socket.destroyed || this.#network.isBusy(socket)) return;
      this.#count();
      socket.destroySoon();
    }, afterMs).unref();
  }
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const headers = Object.entries(endToEnd(response.headers)).map(([name, value]) => [
    name,
    String(value),
  ]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  };
}

function excerpt(bytes: Buffer): string {
  const text = bytes.toString();
  return text.length <= 400 ? text : `${text.slice(0, 300)} … ${text.slice(-80)}`;
}

function answerOf({ status, headers, body }: Stranger): Answer {
  return { status, headers, body: Buffer.from(body) };
}

function compressed({ status, headers, body }: Answer): Answer {
  return { status, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) };
}

/** Without those that concern one connection only (RFC 9110 §7.6.1) and the length, which is set anew. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const {
    connection,
    'keep-alive': _k,
    'transfer-encoding': _t,
    'content-length': _l,
    ...rest
  } = headers;
  void connection;
  return rest;
}
