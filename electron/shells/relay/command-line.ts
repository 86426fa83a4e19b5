/** The command line of `holdfast relay`, read and checked. Used by `command.ts`; pure. */
import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { numberOptions, numbersUsage, readNumbers } from './number-options.ts';
import { isTrustworthy } from './peer.ts';
import {
  type ListenAddress,
  LOG_LEVELS,
  type LogLevel,
  type RelaySettings,
} from './relay-settings.ts';
import type { ServerAddress } from './upstream/server-address.ts';
import { asciiDomain, type ServedDomains } from './upstream/tcp-upstream.ts';
import { usageProblem } from './usage-problem.ts';

/** What `--help` prints. */
export const USAGE = `Usage: holdfast relay --domain NAME … [options]

Speaks BOSH (XEP-0124, XEP-0206) with clients and XMPP over TCP with the servers behind it.

What is served
  --domain NAME[=ADDRESS]  a domain that clients may reach; again for each. Its server is looked up
                           (SRV, direct TLS too), or is at ADDRESS: xmpp://HOST:PORT for STARTTLS,
                           xmpps://HOST:PORT for TLS at once. No other domain can be reached.
  --listen HOST:PORT       where clients are served (default 127.0.0.1:5280)
  --path PATH              the path of the BOSH address (default /http-bind)
  --public-url URL         the BOSH address as clients see it; answers /.well-known/host-meta
  --origin ORIGIN          pages of this site only may use it, again for each (default: of any site)

How clients come
  --cert FILE --key FILE   speak HTTPS with this certificate (PEM); SIGHUP reads both again
  --trust-proxy ADDRESS    a reverse proxy, by address or subnet, whose X-Forwarded-For and
                           X-Forwarded-Proto are true; again for each. “loopback” is this computer.
  --allow-plain-http       serve other computers without encryption too

To the servers
  --ca FILE                trust these authorities too (PEM)
  --encrypt-loopback       use TLS with servers on this computer too
  --dns ADDRESS[:PORT]     ask this name server instead of the system's; again for each

In service
  --monitor HOST:PORT      /metrics for Prometheus and /health (default 127.0.0.1:5281); “off”: none
  --log-level LEVEL        ${LOG_LEVELS.join(', ')} (default info)
  --help                   show this

Numbers
${numbersUsage()}

SIGTERM ends every session with “system-shutdown”, then the relay.`;

/** @throws ProblemError `app.usage` with what is wrong and what would be right. */
export function parseCommandLine(parameters: readonly string[]): RelaySettings | 'help' {
  const given = read(parameters);
  if (given.help) return 'help';
  const { cert, key, ca } = given;
  const publicUrl = given['public-url'];
  const settings: RelaySettings = {
    domains: domainsOf(given.domain ?? []),
    listen: listenAddress('listen', given.listen ?? '127.0.0.1:5280'),
    path: pathOf(given.path ?? '/http-bind'),
    ...(publicUrl === undefined ? {} : { publicUrl: publicUrlOf(publicUrl) }),
    ...tlsOf(cert, key),
    trustedProxies: trustedProxiesOf(given['trust-proxy'] ?? []),
    allowPlainHttp: given['allow-plain-http'] ?? false,
    ...(given.origin ? { origins: given.origin.map(originOf) } : {}),
    ...(ca === undefined ? {} : { ca }),
    encryptLoopback: given['encrypt-loopback'] ?? false,
    nameServers: (given.dns ?? []).map(nameServerOf),
    ...monitorOf(given.monitor),
    logLevel: logLevelOf(given['log-level'] ?? 'info'),
    ...readNumbers(given),
  };
  refuseReadablePasswords(settings);
  return settings;
}

function read(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      options: {
        domain: { type: 'string', multiple: true },
        listen: { type: 'string' },
        path: { type: 'string' },
        'public-url': { type: 'string' },
        origin: { type: 'string', multiple: true },
        cert: { type: 'string' },
        key: { type: 'string' },
        'trust-proxy': { type: 'string', multiple: true },
        'allow-plain-http': { type: 'boolean' },
        ca: { type: 'string' },
        'encrypt-loopback': { type: 'boolean' },
        dns: { type: 'string', multiple: true },
        monitor: { type: 'string' },
        'log-level': { type: 'string' },
        help: { type: 'boolean' },
        ...Object.fromEntries(numberOptions.map(({ name }) => [name, { type: 'string' } as const])),
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw usageProblem(message, '“holdfast relay --help” lists the options.');
  }
}

function domainsOf(given: readonly string[]): ServedDomains {
  if (given.length === 0) {
    throw usageProblem(
      'No domain is named, and a relay to anywhere would be open to everybody.',
      'Name each domain that may be reached: --domain example.org',
    );
  }
  const domains = new Map<string, ServerAddress | undefined>();
  for (const one of given) {
    const [name = '', address] = one.split(/=(.*)/su);
    const domain = asciiDomain(name);
    if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/u.test(domain) || isIP(domain) !== 0) {
      throw usageProblem(
        `--domain takes the name of a domain, not “${name}”.`,
        'Name it as in an XMPP address, after the @: --domain example.org',
      );
    }
    domains.set(domain, address === undefined ? undefined : serverAddressOf(address));
  }
  return domains;
}

/** Of a server, by the scheme that says how TLS begins. */
function serverAddressOf(text: string): ServerAddress {
  const url = URL.parse(text);
  const directTls = url?.protocol === 'xmpps:';
  const isPlace = url !== null && url.hostname !== '' && /^\/?$/u.test(url.pathname + url.search);
  if (!isPlace || !(directTls || url.protocol === 'xmpp:') || url.username !== '') {
    throw usageProblem(
      `The address of a server is like xmpp://host:5222 or xmpps://host:5223, not “${text}”.`,
      'xmpp: begins with STARTTLS, xmpps: with TLS at once.',
    );
  }
  const port = url.port === '' ? (directTls ? 5223 : 5222) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/gu, ''), port, directTls };
}

function listenAddress(option: string, text: string): ListenAddress {
  const [, bracketed, plain, port] =
    /^(?:\[([\da-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/iu.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > 65_535) {
    throw usageProblem(
      `--${option} takes an address and a port, not “${text}”.`,
      `For instance --${option} 127.0.0.1:5280, or --${option} [::]:5280 for every address of this computer.`,
    );
  }
  return { host, port: Number(port) };
}

function monitorOf(text: string | undefined): { monitor?: ListenAddress } {
  return text === 'off' ? {} : { monitor: listenAddress('monitor', text ?? '127.0.0.1:5281') };
}

function pathOf(text: string): string {
  if (!/^\/[\w./~-]*$/u.test(text)) {
    throw usageProblem(
      `--path takes a path, not “${text}”.`,
      'It begins with a slash: --path /http-bind',
    );
  }
  return text;
}

function publicUrlOf(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/u.test(url.protocol)) {
    throw usageProblem(
      `--public-url takes a web address, not “${text}”.`,
      'Give it as clients use it: --public-url https://chat.example.org/http-bind',
    );
  }
  return url.href;
}

function originOf(text: string): string {
  const origin = URL.parse(text)?.origin;
  if (origin === undefined || origin === 'null') {
    throw usageProblem(
      `--origin takes the address of a site, not “${text}”.`,
      'For instance --origin https://chat.example.org',
    );
  }
  return origin;
}

function tlsOf(
  cert: string | undefined,
  key: string | undefined,
): { tls?: { cert: string; key: string } } {
  if (cert !== undefined && key !== undefined) return { tls: { cert, key } };
  if (cert === undefined && key === undefined) return {};
  const missing = cert === undefined ? '--cert' : '--key';
  throw usageProblem(
    `${missing} is missing.`,
    'HTTPS takes both, the certificate with --cert and its key with --key.',
  );
}

function trustedProxiesOf(given: readonly string[]): readonly string[] {
  for (const one of given) {
    if (!isTrustworthy(one)) {
      throw usageProblem(
        `--trust-proxy takes an address or a subnet, not “${one}”.`,
        'For instance --trust-proxy loopback, --trust-proxy 10.0.0.7 or --trust-proxy 10.0.0.0/24.',
      );
    }
  }
  return given;
}

function nameServerOf(text: string): string {
  const [, bracketed, plain] =
    /^(?:\[([\da-f:.]+)\](?::\d{1,5})?|([\d.]+)(?::\d{1,5})?)$/iu.exec(text) ?? [];
  if (isIP(text) === 0 && isIP(bracketed ?? plain ?? '') === 0) {
    throw usageProblem(
      `--dns takes the address of a name server, not “${text}”.`,
      'For instance --dns 192.0.2.53 or --dns [2001:db8::53]:5353.',
    );
  }
  return text;
}

function logLevelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text);
  if (level) return level;
  throw usageProblem(`--log-level does not take “${text}”.`, `It takes ${LOG_LEVELS.join(', ')}.`);
}

/** Whoever is in between could read every password. */
function refuseReadablePasswords({
  listen,
  tls,
  trustedProxies,
  allowPlainHttp,
}: RelaySettings): void {
  const isLocal = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/iu.test(listen.host);
  if (isLocal || tls || trustedProxies.length > 0 || allowPlainHttp) return;
  throw usageProblem(
    `At ${listen.host} other computers would send their passwords unencrypted.`,
    'Give --cert and --key, or name the reverse proxy in front with --trust-proxy. --allow-plain-http does it nevertheless.',
  );
}
