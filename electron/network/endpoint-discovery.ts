/**
 * Finds the BOSH endpoint of an XMPP domain in its host-meta, XRD and JRD, over HTTPS (XEP-0156 v1.4 §3).
 * The host calls it when the person typed no address. XEP-0156 wants host-meta only after the methods of
 * RFC 6120; a client that speaks nothing but BOSH has no use for those and begins here.
 */
import { type Problem, ProblemError, problemOf } from '../../shared/problem.ts';
import { endpointFault } from './endpoint-address.ts';
import { jrdLinks, xrdLinks } from './host-meta.ts';
import type { HttpExchange, HttpResponse } from './http-exchange.ts';
import { networkProblem } from './network-problem.ts';
import { describeStranger, isHtml } from './strangers.ts';

type DiscoveryMethod = 'host-meta' | 'host-meta.json';

interface EndpointCandidate {
  /** Absolute; https, or http to this computer. */
  readonly url: string;
  /** The document that names it; XRD where both do. */
  readonly method: DiscoveryMethod;
}

/** The first candidate, and all of them: XRD's before JRD's, each in document order, none twice. */
export interface DiscoveredEndpoint extends EndpointCandidate {
  readonly candidates: readonly EndpointCandidate[];
}

export interface DiscoveryOptions {
  /** Where host-meta is asked for; `https://` and the domain where absent. */
  readonly hostMetaOrigin?: string;
  /** For each document, redirects included, in ms. */
  readonly timeoutMs?: number;
  /** How long the second document is waited for once the first names an endpoint, in ms. */
  readonly graceMs?: number;
}

const relation = 'urn:xmpp:alt-connections:xbosh';
const documentBytes = 64 * 1024;
const documentTimeoutMs = 10_000;
const documentGraceMs = 1_500;
const mostRedirects = 3;

const readers = {
  'host-meta': { lane: 0, links: xrdLinks },
  'host-meta.json': { lane: 1, links: jrdLinks },
} as const;

/**
 * Asks a domain's host-meta for its BOSH endpoint. Uses lanes 0 and 1 of `http`.
 * @throws ProblemError `input.domain` where `domain` is no host name, `network.aborted`, or
 *   `network.no-endpoint` whose detail names what became of each document.
 */
export async function discoverEndpoint(
  domain: string,
  http: HttpExchange,
  signal?: AbortSignal,
  options: DiscoveryOptions = {},
): Promise<DiscoveredEndpoint> {
  const origin = options.hostMetaOrigin ?? originOf(domain);
  const enough = new AbortController();
  const stop = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  let grace: NodeJS.Timeout | undefined;
  const look = async (method: DiscoveryMethod): Promise<EndpointCandidate[]> => {
    const { lane, links } = readers[method];
    const text = await fetchDocument(`${origin}/.well-known/${method}`, lane, http, stop, options);
    const candidates = accepted(readDocument(text, links), method);
    grace ??= setTimeout(() => enough.abort(), options.graceMs ?? documentGraceMs);
    return candidates;
  };
  const methods: readonly DiscoveryMethod[] = ['host-meta', 'host-meta.json'];
  const results = await Promise.allSettled(methods.map(look));
  clearTimeout(grace);
  if (signal?.aborted) throw networkProblem('network.aborted');
  const candidates = withoutRepeats(
    results.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])),
  );
  const [first] = candidates;
  if (first !== undefined) return { ...first, candidates };
  throw noEndpoint(
    domain,
    results.map((result, index) => ({
      method: methods[index] ?? 'host-meta',
      reason: result.status === 'rejected' ? (result.reason as unknown) : undefined,
    })),
  );
}

function originOf(domain: string): string {
  const address = `https://${domain}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.href !== `${url.origin}/` || /[\s@/?#\\]|^[^[]*:/.test(domain)) {
    throw new ProblemError({
      code: 'input.domain',
      source: 'input',
      message: 'The part after the @ sign is not the name of a server.',
      advice: 'It looks like example.org.',
      retry: 'never',
    });
  }
  return url.origin;
}

/** Gets one document, following a few redirects that stay on HTTPS. */
async function fetchDocument(
  url: string,
  lane: number,
  http: HttpExchange,
  signal: AbortSignal,
  options: DiscoveryOptions,
): Promise<string> {
  const deadline = performance.now() + (options.timeoutMs ?? documentTimeoutMs);
  let current = new URL(url);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    if (current.protocol !== 'https:' || current.username !== '' || current.password !== '') {
      throw invalid(`a redirect leaves HTTPS for ${current.protocol}//${current.host}`);
    }
    const response = await http.send({
      method: 'GET',
      url: current.href,
      lane,
      timeoutMs: Math.max(1, Math.round(deadline - performance.now())),
      maxBytes: documentBytes,
      signal,
    });
    const { location } = response.headers;
    if (response.status < 300 || response.status > 399 || location === undefined) {
      return document(response);
    }
    if (!URL.canParse(location, current.href)) throw invalid('a redirect leads nowhere');
    current = new URL(location, current.href);
  }
  throw invalid(`more than ${mostRedirects} redirects`);
}

function document(response: HttpResponse): string {
  if (response.status !== 200 || isHtml(response)) {
    throw new ProblemError(describeStranger(response));
  }
  return response.body;
}

function readDocument(text: string, links: (text: string, rel: string) => string[]): string[] {
  try {
    return links(text, relation);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function accepted(links: readonly string[], method: DiscoveryMethod): EndpointCandidate[] {
  if (links.length === 0) throw noLink('no link to a BOSH service');
  const urls = links.flatMap((href) => (URL.canParse(href) ? [new URL(href)] : []));
  const fit = urls.filter((url) => endpointFault(url) === undefined);
  if (fit.length === 0) throw noLink(`none of ${links.length} links is secure`);
  return fit.map(({ href }) => ({ url: href, method }));
}

function withoutRepeats(candidates: readonly EndpointCandidate[]): EndpointCandidate[] {
  return candidates.filter(
    ({ url }, index) => candidates.findIndex((one) => one.url === url) === index,
  );
}

function noLink(detail: string): ProblemError {
  return new ProblemError({
    code: 'network.host-meta-without-link',
    source: 'network',
    message: 'The domain names no BOSH service.',
    advice: 'Ask whoever runs the server for its BOSH address.',
    retry: 'never',
    detail,
  });
}

function invalid(detail: string, cause?: unknown): ProblemError {
  return new ProblemError(
    {
      code: 'network.host-meta-invalid',
      source: 'network',
      message: 'What the domain says about its services could not be read.',
      advice: 'Ask whoever runs the server for its BOSH address.',
      retry: 'never',
      detail: detail.replace(/\s+/g, ' ').slice(0, 200),
    },
    cause === undefined ? undefined : { cause },
  );
}

function noEndpoint(
  domain: string,
  failures: readonly { readonly method: DiscoveryMethod; readonly reason: unknown }[],
): ProblemError {
  const problems: readonly Problem[] = failures.map(({ reason }) => problemOf(reason));
  // Whoever stands at the door has to be dealt with first.
  const first = problems.find(
    ({ code, certificate }) => code.startsWith('network.proxy-') || certificate !== undefined,
  );
  if (first !== undefined) return new ProblemError(first);
  const told = failures.map(({ method }, index) => {
    const problem = problems[index];
    return `${method}: ${problem?.code} (${problem?.detail ?? problem?.message})`;
  });
  return new ProblemError(
    {
      code: 'network.no-endpoint',
      source: 'network',
      message: `Holdfast could not find out where ${domain} offers BOSH.`,
      advice: 'Ask whoever runs the server for its BOSH address and type it under Advanced.',
      retry: problems.every(({ retry }) => retry === 'never') ? 'never' : 'later',
      detail: told.join('; '),
    },
    { cause: new AggregateError(failures.map(({ reason }) => reason)) },
  );
}
