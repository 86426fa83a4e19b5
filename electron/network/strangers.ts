/**
 * Names an HTTP answer that is not the connection manager's: a portal's page, a gateway's error, a
 * redirect. The BOSH session calls it for every answer that is no `<body/>`; none of them ends a session.
 * The statuses of legacy connection managers (XEP-0124 §17.3) are the session's own business.
 */
import type { Problem } from '../../shared/problem.ts';
import type { HttpResponse } from './http-exchange.ts';

/** What is said of an answer; the detail is added from the answer itself. */
type Description = Omit<Problem, 'detail'>;

const waits = 'Holdfast keeps trying.';
const upToTheServer = `That is up to whoever runs the server. ${waits}`;
const checkAddress = 'Check the BOSH address under Advanced.';

const htmlPage: Description = {
  code: 'network.html-answer',
  source: 'network',
  message: 'A web page came instead of an answer from the chat server.',
  advice:
    'This network may want you to sign in or accept terms in a browser first. If it does not, check the BOSH address under Advanced.',
  retry: 'later',
};

const redirect: Description = {
  code: 'network.redirected',
  source: 'network',
  message: 'Holdfast was sent on to another address in place of the chat server.',
  advice:
    'This network may want you to sign in in a browser first. If it does not, the BOSH address may have changed: check it under Advanced.',
  retry: 'later',
};

const byStatus: Readonly<Record<number, Description>> = {
  204: empty(),
  400: {
    code: 'endpoint.http-bad-request',
    source: 'endpoint',
    message: 'The web server did not understand the request.',
    advice: checkAddress,
    retry: 'later',
  },
  401: {
    code: 'endpoint.http-unauthorized',
    source: 'endpoint',
    message: 'The web server asks for a sign-in of its own before it lets chat through.',
    advice: 'Ask whoever runs the chat server for an address that needs none.',
    retry: 'never',
  },
  403: {
    code: 'network.forbidden',
    source: 'network',
    message: 'The network, or the web server, forbids this connection.',
    advice: 'Ask whoever runs the network or the server to allow it, or try another network.',
    retry: 'later',
  },
  404: {
    code: 'endpoint.http-not-found',
    source: 'endpoint',
    message: 'The web server has no chat service at this address.',
    advice: checkAddress,
    retry: 'later',
  },
  405: {
    code: 'endpoint.http-method-not-allowed',
    source: 'endpoint',
    message: 'The address belongs to a website, not to a chat service.',
    advice: checkAddress,
    retry: 'never',
  },
  407: {
    code: 'network.proxy-auth',
    source: 'network',
    message: 'The proxy of this network asks for a name and password.',
    advice: 'Sign in to the proxy, or ask whoever runs the network.',
    retry: 'never',
  },
  408: {
    code: 'network.request-timeout',
    source: 'network',
    message: 'The request took too long to get through this network.',
    advice: waits,
    retry: 'now',
  },
  411: {
    code: 'network.length-required',
    source: 'network',
    message: 'A gateway on the way lost the length of the request and then asked for it.',
    advice: 'Tell whoever runs the network or the web server.',
    retry: 'later',
  },
  413: {
    code: 'network.request-too-large',
    source: 'network',
    message: 'The request was larger than the network, or the web server, lets through.',
    advice: 'Send shorter messages, or tell whoever runs the network or the web server.',
    retry: 'later',
  },
  429: {
    code: 'network.too-many-requests',
    source: 'network',
    message: 'The server, or a gateway in front of it, asks for fewer requests.',
    advice: 'Holdfast waits as long as it was asked to and goes on by itself.',
    retry: 'later',
  },
  500: gateway('network.server-error', 'The web server in front of the chat server has a fault.'),
  502: gateway('network.bad-gateway', 'The web server could not reach the chat server.'),
  503: gateway('network.unavailable', 'The chat server is not available at the moment.'),
  504: gateway('network.gateway-timeout', 'The web server waited in vain for the chat server.'),
  511: {
    code: 'network.sign-in-required',
    source: 'network',
    message: 'This network asks you to sign in before it lets anything through.',
    advice: 'Open a browser, sign in to the network, and Holdfast goes on.',
    retry: 'later',
  },
};

/**
 * Says what an answer is that is no `<body/>`, in words for a person and with a stable code.
 * The source is `network` for what stands between here and the endpoint or cannot be told from it,
 * `endpoint` for what the web server at the address says of itself. Never throws.
 */
export function describeStranger(response: HttpResponse): Problem {
  const { status, headers } = response;
  const known = nameOf(response);
  const detail = [
    `HTTP ${status}`,
    ...named('Location host', redirectHost(headers)),
    ...named('Server', headers.server),
    ...named('Via', headers.via),
    ...named('Content-Type', headers['content-type']),
    ...named('Retry-After', headers['retry-after']),
    ...named('title', pageTitle(response.body)),
  ].join('; ');
  return { ...known, detail };
}

function nameOf(response: HttpResponse): Description {
  const { status, headers, body } = response;
  if (status >= 300 && status < 400 && headers.location !== undefined) return redirect;
  const known = byStatus[status];
  if (known !== undefined) return known;
  if (status >= 500) {
    return gateway(
      'network.server-error',
      'The web server in front of the chat server has a fault.',
    );
  }
  if (isHtml(response)) return htmlPage;
  if (status >= 400) {
    return {
      code: 'network.refused-by-web-server',
      source: 'network',
      message: 'The web server, or a gateway in front of it, refused the request.',
      advice: checkAddress,
      retry: 'later',
    };
  }
  if (body.trim() === '') return empty();
  return {
    code: 'network.foreign-answer',
    source: 'network',
    message: 'What answered is not the chat server.',
    advice: `${checkAddress} If it is right, this network may be answering in the server’s place.`,
    retry: 'later',
  };
}

function empty(): Description {
  return {
    code: 'network.empty-answer',
    source: 'network',
    message: 'An empty answer came in place of the chat server’s.',
    advice: `${waits} If it lasts, check the BOSH address under Advanced, or ask whoever runs the network.`,
    retry: 'later',
  };
}

function gateway(code: string, message: string): Description {
  return { code, source: 'network', message, advice: upToTheServer, retry: 'later' };
}

/** Whether an answer is a web page, by its type or, since portals are careless with types, by its look. */
export function isHtml(response: HttpResponse): boolean {
  if (/\bx?html\b/i.test(response.headers['content-type'] ?? '')) return true;
  const start = response.body.slice(0, 4000).replace(/<!--.*?-->/gs, '');
  return /^\s*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head)\b/i.test(start);
}

/**
 * The wait a server asked for by `Retry-After` (RFC 9110 §10.2.3: seconds or a date), in ms from `now`
 * (epoch ms), at least 0; undefined where it asked for none or made no sense.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  now: number,
): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // An HTTP date names its day and ends in GMT; anything else Date.parse might accept is not one.
  const date = /^[A-Z][a-z]+,? .*(GMT|\d{4})$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The host a redirect points to: a whole address could hold what a portal knows about the person. */
function redirectHost(headers: Readonly<Record<string, string>>): string | undefined {
  const location = headers.location;
  if (location === undefined) return undefined;
  return URL.canParse(location) ? new URL(location).host : 'the same host';
}

function pageTitle(body: string): string | undefined {
  return /<title[^>]{0,200}>([^<]{1,2000})/i.exec(body.slice(0, 100_000))?.[1];
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** `name: text`, in one line, without control or direction characters and cut to a sensible length. */
function named(name: string, text: string | undefined): string[] {
  const clean = (text ?? '')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (whole, entity: string) => entities[entity] ?? whole)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  if (clean === '') return [];
  return [`${name}: ${clean.length > 120 ? `${clean.slice(0, 119)}…` : clean}`];
}
