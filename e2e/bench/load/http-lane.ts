/** One kept-alive HTTP connection cut by hand, one request at a time: no more of a client than a load needs. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export class HttpLane {
  readonly #head: string;
  readonly #socket: Socket;
  #text = '';
  #answered: ((body: string) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(socket: Socket, { pathname, host }: URL) {
    this.#socket = socket;
    this.#head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: `;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', (error) => this.#failed?.(error));
    socket.on('close', () => this.#failed?.(new Error('the connection was closed')));
  }

  static async open(url: URL): Promise<HttpLane> {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    await once(socket, 'connect');
    return new HttpLane(socket, url);
  }

  get isFree(): boolean {
    return this.#answered === undefined;
  }

  /** @param body ASCII. */
  post(body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#socket.write(`${this.#head}${body.length}\r\n\r\n${body}`);
    });
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#text = this.#text === '' ? text : this.#text + text;
    const end = this.#text.indexOf('\r\n\r\n') + 4;
    if (end < 4) return;
    const length = Number(/content-length: (\d+)/iu.exec(this.#text)?.[1]);
    if (this.#text.length < end + length) return;
    const body = this.#text.slice(end, end + length);
    const answered = this.#answered;
    this.#text = '';
    this.#answered = undefined;
    this.#failed = undefined;
    answered?.(body);
  }
}
