/** Holdfast in the matrix: the browser shell as it ships, without a page. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostClient } from '../../holdfast/host-client.ts';
import { type RunningHoldfast, startHoldfast } from '../../holdfast/start-holdfast.ts';
import type { ClientKind, ClientOptions, NetworkClient } from './network-client.ts';

export const holdfast: ClientKind = {
  name: 'Holdfast',
  about: 'the browser shell as it ships: BOSH, and the proxies of the system or the account',
  create: async (options) =>
    new Holdfast(options, await mkdtemp(join(tmpdir(), 'holdfast-network-'))),
};

class Holdfast implements NetworkClient {
  readonly #options: ClientOptions;
  readonly #dataFolder: string;
  #running: RunningHoldfast | undefined;
  #client: HostClient | undefined;
  #accountId = '';
  #lastSent: Promise<unknown> = Promise.resolve();

  constructor(options: ClientOptions, dataFolder: string) {
    this.#options = options;
    this.#dataFolder = dataFolder;
  }

  async start(): Promise<void> {
    const { access, account } = this.#options;
    const { endpoint, proxy, environment = {} } = access;
    this.#running = await startHoldfast({
      ...{ dataFolder: this.#dataFolder, temporary: true, environment },
    });
    this.#client = await HostClient.open(this.#running);
    const { accountId } = await this.#client.run('accounts.add', {
      ...{ ...account, endpoint },
      ...(proxy && { proxy }),
    });
    this.#accountId = accountId;
  }

  async online(patienceMs: number): Promise<void> {
    const isOnline = () => {
      const { phase, problem } = this.#connection ?? {};
      if (phase === 'failed') throw new Error(problem?.code);
      return phase === 'online';
    };
    await this.#host.until('online', isOnline, patienceMs);
  }

  async problem(patienceMs: number): Promise<string> {
    let code: string | undefined;
    const isSaid = () => {
      // The next try may begin before anybody reads it.
      code ??= this.#connection?.problem?.code;
      return code !== undefined;
    };
    await this.#host.until('a problem', isSaid, patienceMs);
    return code ?? '';
  }

  async examine(patienceMs: number): Promise<readonly string[]> {
    await this.#host.run('doctor.start', { accountId: this.#accountId });
    const isOver = () => this.#host.doctor?.state === 'done';
    await this.#host.until('a verdict', isOver, patienceMs);
    return this.#host.doctor?.verdict?.findings.map(({ code }) => code) ?? [];
  }

  /** Two commands at once could overtake each other on their way to the host. */
  send(body: string): Promise<void> {
    const message = {
      ...{ accountId: this.#accountId, jid: this.#options.peer, id: randomUUID(), body },
    };
    const sent = this.#lastSent.then(async () => {
      await this.#host.run('messages.send', message);
    });
    this.#lastSent = sent.catch(() => {});
    return sent;
  }

  async received(body: string, patienceMs: number): Promise<void> {
    const isThere = () =>
      [...this.#host.messages.values()].some((each) => !each.outgoing && each.body === body);
    await this.#host.until(body, isThere, patienceMs);
  }

  async bodies(): Promise<readonly string[]> {
    const messages = await this.#host.loadAll(this.#accountId, this.#options.peer);
    return messages.filter(({ outgoing }) => !outgoing).map(({ body }) => body);
  }

  get session(): string {
    return this.#host.health.get(this.#accountId)?.sid ?? '';
  }

  async log(): Promise<string> {
    const said = await readFile(join(this.#dataFolder, 'shell.log'), 'utf8').catch(() => '');
    const health = this.#client?.health.get(this.#accountId);
    return `${said}${JSON.stringify(this.#connection)}\n${JSON.stringify(health, null, 1)}`;
  }

  async close(): Promise<void> {
    this.#client?.close();
    await this.#running?.process.stop();
    await rm(this.#dataFolder, { recursive: true, force: true });
  }

  get #host(): HostClient {
    if (!this.#client) throw new Error('Holdfast is not running');
    return this.#client;
  }

  get #connection() {
    return this.#client?.accounts.get(this.#accountId)?.connection;
  }
}
