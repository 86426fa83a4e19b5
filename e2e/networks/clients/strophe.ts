/** Strophe.js in the matrix. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Watch } from '../watch.ts';
import type { ClientKind, ClientOptions, NetworkClient } from './network-client.ts';
import type { StropheOrder, StropheReport } from './strophe-process.ts';

export const strophe: ClientKind = {
  name: 'Strophe.js',
  create: async (options) => new StropheClient(options),
};

class StropheClient implements NetworkClient {
  readonly #options: ClientOptions;
  readonly #child: ChildProcess;
  readonly #watch = new Watch();
  readonly #bodies: string[] = [];
  readonly #said: string[] = [];
  #isOnline = false;
  #sessions = 0;
  #condition: string | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#child = fork(fileURLToPath(new URL('strophe-process.ts', import.meta.url)), [], {
      execArgv: [],
      env: { ...process.env, ...options.access.environment },
    });
    this.#child.on('message', (report: StropheReport) => this.#take(report));
  }

  async start(): Promise<void> {
    const { access, account } = this.#options;
    this.#order({ type: 'connect', service: access.endpoint, ...account });
  }

  async online(patienceMs: number): Promise<void> {
    await this.#watch.until('online', () => this.#isOnline, patienceMs);
  }

  async problem(patienceMs: number): Promise<string> {
    await this.#watch.until('a problem', () => this.#condition !== undefined, patienceMs);
    return this.#condition || 'disconnected';
  }

  async send(body: string): Promise<void> {
    if (!this.#isOnline) throw new Error('Strophe.js is offline');
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
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }

  #order(order: StropheOrder): void {
    this.#child.send(order);
  }

  #take(report: StropheReport): void {
    this.#said.push(JSON.stringify(report));
    switch (report.type) {
      case 'online':
        this.#isOnline = true;
        this.#sessions += 1;
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
