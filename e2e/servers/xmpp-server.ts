/**
 * A real XMPP server for tests: started on free loopback ports in a fresh folder and gone afterwards.
 * `prosody.ts` and `ejabberd.ts` describe theirs; this file starts, kills and restarts either.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OUTSIDE_NAME } from '../networks/programs/names.ts';
import { type SupervisedProcess, startSupervised } from '../processes/supervised-process.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import { freePorts } from './free-ports.ts';

export type ServerKind = 'prosody' | 'ejabberd';

export interface ServerOptions {
  /** Users besides alice, bob and carol; lower-case letters and digits. */
  readonly users?: readonly string[];
  /** Seconds after which an idle BOSH session ends (XEP-0124 §7.1 `inactivity`). */
  readonly inactivity?: number;
  /** The longest pause ejabberd grants, in seconds; Prosody grants none. Default: as long as `inactivity`. */
  readonly pause?: number;
  /**
   * Seconds for which ejabberd keeps the stream of a lost session (XEP-0198), in which others see its user
   * online; 0: not at all. Default 2, so that a session is over soon; its own default is 300.
   */
  readonly resumption?: number;
  /** The longest `wait` granted, in seconds; ejabberd grants what is asked and ignores this. */
  readonly wait?: number;
  /** Modules of Prosody's beside the usual ones, from the community's too. */
  readonly modules?: readonly string[];
  /** Offer STARTTLS on the c2s port; default true. `required`: nobody signs in there without. */
  readonly tls?: boolean | 'required';
  /** Also serve {@link ANONYMOUS_DOMAIN}, where anybody may sign in without a name (SASL ANONYMOUS). */
  readonly anonymous?: boolean;
}

export interface TestUser {
  readonly jid: string;
  readonly password: string;
}

export interface XmppServer {
  readonly kind: ServerKind;
  readonly domain: string;
  /** Of the server's own process. */
  readonly pid: number;
  readonly boshUrl: string;
  readonly boshUrlTls: string;
  /** The same by a name that only the proxies of the tests can resolve. */
  readonly boshUrlOutside: string;
  readonly webSocketUrl: string;
  readonly c2s: { readonly host: string; readonly port: number };
  /** The same with TLS from the first byte (XEP-0368). */
  readonly c2sTls: { readonly host: string; readonly port: number };
  /** PEM file of its self-signed certificate. */
  readonly certificate: string;
  readonly folder: string;
  readonly logFile: string;
  user(name: string): TestUser;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** SIGKILL; the folder stays. */
  kill(): Promise<void>;
  /** Ends it where it runs, and starts it again on the same ports with the same data. */
  restart(): Promise<void>;
}

/** What a kind of server is told. */
export interface ServerPlan {
  readonly folder: string;
  readonly ports: Readonly<Record<'c2s' | 'c2sTls' | 'http' | 'https', number>>;
  readonly users: readonly TestUser[];
  readonly certificate: Certificate;
  readonly options: ServerOptions;
}

/** How one kind of server is set up and run. */
export interface ServerRecipe {
  readonly kind: ServerKind;
  /** Writes configuration and accounts. */
  prepare(plan: ServerPlan): Promise<void>;
  /** The command; it prints {@link READY_LINE} once its ports answer and its accounts exist. */
  command(plan: ServerPlan): {
    readonly program: string;
    readonly arguments: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
  };
}

export const DOMAIN = 'localhost';
/** Sessions there cost no password's hashing, which would outweigh all else in a benchmark of many. */
export const ANONYMOUS_DOMAIN = `anonymous.${DOMAIN}`;
/** Where group rooms are (XEP-0045). */
export const ROOMS = `conference.${DOMAIN}`;
/** Printed by either server from inside itself when it is ready. */
export const READY_LINE = 'server-is-ready';

/** How long a start may take, and how much longer for each user whose password is hashed then, in ms. */
const START_MS = 30_000;
const USER_START_MS = 500;
const USERS = ['alice', 'bob', 'carol'];
const HOST = '127.0.0.1';

/** Starts a server of this kind, ready for BOSH. */
export async function startServer(
  recipe: ServerRecipe,
  options: ServerOptions = {},
): Promise<XmppServer> {
  const folder = await mkdtemp(join(tmpdir(), `holdfast-${recipe.kind}-`));
  try {
    const [c2s = 0, c2sTls = 0, http = 0, https = 0] = await freePorts(4);
    const plan: ServerPlan = {
      folder,
      ports: { c2s, c2sTls, http, https },
      users: [...USERS, ...(options.users ?? [])].map(testUser),
      certificate: await makeCertificate(folder),
      options,
    };
    await recipe.prepare(plan);
    return await RunningServer.start(recipe, plan);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function testUser(name: string): TestUser {
  return { jid: `${name}@${DOMAIN}`, password: `pw-${name}` };
}

class RunningServer implements XmppServer {
  readonly #recipe: ServerRecipe;
  readonly #plan: ServerPlan;
  #process: SupervisedProcess;

  private constructor(recipe: ServerRecipe, plan: ServerPlan, process: SupervisedProcess) {
    this.#recipe = recipe;
    this.#plan = plan;
    this.#process = process;
  }

  static async start(recipe: ServerRecipe, plan: ServerPlan): Promise<RunningServer> {
    return new RunningServer(recipe, plan, await run(recipe, plan));
  }

  get kind(): ServerKind {
    return this.#recipe.kind;
  }
  readonly domain = DOMAIN;
  get pid(): number {
    return this.#process.pid;
  }
  get boshUrl(): string {
    return `http://${HOST}:${this.#plan.ports.http}/http-bind`;
  }
  get boshUrlTls(): string {
    return `https://${DOMAIN}:${this.#plan.ports.https}/http-bind`;
  }
  get boshUrlOutside(): string {
    return `https://${OUTSIDE_NAME}:${this.#plan.ports.https}/http-bind`;
  }
  get webSocketUrl(): string {
    return `ws://${HOST}:${this.#plan.ports.http}/ws`;
  }
  get c2s(): { host: string; port: number } {
    return { host: HOST, port: this.#plan.ports.c2s };
  }
  get c2sTls(): { host: string; port: number } {
    return { host: HOST, port: this.#plan.ports.c2sTls };
  }
  get certificate(): string {
    return this.#plan.certificate.certificate;
  }
  get folder(): string {
    return this.#plan.folder;
  }
  get logFile(): string {
    return serverLog(this.#plan);
  }

  user(name: string): TestUser {
    const user = testUser(name);
    if (!this.#plan.users.some(({ jid }) => jid === user.jid)) {
      throw new Error(`${user.jid} was not asked for when the server was started`);
    }
    return user;
  }

  async stop(): Promise<void> {
    await this.#process.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async kill(): Promise<void> {
    await this.#process.kill();
  }

  async restart(): Promise<void> {
    await this.#process.stop();
    this.#process = await run(this.#recipe, this.#plan);
  }
}

async function run(recipe: ServerRecipe, plan: ServerPlan): Promise<SupervisedProcess> {
  const { process } = await startSupervised(
    {
      ...recipe.command(plan),
      folder: plan.folder,
      logFile: serverLog(plan),
      removeWithParent: [plan.folder],
    },
    new RegExp(READY_LINE),
    START_MS + plan.users.length * USER_START_MS,
  );
  // The ready line says that the server is up; this says that the ports are its own.
  const answer = await fetch(`http://${HOST}:${plan.ports.http}/http-bind`, {
    signal: AbortSignal.timeout(10_000),
  });
  await answer.body?.cancel();
  if (answer.status >= 500) throw new Error(`${recipe.kind} answers ${answer.status} on BOSH`);
  return process;
}

function serverLog(plan: ServerPlan): string {
  return join(plan.folder, 'server.log');
}
