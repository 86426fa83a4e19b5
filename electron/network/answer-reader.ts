/**
 * One HTTP/1.x answer, read as its bytes come (RFC 9112). The Node adapter's lanes feed it; http-parser-js,
 * which is all JavaScript, does the parsing: a call into another engine for each answer costs more than that.
 * It takes a chunk of no size for the last one, so what is read must show by itself whether it is whole, as
 * XML and JSON do.
 */
import { HTTPParser } from 'http-parser-js';
import { networkProblem } from './network-problem.ts';

/** All headers of an answer may be this long, in bytes. */
const MOST_HEAD_BYTES = 64 * 1024;

export class AnswerReader {
  status = 0;
  /** Lower-case names; repeated headers joined by `, `. */
  headers: Readonly<Record<string, string>> = {};
  httpVersion = '1.1';
  /** Another request may follow on this connection. */
  keepsAlive = false;
  /** Every byte that came, the head included. */
  bytesReceived = 0;
  readonly #parser = new HTTPParser(HTTPParser.RESPONSE);
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #isWhole = false;

  /** @param maxBytes the longest body that is taken */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    const parser = this.#parser;
    parser.maxHeaderSize = MOST_HEAD_BYTES;
    parser[HTTPParser.kOnHeadersComplete] = (info) => this.#began(info);
    parser[HTTPParser.kOnBody] = (chunk) => this.#grew(chunk);
    parser[HTTPParser.kOnMessageComplete] = () => {
      // What came with an informational status is not the answer yet (RFC 9110 §15.2).
      this.#isWhole = this.status >= 200;
    };
  }

  /**
   * @returns true once the answer is whole.
   * @throws ProblemError `network.too-large`, or `network.failed` for what is not HTTP
   */
  read(chunk: Buffer): boolean {
    this.bytesReceived += chunk.length;
    const read = this.#parser.execute(chunk);
    if (read instanceof Error && !this.#isWhole) throw refusal(read);
    return this.#isWhole;
  }

  /** @returns true where the end of the connection makes the answer whole (RFC 9112 §6.3). */
  end(): boolean {
    this.keepsAlive = false;
    return this.#parser.finish() === undefined && this.#isWhole;
  }

  /** The body, as it came. */
  get bytes(): Buffer {
    const [first] = this.#chunks;
    return first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
  }

  #began(info: HeadersInfo): void {
    // Nobody asked for a second answer: whoever sends one is believed nothing more.
    if (this.#isWhole) this.keepsAlive = false;
    if (this.#isWhole) return;
    this.status = info.statusCode;
    this.httpVersion = `${info.versionMajor}.${info.versionMinor}`;
    this.keepsAlive = info.shouldKeepAlive;
    const headers: Record<string, string> = {};
    for (let index = 0; index + 1 < info.headers.length; index += 2) {
      const name = (info.headers[index] ?? '').toLowerCase();
      const value = info.headers[index + 1] ?? '';
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
    this.headers = headers;
    const length = headers['content-length'];
    if (length === undefined) return;
    if (!/^\d+(?:, \d+)*$/u.test(length)) throw notHttp('a length that is no number');
    if (Number.parseInt(length, 10) > this.#maxBytes) throw tooLarge(this.#maxBytes);
  }

  #grew(chunk: Buffer): void {
    if (this.#isWhole) return;
    this.#length += chunk.length;
    if (this.#length > this.#maxBytes) throw tooLarge(this.#maxBytes);
    this.#chunks.push(chunk);
  }
}

type HeadersInfo = Parameters<InstanceType<typeof HTTPParser>[2]>[0];

function tooLarge(most: number) {
  return networkProblem('network.too-large', { detail: `more than ${most} bytes` });
}

function notHttp(detail: string) {
  return networkProblem('network.failed', { detail });
}

function refusal(error: Error) {
  return /header size/u.test(error.message) ? tooLarge(MOST_HEAD_BYTES) : notHttp(error.message);
}
