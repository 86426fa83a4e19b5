/** A host opened on a folder by a unit test, and everything it has told: asked by commands, waited for by events. */
import type { HostPort } from '../../../shared/contract/bridge.ts';
import type {
  CommandInput,
  CommandName,
  CommandOutput,
} from '../../../shared/contract/commands.ts';
import type { HostEvent, Snapshot } from '../../../shared/contract/events.ts';
import { newId } from '../../../shared/ids.ts';
import { ProblemError } from '../../../shared/problem.ts';
import { createHost, type HostOptions } from '../create-host.ts';
import type { Secrets } from '../secrets.ts';

export const ROMEO = 'romeo@example.org';

/** Sealed text that a test can tell from what was sealed. */
export const testSecrets: Secrets = {
  protection: 'key-file',
  seal: async (secret) => Buffer.from(secret).toString('base64'),
  unseal: async (sealed) => Buffer.from(sealed, 'base64').toString(),
};

export type OpenedHostOptions = Pick<HostOptions, 'dataFolder' | 'createHttp'> &
  Partial<HostOptions>;

export class OpenedHost {
  readonly #port: HostPort;
  readonly events: HostEvent[] = [];
  readonly log: string[];
  readonly #waiting = new Set<() => void>();

  private constructor(port: HostPort, log: string[]) {
    this.#port = port;
    this.log = log;
    port.subscribe((event) => {
      this.events.push(event);
      for (const check of [...this.#waiting]) check();
    });
  }

  /** Pauses of the ladder, and between looks into the archive, last no time. */
  static async open(options: OpenedHostOptions): Promise<OpenedHost> {
    const log: string[] = [];
    const port = await createHost({
      ...{ secrets: testSecrets, version: 'test', random: () => 0, lookAgainMs: 0 },
      ...options,
      log: (line) => log.push(line),
    });
    return new OpenedHost(port, log);
  }

  async run<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    const result = await this.#port.run(name, input);
    if (!result.ok) throw new ProblemError(result.problem);
    return result.value as CommandOutput<N>;
  }

  raw(name: string, input: unknown) {
    return this.#port.run(name, input);
  }

  sleep(): Promise<void> {
    return this.#port.sleep();
  }

  wake(): void {
    this.#port.wake();
  }

  /** The state the page would have, folded from the events. */
  get snapshot(): Snapshot {
    let snapshot: Snapshot = { accounts: [], notices: [] };
    this.#port.subscribe((event) => {
      if (event.type === 'snapshot') snapshot = event.snapshot;
    })();
    return snapshot;
  }

  get account() {
    const [first] = this.snapshot.accounts;
    if (!first) throw new Error('no account');
    return first;
  }

  get connection() {
    return this.account.account.connection;
  }

  async add(
    account: { jid: string; password: string; endpoint: string } = {
      jid: 'juliet@example.org',
      password: 'secret',
      endpoint: 'https://example.org/bosh',
    },
  ): Promise<string> {
    const { accountId } = await this.run('accounts.add', account);
    return accountId;
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!holds()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  untilPhase(phase: string): Promise<void> {
    return this.until(() => this.connection.phase === phase);
  }

  /** Until the page has been told of this text. */
  untilTold(body: string): Promise<void> {
    return this.until(() =>
      this.events.some((event) => event.type === 'message' && event.message.body === body),
    );
  }

  untilState(id: string, state: string): Promise<void> {
    return this.until(() => this.messageNow(id)?.state === state);
  }

  messageNow(id: string) {
    const told = this.events.findLast(
      (event) => event.type === 'message' && event.message.id === id,
    );
    return told?.type === 'message' ? told.message : undefined;
  }

  async write(accountId: string, body: string, jid = ROMEO): Promise<string> {
    const id = newId();
    await this.run('messages.send', { accountId, jid, id, body });
    return id;
  }

  async bodies(accountId: string, jid = ROMEO): Promise<string[]> {
    const { messages } = await this.run('messages.load', { accountId, jid, limit: 200 });
    return messages.map((message) => message.body);
  }

  close(): Promise<void> {
    return this.#port.close();
  }
}
