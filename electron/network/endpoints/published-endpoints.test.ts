import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../../shared/problem.ts';
import type { HttpExchange } from '../http-exchange.ts';
import { createNodeHttpExchange } from '../node-http-exchange.ts';
import { createAuthority, type ThrowawayAuthority } from '../throwaway-certificates.ts';
import { type DiscoveryOptions, publishedEndpoints } from './published-endpoints.ts';

const bosh = 'urn:xmpp:alt-connections:xbosh';
const webSocket = 'urn:xmpp:alt-connections:websocket';
const xrdPath = '/.well-known/host-meta';
const jrdPath = '/.well-known/host-meta.json';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const xrd = (...links: readonly (readonly [rel: string, href: string])[]): Answer => {
  const inside = links.map(([rel, href]) => `<Link rel="${rel}" href="${href}"/>`).join('');
  return text(
    `<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>${inside}</XRD>`,
    'application/xrd+xml',
  );
};
const jrd = (...links: readonly (readonly [rel: string, href: string])[]): Answer =>
  text(JSON.stringify({ links: links.map(([rel, href]) => ({ rel, href })) }), 'application/json');
const text =
  (body: string, type: string, status = 200): Answer =>
  (response) =>
    void response.writeHead(status, { 'Content-Type': type }).end(body);
const redirect =
  (location: string): Answer =>
  (response) =>
    void response.writeHead(302, { Location: location }).end();
const silence: Answer = () => {};

describe('publishedEndpoints', () => {
  let authority: ThrowawayAuthority;
  let server: Server;
  let http: HttpExchange;
  let origin: string;
  const asked = new EventEmitter<{ request: [string] }>();
  const answers = new Map<string, Answer>();

  beforeAll(async () => {
    authority = await createAuthority(['DNS:localhost', 'IP:127.0.0.1']);
    const [certificate] = authority.certificates;
    server = createServer({ ...certificate }, (request, response) => {
      const path = request.url ?? '';
      asked.emit('request', path);
      const answer = answers.get(path) ?? text('not here', 'text/plain', 404);
      answer(response, request);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    http = createNodeHttpExchange({ ca: authority.ca });
  });

  afterAll(async () => {
    await http.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  beforeEach(() => answers.clear());

  const discover = (signal?: AbortSignal, options: DiscoveryOptions = {}) =>
    publishedEndpoints('chat.example', http, signal, { hostMetaOrigin: origin, ...options });
  const first = async (signal?: AbortSignal, options?: DiscoveryOptions) =>
    (await discover(signal, options))[0];

  const failure = async (signal?: AbortSignal, options?: DiscoveryOptions) =>
    problemOf(
      await discover(signal, options).then(
        () => 'found',
        (error: unknown) => error,
      ),
    );

  it('finds the link of the XRD document', async () => {
    answers.set(xrdPath, xrd([webSocket, 'wss://a/ws'], [bosh, 'https://a.example:5281/bosh']));
    expect(await discover()).toEqual([{ url: 'https://a.example:5281/bosh', method: 'host-meta' }]);
  });

  it('finds the link of the JRD document where there is no XRD', async () => {
    answers.set(jrdPath, jrd([webSocket, 'wss://a/ws'], [bosh, 'https://a.example/bosh']));
    expect(await first()).toEqual({ url: 'https://a.example/bosh', method: 'host-meta.json' });
  });

  it('goes by the domain’s priorities where it has them', async () => {
    const ranked = (href: string, priority: number) => ({ rel: bosh, href, priority, weight: 1 });
    answers.set(xrdPath, xrd([bosh, 'https://b.example/'], [bosh, 'https://a.example/']));
    const links = [ranked('https://b.example/', 20), ranked('https://a.example/', 10)];
    answers.set(jrdPath, text(JSON.stringify({ xmpp: { ttl: 300 }, links }), 'application/json'));
    expect(await discover()).toEqual([
      { url: 'https://a.example/', method: 'host-meta.json' },
      { url: 'https://b.example/', method: 'host-meta.json' },
    ]);
  });

  it('puts both together in document order, none twice', async () => {
    answers.set(xrdPath, xrd([bosh, 'https://b.example/'], [bosh, 'https://a.example/bosh']));
    answers.set(
      jrdPath,
      jrd([bosh, 'https://c.example/'], [bosh, 'https://B.example'], [bosh, 'https://d.example/']),
    );
    expect((await discover()).map(({ url }) => url)).toEqual([
      'https://b.example/',
      'https://a.example/bosh',
      'https://c.example/',
      'https://d.example/',
    ]);
  });

  it('takes no link that is insecure, and plain HTTP to this computer only', async () => {
    answers.set(
      xrdPath,
      xrd(
        [bosh, 'http://a.example/bosh'],
        [bosh, 'wss://a.example/bosh'],
        [bosh, 'https://me:secret@a.example/bosh'],
        [bosh, '/bosh'],
        [bosh, 'http://127.0.0.1:5280/bosh'],
      ),
    );
    expect((await discover()).map(({ url }) => url)).toEqual(['http://127.0.0.1:5280/bosh']);
  });

  it('follows redirects that stay on HTTPS', async () => {
    answers.set(xrdPath, redirect('/elsewhere'));
    answers.set('/elsewhere', redirect(`${origin}/at-last`));
    answers.set('/at-last', xrd([bosh, 'https://a.example/bosh']));
    expect((await first())?.url).toBe('https://a.example/bosh');
  });

  it('does not leave HTTPS', async () => {
    answers.set(xrdPath, redirect(origin.replace('https:', 'http:')));
    expect(await failure()).toMatchObject({
      code: 'network.no-endpoint',
      detail: expect.stringContaining('a redirect leaves HTTPS for http://127.0.0.1'),
    });
  });

  it('does not run in circles', async () => {
    answers.set(xrdPath, redirect(xrdPath));
    expect((await failure()).detail).toContain('more than 3 redirects');
  });

  it('says where to type the address when nothing is found, and why', async () => {
    const problem = await failure();
    expect(problem).toMatchObject({ code: 'network.no-endpoint', source: 'network' });
    expect(problem.message).toContain('chat.example');
    expect(problem.advice).toContain('under Advanced');
    expect(problem.detail).toMatch(
      /^host-meta: endpoint.http-not-found \(HTTP 404.*\); host-meta.json: endpoint.http-not-found \(HTTP 404/,
    );
  });

  it('recognises a web page in place of a document', async () => {
    answers.set(xrdPath, text('<!doctype html><title>Hotel</title>', 'text/html'));
    expect((await failure()).detail).toMatch(/^host-meta: network.html-answer .*title: Hotel/);
  });

  it.each([
    [
      'a document type',
      "<!DOCTYPE XRD [<!ENTITY a 'b'>]><XRD/>",
      'a document type is not accepted',
    ],
    ['no XML', 'hello', 'network.host-meta-invalid'],
    ['too much', `<XRD>${' '.repeat(70_000)}</XRD>`, 'network.too-large'],
  ])('is not harmed by %s', async (_name, body, detail) => {
    answers.set(xrdPath, text(body, 'application/xrd+xml'));
    expect((await failure()).detail).toContain(detail);
  });

  it('tells of a domain that offers only other ways', async () => {
    answers.set(xrdPath, xrd([webSocket, 'wss://a.example/ws']));
    answers.set(jrdPath, jrd([bosh, 'http://a.example/bosh']));
    expect((await failure()).detail).toBe(
      'host-meta: network.host-meta-without-link (no link to a BOSH service); ' +
        'host-meta.json: network.host-meta-without-link (none of 1 links is secure)',
    );
  });

  it('does not wait long for the second document once the first names an endpoint', async () => {
    answers.set(xrdPath, silence);
    answers.set(jrdPath, jrd([bosh, 'https://a.example/bosh']));
    // Without the grace this would take ten seconds and fail.
    expect((await first(undefined, { graceMs: 20 }))?.url).toBe('https://a.example/bosh');
  });

  it('gives up when the time is over', async () => {
    answers.set(xrdPath, silence);
    answers.set(jrdPath, silence);
    const problem = await failure(undefined, { timeoutMs: 100 });
    expect(problem.detail).toMatch(/^host-meta: network.timeout .*host-meta.json: network.timeout/);
    expect(problem.retry).toBe('later');
  });

  it('can be called off', async () => {
    answers.set(xrdPath, silence);
    answers.set(jrdPath, silence);
    const controller = new AbortController();
    const request = once(asked, 'request');
    const code = failure(controller.signal).then((problem) => problem.code);
    await request;
    controller.abort();
    expect(await code).toBe('network.aborted');
  });

  it('accepts no certificate it does not trust', async () => {
    const stranger = createNodeHttpExchange();
    const problem = await publishedEndpoints('chat.example', stranger, undefined, {
      hostMetaOrigin: origin,
    }).catch((error: unknown) => problemOf(error));
    await stranger.close();
    expect(problem).toMatchObject({
      code: 'network.certificate-unknown-issuer',
      certificate: { fault: 'unknown-issuer' },
    });
  });

  it.each(['', 'a b', 'me@example.org', 'example.org/x', 'example.org:443', 'exa\\mple'])(
    'refuses the domain %j',
    async (domain) => {
      const problem = await publishedEndpoints(domain, http).catch((error: unknown) =>
        problemOf(error),
      );
      expect(problem).toMatchObject({ code: 'input.domain', source: 'input' });
    },
  );
});
