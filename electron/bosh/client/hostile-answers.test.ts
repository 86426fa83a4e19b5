/** What answers cannot do to a bound session: end it, lose its request, or bring anything in that is not XML. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { textOf } from '../../network/answer-text.ts';
import { createNodeHttpExchange } from '../../network/node-http-exchange.ts';
import { BodyError, type DecodedBody, decodeBody, encodeBody } from '../protocol/body.ts';
import { NS_HTTPBIND } from '../protocol/namespaces.ts';
import { mutatedAnswer } from '../protocol/testing/mutated-answer.ts';
import { BoshSession } from './bosh-session.ts';
import { PROSODY } from './testing/bench.ts';
import { createMemoryJournal } from './testing/memory-journal.ts';
import { ScriptedHttp, type ScriptedRequest } from './testing/scripted-http.ts';

const BODY = `<body xmlns='${NS_HTTPBIND}'`;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newSession(endpoint: string, http: ConstructorParameters<typeof BoshSession>[0]['http']) {
  const journal = createMemoryJournal();
  const session = new BoshSession({ endpoint, to: 'example.org', lang: 'en', http, journal });
  cleanups.push(() => session.detach());
  return session;
}

async function openScripted() {
  const http = new ScriptedHttp();
  const session = newSession('https://example.org/http-bind', http);
  session.start();
  (await http.next()).give({ sid: 'secret', ...PROSODY });
  const held = await http.next();
  session.bound('a@example.org/r');
  return { http, session, held };
}

describe('a hostile answer', { timeout: 60_000 }, () => {
  it.each([
    ['a DTD', `<!DOCTYPE body [<!ENTITY a "b">]>${BODY}/>`, 'network.foreign-answer'],
    ['an entity of its own', `${BODY}><a>&lol;</a></body>`, 'endpoint.bad-body'],
    ['a comment', `${BODY}><!-- x --></body>`, 'endpoint.bad-body'],
    ['a processing instruction', `${BODY}><?php x ?></body>`, 'endpoint.bad-body'],
    ['a control character', `${BODY}><a>\u0001</a></body>`, 'endpoint.bad-body'],
    ['another root', '<html/>', 'network.html-answer'],
    ['another namespace', "<body xmlns='urn:x'/>", 'network.foreign-answer'],
    ['its namespace elsewhere', `<body a='${NS_HTTPBIND}'/>`, 'endpoint.bad-body'],
    ['text of its own', `${BODY}>hello</body>`, 'endpoint.bad-body'],
    ['a cut', `${BODY}><message`, 'endpoint.bad-body'],
    ['something after its end', `${BODY}/><a/>`, 'endpoint.bad-body'],
    ['deep nesting', `${BODY}>${'<a>'.repeat(1_000_000)}`, 'endpoint.bad-body'],
    ['many elements', `${BODY}>${'<a/>'.repeat(1_000_000)}</body>`, 'endpoint.bad-body'],
    ['many attributes', `${BODY} ${attributes(500_000)}/>`, 'endpoint.bad-body'],
    ['a sid that is not ours', `${BODY} sid='other'/>`, 'endpoint.wrong-sid'],
    ['a farewell to another', `${BODY} sid='other' type='terminate'/>`, 'endpoint.wrong-sid'],
    ['nothing', '', 'network.empty-answer'],
  ])('with %s is named, and its request repeated unchanged', async (_what, text, code) => {
    const { http, session, held } = await openScripted();
    const ended = expectNoEnd(session);
    held.answer(text);
    while (session.state !== 'broken') await once(session, 'change');
    expect(session.reading().lastProblem?.code).toBe(code);
    session.retryNow();
    const again = await http.next();
    expect(again.body).toBe(held.body);
    const payload = once(session, 'payload');
    again.give({}, '<s>news</s>');
    expect(String((await payload)[0][0])).toBe('<s>news</s>');
    ended();
  });

  it('is only ever taken for what it says, however it was damaged', async () => {
    let { http, session, held } = await openScripted();
    const samples = fc.sample(mutatedAnswer, { numRuns: 400, seed: 20_240_102 });
    let repeats = 0;
    for (const bytes of samples) {
      const text = readable(bytes);
      const body = text === undefined ? undefined : decoded(text);
      const isOurs = body?.attributes.sid === undefined || body.attributes.sid === 'secret';
      held.answer(text ?? '');
      if (body?.attributes.type === 'terminate' && isOurs) {
        if (session.state !== 'closed') await once(session, 'ended');
        ({ http, session, held } = await openScripted());
        continue;
      }
      const isTaken = body !== undefined && isOurs && body.attributes.type !== 'error';
      const next = isTaken ? http.next() : repeatOf(session, http);
      const { body: asked } = await next;
      expect(asked === held.body).toBe(!isTaken);
      if (!isTaken) repeats += 1;
      held = await next;
    }
    expect(repeats).toBeGreaterThan(50);
  });
});

describe('a hostile answer over HTTP', { timeout: 60_000 }, () => {
  const GOOD = encodeBody({}, '<s>news</s>');

  it.each([
    ['bytes that are no UTF-8', latin1, 'network.failed'],
    ['a length beyond all bounds', announcedHuge, 'network.too-large'],
    ['bytes without end', endless, 'network.too-large'],
    ['a gzip bomb', bomb, 'network.too-large'],
    ['a coding nobody knows', oddCoding, 'network.failed'],
    ['less than it promised', truncated, 'network.reset'],
  ])('with %s is named, and its request repeated unchanged', async (_what, answer, code) => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      void textIn(request).then((text) => {
        requests.push(text);
        const turn = requests.length;
        if (turn === 1) send(response, encodeBody({ sid: 'secret', ...PROSODY }, ''));
        else if (turn === 2) answer(response);
        else if (turn === 3) send(response, GOOD);
      });
    });
    const endpoint = await listen(server);
    const http = createNodeHttpExchange();
    cleanups.push(() => http.close());
    const session = newSession(endpoint, http);
    const ended = expectNoEnd(session);
    session.once('created', () => session.bound('a@example.org/r'));
    const payload = once(session, 'payload');
    session.start();
    expect(String((await payload)[0][0])).toBe('<s>news</s>');
    expect(requests[2]).toBe(requests[1]);
    expect(session.reading().lastProblem?.code).toBe(code);
    ended();
  });
});

// ---- helpers -----------------------------------------------------------------------------------

function expectNoEnd(session: BoshSession): () => void {
  const ends: string[] = [];
  session.on('ended', ({ code }) => ends.push(code));
  return () => expect(ends).toEqual([]);
}

async function repeatOf(session: BoshSession, http: ScriptedHttp): Promise<ScriptedRequest> {
  while (session.state !== 'broken') await once(session, 'change');
  session.retryNow();
  return await http.next();
}

function attributes(count: number): string {
  return Array.from({ length: count }, (_, index) => `a${index}=''`).join(' ');
}

/** Its text, as the HTTP adapters read it; undefined where they refuse it. */
function readable(bytes: Buffer): string | undefined {
  try {
    return textOf(bytes, 'text/xml; charset=utf-8');
  } catch {
    return undefined;
  }
}

function decoded(text: string): DecodedBody | undefined {
  try {
    return decodeBody(text);
  } catch (error) {
    if (error instanceof BodyError) return undefined;
    throw error;
  }
}

async function textIn(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/http-bind`;
}

function send(response: ServerResponse, body: string | Buffer, headers = {}): void {
  response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8', ...headers }).end(body);
}

function latin1(response: ServerResponse): void {
  send(response, Buffer.from(`${BODY}><s>Gr\xfc\xdfe</s></body>`, 'latin1'));
}

function announcedHuge(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Length': '1000000000000' }).write(BODY);
}

function endless(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' });
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(64 * 1024)));
  };
  response.on('drain', more);
  more();
}

function bomb(response: ServerResponse): void {
  send(response, gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')), { 'Content-Encoding': 'gzip' });
}

function oddCoding(response: ServerResponse): void {
  send(response, encodeBody({}, ''), { 'Content-Encoding': 'rot13' });
}

function truncated(response: ServerResponse): void {
  response.socket?.end(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${BODY}>`);
}
