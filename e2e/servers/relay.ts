/** `holdfast relay` in a process of its own, in front of a real server. Used by tests, soaks and benchmarks. */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SupervisedProcess, startSupervised } from '../processes/supervised-process.ts';
import type { TestUser, XmppServer } from './xmpp-server.ts';

const PROGRAM = fileURLToPath(
  new URL('../../electron/shells/command/holdfast.ts', import.meta.url),
);

export interface RunningRelay {
  readonly boshUrl: string;
  readonly monitorUrl: string;
  readonly process: SupervisedProcess;
  readonly logFile: string;
  /** SIGTERM, and waits until it has gone; its log goes too. */
  stop(): Promise<void>;
}

/** Starts it on ports the system chooses, with what else it is to be told. */
export async function startRelay(options: readonly string[]): Promise<RunningRelay> {
  const logFile = join(tmpdir(), `holdfast-relay-${process.pid}-${crypto.randomUUID()}.log`);
  const { process: running, match } = await startSupervised(
    {
      program: process.execPath,
      arguments: [
        ...[PROGRAM, 'relay', '--listen', '127.0.0.1:0', '--monitor', '127.0.0.1:0'],
        ...options,
      ],
      folder: tmpdir(),
      environment: {},
      logFile,
      removeWithParent: [logFile],
    },
    /"boshUrl":"([^"]+)","monitorUrl":"([^"]+)"/u,
  );
  const [, boshUrl = '', monitorUrl = ''] = match;
  return {
    ...{ boshUrl, monitorUrl, process: running, logFile },
    stop: async () => {
      await running.stop(20_000);
      await rm(logFile, { force: true });
    },
  };
}

/** What makes the relay serve a test server's domain. */
export function inFrontOf(server: XmppServer): string[] {
  return ['--domain', `${server.domain}=xmpp://${server.c2s.host}:${server.c2s.port}`];
}

/** A server whose BOSH is the relay's instead of its own; stopping it stops both. */
export async function behindRelay(
  server: XmppServer,
  options: readonly string[] = [],
): Promise<XmppServer & { readonly relay: RunningRelay }> {
  try {
    return new RelayedServer(server, await startRelay([...inFrontOf(server), ...options]));
  } catch (error) {
    await server.stop();
    throw error;
  }
}

class RelayedServer implements XmppServer {
  readonly relay: RunningRelay;
  readonly kind: XmppServer['kind'];
  readonly domain: string;
  readonly boshUrl: string;
  readonly boshUrlTls: string;
  readonly boshUrlOutside: string;
  readonly webSocketUrl: string;
  readonly c2s: XmppServer['c2s'];
  readonly c2sTls: XmppServer['c2sTls'];
  readonly certificate: string;
  readonly folder: string;
  readonly logFile: string;
  readonly #server: XmppServer;

  constructor(server: XmppServer, relay: RunningRelay) {
    this.#server = server;
    this.relay = relay;
    this.kind = server.kind;
    this.domain = server.domain;
    this.boshUrl = relay.boshUrl;
    this.boshUrlTls = server.boshUrlTls;
    this.boshUrlOutside = server.boshUrlOutside;
    this.webSocketUrl = server.webSocketUrl;
    this.c2s = server.c2s;
    this.c2sTls = server.c2sTls;
    this.certificate = server.certificate;
    this.folder = server.folder;
    this.logFile = relay.logFile;
  }

  get pid(): number {
    return this.#server.pid;
  }

  user(name: string): TestUser {
    return this.#server.user(name);
  }

  async stop(): Promise<void> {
    await this.relay.stop();
    await this.#server.stop();
  }

  kill(): Promise<void> {
    return this.#server.kill();
  }

  restart(): Promise<void> {
    return this.#server.restart();
  }
}
