/** A client that is a process of its own and is driven by lines of JSON: orders go in, reports come out. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Watch } from '../../holdfast/watch.ts';
import type { ClientOptions, NetworkClient } from './network-client.ts';

export type ClientOrder =
  | {
      readonly type: 'connect';
      /** Where it is to go: what address that is depends on the client. */
      readonly host: string;
      readonly jid: string;
      readonly password: string;
    }
  | { readonly type: 'send'; readonly to: string; readonly body: string };
export type ClientReport =
  /** `isSame`: in the session it had before. */
  | { readonly type: 'online'; readonly isSame: boolean }
  | { readonly type: 'offline'; readonly condition: string }
  | { readonly type: 'received'; readonly from: string; readonly body: string };

export interface ClientProgram {
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  /** The address of this network that it can use; undefined where there is none. */
  readonly host: (access: ClientOptions['access']) => string | undefined;
}

export class ProcessClient implements NetworkClient {
  readonly #options: ClientOptions;
  readonly #program: ClientProgram;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #watch = new Watch();
  readonly #bodies: string[] = [];
  readonly #said: string[] = [];
  #isOnline = false;
  #sessions = 0;
  #condition: string | undefined;

  constructor(program: ClientProgram, options: ClientOptions) {
    this.#program = program;
    this.#options = options;
    const child = spawn(program.program, program.arguments, {
      env: { ...process.env, ...options.access.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#exited = once(child, 'close');
    child.stdin.on('error', () => {});
    child.stderr.on('data', (text) => this.#said.push(String(text)));
    createInterface({ input: child.stdout }).on('line', (line) => this.#take(line));
  }

  async start(): Promise<void> {
    const host = this.#program.host(this.#options.access);
    if (host === undefined) this.#condition = 'no address it could use';
    else this.#order({ type: 'connect', host, ...this.#options.account });
  }

  async online(patienceMs: number): Promise<void> {
    const isOnline = () => {
      if (this.#program.host(this.#options.access) === undefined) throw new Error(this.#condition);
      return this.#isOnline;
    };
    await this.#watch.until('online', isOnline, patienceMs);
  }

  async problem(patienceMs: number): Promise<string> {
    await this.#watch.until('a problem', () => this.#condition !== undefined, patienceMs);
    return this.#condition || 'disconnected';
  }

  async send(body: string): Promise<void> {
    if (!this.#isOnline) throw new Error(`${this.#program.name} is offline`);
    this.#order({ type: 'send', to: this.#options.peer, body });
  }

  async received(body: string, patienceMs: number): Promise<void> {
    await this.#watch.until(body, () => this.#bodies.includes(body), patienceMs);
  }

  async bodies(): Promise<readonly string[]> {
    return this.#bodies;
  }

  get session(): string {
    return String(this.#sessions);
  }

  async log(): Promise<string> {
    return this.#said.join('\n');
  }

  async close(): Promise<void> {
    this.#child.kill();
    await this.#exited;
  }

  #order(order: ClientOrder): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  #take(line: string): void {
    this.#said.push(line);
    // Some libraries print what they have to say.
    if (!line.startsWith('{')) return;
    const report = JSON.parse(line) as ClientReport;
    switch (report.type) {
      case 'online':
        this.#isOnline = true;
        if (!report.isSame) this.#sessions += 1;
        break;
      case 'offline':
        this.#isOnline = false;
        this.#condition = report.condition;
        break;
      case 'received':
        if (report.from.startsWith(`${this.#options.peer}/`)) this.#bodies.push(report.body);
        break;
    }
    this.#watch.changed();
  }
}
