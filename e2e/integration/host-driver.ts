/**
 * Drives a host as a shell does, for the integration tests: keeps what the host tells, and waits for
 * what it is to tell. Nothing here is a stand-in: store, secrets, HTTP and servers are the real ones.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost } from '../../electron/host/create-host.ts';
import { createNodeHttpExchange } from '../../electron/network/node-http-exchange.ts';
import { createKeyFileSecrets } from '../../electron/shells/browser/key-file-secrets.ts';
import type { HostPort } from '../../shared/contract/bridge.ts';
import type { CommandInput, CommandName, CommandOutput } from '../../shared/contract/commands.ts';
import type { HostEvent } from '../../shared/contract/events.ts';
import type { Account, Chat, Contact, Message } from '../../shared/contract/records.ts';
import type { Health } from '../../shared/health.ts';
import { newId } from '../../shared/ids.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { TestUser, XmppServer } from '../servers/xmpp-server.ts';

/** What a host is given besides its folder. */
export interface HostCircumstances {
  /** A PEM file of certificates it trusts beside Node's own. */
  readonly certificate?: string;
  /** What time it is, in epoch ms; the real one where absent. */
  readonly now?: () => number;
  /** Who has not looked for this long is away, in ms; the usual where absent. */
  readonly awayAfterMs?: number;
}

/** A data folder that outlives the hosts opened on it. */
export class HostFolder {
  readonly path: string;
  readonly #open = new Set<HostDriver>();

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<HostFolder> {
    return new HostFolder(await mkdtemp(join(tmpdir(), 'holdfast-host-')));
  }

  async open(circumstances: HostCircumstances = {}): Promise<HostDriver> {
    const driver = await HostDriver.open(this.path, circumstances);
    this.#open.add(driver);
    return driver;
  }

  /** What every host on it logged. */
  logs(): string {
    return [...this.#open].map((driver) => driver.log.join('\n')).join('\n-- opened again\n');
  }

  /** Closes every host on it and removes it. */
  async remove(): Promise<void> {
    await Promise.all([...this.#open].map((driver) => driver.close()));
    await rm(this.path, { recursive: true, force: true });
  }
}

/** A host and everything it has told so far. */
export class HostDriver {
  readonly accounts = new Map<string, Account>();
  readonly contacts = new Map<string, Contact>();
  readonly chats = new Map<string, Chat>();
  readonly messages = new Map<string, Message>();
  readonly phases: string[] = [];
  readonly log: string[];
  health: Health | undefined;
  readonly #host: HostPort;
  readonly #waiting = new Set<() => void>();

  private constructor(host: HostPort, log: string[]) {
    this.#host = host;
    this.log = log;
    host.subscribe((event) => {
      this.#take(event);
      for (const check of [...this.#waiting]) check();
    });
  }

  static async open(
    dataFolder: string,
    { certificate, now, awayAfterMs }: HostCircumstances = {},
  ): Promise<HostDriver> {
    const log: string[] = [];
    const ca = certificate === undefined ? [] : [await readFile(certificate, 'utf8')];
    const host = await createHost({
      dataFolder,
      secrets: await createKeyFileSecrets(dataFolder),
      createHttp: () => createNodeHttpExchange({ ca }),
      version: 'test',
      ...(now && { now }),
      ...(awayAfterMs !== undefined && { awayAfterMs }),
      log: (line) => log.push(`${new Date().toISOString().slice(17)} ${line}`),
    });
    return new HostDriver(host, log);
  }

  /** Runs a command; rejects with its ProblemError. */
  async run<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    const result = await this.#host.run(name, input);
    if (!result.ok) throw new ProblemError(result.problem);
    return result.value as CommandOutput<N>;
  }

  /** Adds an account of this server and waits until it is online. */
  async signIn(
    server: XmppServer,
    user: TestUser,
    endpoint: string = server.boshUrl,
  ): Promise<string> {
    const { accountId } = await this.run('accounts.add', { ...user, endpoint });
    await this.untilPhase('online', accountId);
    return accountId;
  }

  async write(accountId: string, jid: string, body: string): Promise<string> {
    const id = newId();
    await this.run('messages.send', { accountId, jid, id, body });
    return id;
  }

  untilPhase(phase: string, accountId = this.onlyAccount().id): Promise<void> {
    return this.until(`phase ${phase}`, () => {
      return this.accounts.get(accountId)?.connection.phase === phase;
    });
  }

  untilState(id: string, state: string): Promise<void> {
    return this.until(`${id} ${state}`, () => this.messages.get(id)?.state === state);
  }

  /** Resolves once what the host has told makes `holds` true; rejects after a while with the log. */
  until(what: string, holds: () => boolean, timeoutMs = 30_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        settle();
      };
      const check = () => holds() && done(resolve);
      const timer = setTimeout(
        () => done(() => reject(new Error(`never came: ${what}\n${this.log.join('\n')}`))),
        timeoutMs,
      );
      this.#waiting.add(check);
      check();
    });
  }

  onlyAccount(): Account {
    const [account] = this.accounts.values();
    if (!account) throw new Error('no account');
    return account;
  }

  /** The bodies of a chat in the order they are shown. */
  async bodies(accountId: string, jid: string): Promise<string[]> {
    const { messages } = await this.run('messages.load', { accountId, jid, limit: 200 });
    return messages.map((message) => message.body);
  }

  close(): Promise<void> {
    return this.#host.close();
  }

  #take(event: HostEvent): void {
    switch (event.type) {
      case 'snapshot':
        for (const { account, contacts, chats } of event.snapshot.accounts) {
          this.accounts.set(account.id, account);
          for (const contact of contacts) this.contacts.set(contact.jid, contact);
          for (const chat of chats) this.chats.set(chat.jid, chat);
        }
        break;
      case 'account':
        this.accounts.set(event.account.id, event.account);
        if (this.phases.at(-1) !== event.account.connection.phase) {
          this.phases.push(event.account.connection.phase);
        }
        break;
      case 'contact':
        this.contacts.set(event.contact.jid, event.contact);
        break;
      case 'contact-removed':
        this.contacts.delete(event.jid);
        break;
      case 'chat':
        this.chats.set(event.chat.jid, event.chat);
        break;
      case 'message':
        this.messages.set(event.message.id, event.message);
        break;
      case 'message-removed':
        this.messages.delete(event.id);
        break;
      case 'health':
        this.health = event.health;
        break;
    }
  }
}
