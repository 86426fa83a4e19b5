/**
 * The relay: the connection manager behind an HTTP server of its own, with XMPP servers over TCP behind it.
 * Started by `command.ts`; knows nothing of the process it runs in.
 */
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { Logger } from 'pino';
import {
  type ConnectionManager,
  createConnectionManager,
  type ManagerEvent,
} from '../../bosh/manager/connection-manager.ts';
import { createHttpEdge, MANAGER_SERVER_OPTIONS } from '../../bosh/manager/http-edge.ts';
import { startMonitor } from './monitor.ts';
import { peerReader } from './peer.ts';
import { createRelayMetrics, type RelayMetrics } from './relay-metrics.ts';
import type { ListenAddress, RelaySettings } from './relay-settings.ts';
import { startProblem } from './start-problem.ts';
import { createTcpUpstream, type UpstreamObserver } from './upstream/tcp-upstream.ts';

export interface Relay {
  /** Where clients are served. */
  readonly boshUrl: string;
  /** Where `/metrics` and `/health` are; absent: nowhere. */
  readonly monitorUrl?: string;
  /** Reads the certificate again; the one before stays where that fails. */
  renewCertificate(): Promise<void>;
  /** Takes no new session, ends the others with `system-shutdown`, and stops. */
  drain(): Promise<void>;
  /** Stops at once. */
  close(): Promise<void>;
}

/** How long a server may take to close its side of a stream, in ms. */
const CLOSE_MS = 5_000;
/** What a server may leave untaken: many times what the manager writes before it waits. */
const UNTAKEN = 16 * 1024 * 1024;

/** @throws ProblemError where a file cannot be read or an address cannot be listened at. */
export async function startRelay(settings: RelaySettings, log: Logger): Promise<Relay> {
  const metrics = createRelayMetrics();
  const manager = createConnectionManager({
    upstream: createTcpUpstream({
      domains: settings.domains,
      resolver: resolverOf(settings.nameServers),
      observer: observerOf(metrics, log),
      stanza: { length: settings.servers.stanza, depth: 128, attributes: 256 },
      untaken: UNTAKEN,
      connectMs: settings.servers.connect * 1_000,
      probeMs: settings.servers.probe * 1_000,
      whitespaceMs: settings.servers.keepalive * 1_000,
      closeMs: CLOSE_MS,
      trust: createSecureContext(await trusted(settings.ca)),
      plainOnLoopback: !settings.encryptLoopback,
    }),
    terms: settings.terms,
    limits: settings.limits,
    onEvent: (event) => logEvent(log, event),
  });
  metrics.read(() => manager.readings());
  let isDraining = false;
  const server = await serve(settings, requestListener(settings, manager));
  const boshUrl = `${settings.tls ? 'https' : 'http'}://${placeOf(server)}${settings.path}`;
  const monitor =
    settings.monitor &&
    (await startMonitor(settings.monitor, metrics, () => ({
      isServing: !isDraining,
      sessions: manager.readings().sessions,
    })).catch(async (error) => {
      await stop(server);
      throw error;
    }));
  log.info({ boshUrl, monitorUrl: monitor?.url, domains: [...settings.domains.keys()] }, 'serving');

  const close = async () => {
    await manager.close();
    await stop(server);
    await monitor?.stop();
  };
  return {
    boshUrl,
    ...(monitor ? { monitorUrl: monitor.url } : {}),
    renewCertificate: async () => {
      if (!settings.tls || !(server instanceof TlsServer)) return;
      server.setSecureContext(await certificateOf(settings.tls));
      log.info('certificate read again');
    },
    drain: async () => {
      isDraining = true;
      log.info({ sessions: manager.readings().sessions }, 'draining');
      await manager.drain(settings.drain * 1_000);
      await close();
      log.info('stopped');
    },
    close,
  };
}

/** HTTP for the manager, and a word for what it has no answer to. */
function requestListener(
  settings: RelaySettings,
  manager: ConnectionManager,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { path, publicUrl, origins, allowPlainHttp, trustedProxies } = settings;
  const peerOf = peerReader(trustedProxies);
  const edge = createHttpEdge(manager, {
    ...{ path, peerOf },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(origins ? { origins } : {}),
  });
  return (request, response) => {
    if (!allowPlainHttp && !peerOf(request).secure) refuse(request, response, 403, HTTPS_ONLY);
    else if (!edge(request, response)) refuse(request, response, 404, `BOSH is at ${path}.\n`);
  };
}

const HTTPS_ONLY =
  'This connection manager is used over HTTPS only. Behind a reverse proxy: it must be trusted (--trust-proxy) and send X-Forwarded-Proto.\n';

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  words: string,
): void {
  // What it brings is not waited for.
  request.resume();
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(words),
    connection: 'close',
  });
  response.end(words);
}

async function serve(
  { tls, listen }: RelaySettings,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = tls
    ? createTlsServer({ ...MANAGER_SERVER_OPTIONS, ...(await certificateOf(tls)) }, listener)
    : createServer(MANAGER_SERVER_OPTIONS, listener);
  await listenAt(server, listen);
  return server;
}

/** @throws ProblemError that says who or what is in the way. */
async function listenAt(server: Server, { host, port }: ListenAddress): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw startProblem(
      `The relay cannot listen at ${host}:${port}.`,
      'Choose another place with --listen, or stop what listens there.',
      error,
    );
  }
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** The address by which the server is reached from this computer. */
function placeOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function certificateOf(files: {
  cert: string;
  key: string;
}): Promise<{ cert: Buffer; key: Buffer }> {
  const read = {
    cert: await readPem(files.cert, '--cert'),
    key: await readPem(files.key, '--key'),
  };
  try {
    createSecureContext(read);
  } catch (error) {
    throw startProblem(
      'The certificate and the key cannot be used.',
      'Check that both are PEM files and belong together.',
      error,
    );
  }
  return read;
}

async function trusted(file: string | undefined): Promise<{ ca?: (string | Buffer)[] }> {
  return file === undefined ? {} : { ca: [...rootCertificates, await readPem(file, '--ca')] };
}

async function readPem(file: string, option: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw startProblem(
      `The file ${file} cannot be read.`,
      `Check the path after ${option}, and who may read it.`,
      error,
    );
  }
}

function resolverOf(nameServers: readonly string[]): Resolver {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (nameServers.length > 0) resolver.setServers(nameServers);
  return resolver;
}

function observerOf(metrics: RelayMetrics, log: Logger): UpstreamObserver {
  return {
    onOpened: (domain, milliseconds) => metrics.opened(domain, milliseconds),
    onRefused: (domain, { host, port }, detail) => {
      metrics.refused(domain);
      log.warn({ domain, server: `${host}:${port}`, detail }, 'server not reached');
    },
    onClosed: (domain, end) => {
      metrics.closed(domain, end);
      if (end !== 'session') log.info({ domain, end }, 'server closed a stream');
    },
  };
}

function logEvent(log: Logger, { type, ...fields }: ManagerEvent): void {
  if (type === 'refused') log.warn(fields, 'request refused');
  else log.info(fields, type === 'created' ? 'session created' : 'session ended');
}
