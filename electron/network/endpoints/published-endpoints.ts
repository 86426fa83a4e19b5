/**
 * The BOSH endpoints that an XMPP domain publishes in its host-meta, XRD and JRD, over HTTPS (XEP-0156 v1.4 §3;
 * priorities of XEP-0487). `find-endpoint.ts` and the doctor call it. XEP-0156 wants host-meta only after the methods of
 * RFC 6120; a client that speaks nothing but BOSH has no use for those and begins here.
 */
import { type Problem, ProblemError, problemOf } from '../../../shared/problem.ts';
import { endpointFault } from '../endpoint-address.ts';
import type { HttpExchange, HttpResponse } from '../http-exchange.ts';
import { networkProblem } from '../network-problem.ts';
import { describeStranger, isHtml } from '../strangers.ts';
import { type HostMetaLink, jrdLinks, xrdLinks } from './host-meta.ts';
import { inTurn } from './link-order.ts';

type DiscoveryMethod = 'host-meta' | 'host-meta.json';

interface PublishedEndpoint {
  /** Absolute; https, or http to this computer. */
  readonly url: string;
  /** The document that names it; the one with priorities where both do, else XRD. */
  readonly method: DiscoveryMethod;
}

export interface DiscoveryOptions {
  /** Where host-meta is asked for; `https://` and the domain where absent. */
  readonly hostMetaOrigin?: string;
  /** For each document, redirects included, in ms. */
  readonly timeoutMs?: number;
  /** How long the second document is waited for once the first names an endpoint, in ms. */
  readonly graceMs?: number;
  /** A number in [0, 1) at each call, to choose among those of one priority. */
  readonly random?: () => number;
}

const relation = 'urn:xmpp:alt-connections:xbosh';
const documentBytes = 64 * 1024;
const documentTimeoutMs = 10_000;
const documentGraceMs = 1_500;
const mostRedirects = 3;

type LinkReader = (text: string, rel: string) => HostMetaLink[];

const readers = {
  'host-meta': { lane: 0, links: xrdLinks },
  'host-meta.json': { lane: 1, links: jrdLinks },
} as const;

/**
 * Asks a domain's host-meta for its BOSH endpoints: at least one, in the order they are to be tried, none
 * twice. Uses lanes 0 and 1 of `http`.
 * @throws ProblemError `input.domain` where `domain` is no host name, `network.aborted`, or
 *   `network.no-endpoint` whose detail names what became of each document.
 */
export async function publishedEndpoints(
  domain: string,
  http: HttpExchange,
  signal?: AbortSignal,
  options: DiscoveryOptions = {},
): Promise<readonly PublishedEndpoint[]> {
  const origin = options.hostMetaOrigin ?? originOf(domain);
  const enough = new AbortController();
  const stop = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  let grace: NodeJS.Timeout | undefined;
  const look = async (method: DiscoveryMethod): Promise<AcceptedLink[]> => {
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
  const links = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  const endpoints = withoutRepeats(inTurn(links, options.random ?? Math.random));
  if (endpoints.length > 0) return endpoints;
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

function readDocument(text: string, links: LinkReader): HostMetaLink[] {
  try {
    return links(text, relation);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** A link that may be used, with where it stands. */
type AcceptedLink = HostMetaLink & PublishedEndpoint;

function accepted(links: readonly HostMetaLink[], method: DiscoveryMethod): AcceptedLink[] {
  if (links.length === 0) throw noLink('no link to a BOSH service');
  const fit = links.flatMap((link) => {
    const url = URL.canParse(link.href) ? new URL(link.href) : undefined;
    const isFit = url !== undefined && endpointFault(url) === undefined;
    return isFit ? [{ ...link, url: url.href, method }] : [];
  });
  if (fit.length === 0) throw noLink(`none of ${links.length} links is secure`);
  return fit;
}

function withoutRepeats(links: readonly AcceptedLink[]): PublishedEndpoint[] {
  return links
    .filter(({ url }, index) => links.findIndex((one) => one.url === url) === index)
    .map(({ url, method }) => ({ url, method }));
}

function noLink(detail: string): ProblemError {
  return new ProblemError({
    code: 'network.host-meta-without-link',
    source: 'network',
    message: 'The domain does not say where its BOSH service is.',
    advice: 'Ask whoever runs the server for its BOSH address and type it under Advanced.',
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
      advice: 'Ask whoever runs the server for its BOSH address and type it under Advanced.',
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
