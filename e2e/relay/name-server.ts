/** A name server with a few SRV records (RFC 2782), on a port of its own, for the relay to ask. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { AUTHORITATIVE_ANSWER, decode, encode } from 'dns-packet';

export interface ServiceTarget {
  readonly target: string;
  readonly port: number;
  readonly priority?: number;
  readonly weight?: number;
}

export class NameServer {
  /** As the relay is told it. */
  readonly address: string;
  /** Names that were asked for. */
  readonly asked: string[];
  readonly #socket: Socket;

  private constructor(socket: Socket, asked: string[]) {
    this.#socket = socket;
    this.asked = asked;
    this.address = `127.0.0.1:${socket.address().port}`;
  }

  /** @param records by the name of the service, `_xmpp-client._tcp.example.org`. */
  static async start(
    records: Readonly<Record<string, readonly ServiceTarget[]>>,
  ): Promise<NameServer> {
    const asked: string[] = [];
    const socket = createSocket('udp4');
    socket.on('message', (message, { address, port }) => {
      const { id, questions = [] } = decode(message);
      const [question] = questions;
      asked.push(question?.name ?? '');
      const answers = (records[question?.name ?? ''] ?? []).map(
        ({ priority = 0, weight = 0, ...place }) => ({
          ...{ type: 'SRV' as const, name: question?.name ?? '', ttl: 60 },
          data: { priority, weight, ...place },
        }),
      );
      const answer = encode({
        ...{ id: id ?? 0, type: 'response', flags: AUTHORITATIVE_ANSWER, questions, answers },
      });
      socket.send(answer, port, address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new NameServer(socket, asked);
  }

  async stop(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}
