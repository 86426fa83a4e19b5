import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChaosProxy } from './chaos-proxy.ts';
import type { Fault, PlannedFault } from './fault.ts';
import { faultKinds } from './fault-kinds.ts';
import { breakWhileHeld } from './kinds/break-while-held.ts';
import { closeIdle } from './kinds/close-idle.ts';
import { delay } from './kinds/delay.ts';
import { drip } from './kinds/drip.ts';
import { dropAnswer } from './kinds/drop-answer.ts';
import { dropRequest } from './kinds/drop-request.ts';
import { duplicate } from './kinds/duplicate.ts';
import { gatewayErrors } from './kinds/gateway-error.ts';
import { gzip } from './kinds/gzip.ts';
import { http10 } from './kinds/http-1.0.ts';
import { portalPage } from './kinds/portal-page.ts';
import { redirect } from './kinds/redirect.ts';
import { refusals } from './kinds/refusal.ts';
import { resetMidBody } from './kinds/reset-mid-body.ts';
import { stall } from './kinds/stall.ts';
import { swapAnswers } from './kinds/swap-answers.ts';
import { tooManyRequests } from './kinds/too-many-requests.ts';
import { truncate } from './kinds/truncate.ts';

/** What the client asks and the server tells: the request's own text with its number. */
interface Seen {
  readonly text: string;
  readonly incoming: IncomingMessage;
}

let server: Server;
let seen: Seen[];
/** Answers of requests whose text begins with `hold` wait for this. */
let release: () => void;
let released: Promise<void>;
let proxies: ChaosProxy[];
let agents: Agent[];

beforeEach(async () => {
  seen = [];
  proxies = [];
  agents = [];
  ({ promise: released, resolve: release } = Promise.withResolvers<void>());
  server = createServer(async (incoming, outgoing) => {
    let text = '';
    for await (const chunk of incoming) text += chunk;
    const number = seen.push({ text, incoming });
    server.emit('seen');
    if (text.startsWith('hold')) await released;
    outgoing.writeHead(200, { 'content-type': 'text/xml' }).end(`${text} answered ${number}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  release();
  for (const agent of agents) agent.destroy();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  server.closeAllConnections();
  await once(server.close(), 'close');
});

/** A proxy whose first exchanges meet these faults. */
async function proxyWith(...faults: (PlannedFault | undefined)[]): Promise<ChaosProxy> {
  const { port } = server.address() as AddressInfo;
  const proxy = await ChaosProxy.start(`http://127.0.0.1:${port}/bosh`, (at) => faults[at]);
  proxies.push(proxy);
  proxy.unleash();
  return proxy;
}

/** A fault as the schedule would plan it, with this for every random number. */
function planned(fault: Fault, random = 0.5): PlannedFault {
  return { name: fault.name, treatment: fault.treat(() => random) };
}

interface Answer {
  readonly status: number;
  readonly version: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly chunks: number;
  readonly localPort: number;
}

function newAgent(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

/** Rejects where the connection ends before the whole answer is there. */
function post(
  proxy: ChaosProxy,
  text: string,
  agent = newAgent(),
  onSent: () => void = () => {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = request(proxy.boshUrl, { method: 'POST', agent });
  outgoing.on('error', reject);
  outgoing.on('finish', onSent);
  outgoing.on('response', (incoming) => {
    const { port: localPort } = incoming.socket.address() as AddressInfo;
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', reject);
    incoming.on('end', () =>
      resolve({
        status: incoming.statusCode ?? 0,
        version: incoming.httpVersion,
        headers: incoming.headers,
        body: Buffer.concat(chunks),
        chunks: chunks.length,
        localPort,
      }),
    );
  });
  outgoing.end(text);
  return promise;
}

const failure = (exchange: Promise<unknown>): Promise<string> =>
  exchange.then(
    () => 'none',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );

const texts = () => seen.map(({ text }) => text);

describe('the chaos proxy', () => {
  it('is a good network where no fault is planned', async () => {
    const proxy = await proxyWith();
    const agent = newAgent();
    const first = await post(proxy, 'one', agent);
    const second = await post(proxy, 'two', agent);
    expect(first.body.toString()).toBe('one answered 1');
    expect(first.headers['content-type']).toBe('text/xml');
    expect(second.localPort).toBe(first.localPort);
    expect(proxy.exchanges).toBe(2);
    expect(proxy.injected.size).toBe(0);
  });

  it('does nothing while it is calm, and goes on with its schedule afterwards', async () => {
    const proxy = await proxyWith(planned(redirect), planned(portalPage));
    proxy.calm();
    expect((await post(proxy, 'calm')).status).toBe(200);
    proxy.unleash();
    expect((await post(proxy, 'one')).status).toBe(302);
    proxy.calm();
    expect((await post(proxy, 'calm')).status).toBe(200);
    proxy.unleash();
    expect((await post(proxy, 'two')).body.toString()).toContain('<html>');
    expect(proxy.exchanges).toBe(2);
  });

  it('counts each fault by its name when it has shown', async () => {
    const proxy = await proxyWith(planned(gzip), undefined, planned(gzip), planned(dropRequest));
    for (const text of ['one', 'two', 'three']) await post(proxy, text);
    await failure(post(proxy, 'four'));
    expect([...proxy.injected]).toEqual([
      ['gzip', 2],
      ['drop request', 1],
    ]);
  });
});

describe('a fault', () => {
  it.each([...faultKinds])('of kind $name can be told from its treatment', (kind) => {
    expect(Object.keys(planned(kind).treatment).length).toBeGreaterThan(0);
  });

  it('delays a request so that another overtakes it', async () => {
    const proxy = await proxyWith(planned(delay, 0.9));
    let late: Promise<Answer> | undefined;
    await new Promise<void>((sent) => {
      late = post(proxy, 'late', newAgent(), sent);
    });
    await post(proxy, 'early');
    await late;
    expect(texts()).toEqual(['early', 'late']);
    expect(proxy.injected.get('delay')).toBe(1);
  });

  it('drops a request before the server saw it', async () => {
    const proxy = await proxyWith(planned(dropRequest));
    expect(await failure(post(proxy, 'lost'))).toBe('ECONNRESET');
    expect(seen).toEqual([]);
  });

  it.each([
    ['reset', 0.1],
    ['close', 0.9],
  ])('drops an answer after the server saw the request, by a %s', async (_by, random) => {
    const proxy = await proxyWith(planned(dropAnswer, random));
    expect(await failure(post(proxy, 'seen'))).toBe('ECONNRESET');
    expect(texts()).toEqual(['seen']);
  });

  it('breaks the connection while the server holds the request, and tells it', async () => {
    const proxy = await proxyWith(planned(breakWhileHeld, 0.1));
    const told = new Promise((resolve) => {
      server.once('connection', (socket) => socket.once('close', resolve));
    });
    expect(await failure(post(proxy, 'hold'))).toBe('ECONNRESET');
    await told;
    expect(proxy.injected.get('break while held')).toBe(1);
  });

  it('breaks the connection while the server holds the request, and does not tell it', async () => {
    const proxy = await proxyWith(planned(breakWhileHeld, 0.9));
    expect(await failure(post(proxy, 'hold'))).toBe('ECONNRESET');
    // The next exchange has gone all the way: what the server would have been told, it would know by now.
    await post(proxy, 'next');
    expect(seen[0]?.incoming.socket.destroyed).toBe(false);
  });

  it('resets the connection in the middle of the answer', async () => {
    const proxy = await proxyWith(planned(resetMidBody));
    expect(await failure(post(proxy, 'seen'))).toBe('ECONNRESET');
    expect(texts()).toEqual(['seen']);
    expect(proxy.injected.get('reset mid-body')).toBe(1);
  });

  it('ends an answer before its length', async () => {
    const proxy = await proxyWith(planned(truncate, 0.4));
    expect(await failure(post(proxy, 'seen'))).toBe('ECONNRESET');
    expect(texts()).toEqual(['seen']);
  });

  it('ends an answer without a length too early, so that only its content tells', async () => {
    const proxy = await proxyWith(planned(truncate, 0.6));
    const { body, version } = await post(proxy, 'seen');
    expect(version).toBe('1.0');
    expect(body.length).toBeGreaterThan(0);
    expect('seen answered 1'.startsWith(body.toString())).toBe(true);
    expect(body.length).toBeLessThan('seen answered 1'.length);
  });

  it('sends a request twice and hands back the second answer', async () => {
    const proxy = await proxyWith(planned(duplicate));
    const { body } = await post(proxy, 'twice');
    expect(texts()).toEqual(['twice', 'twice']);
    expect(body.toString()).toBe('twice answered 2');
  });

  it('sends a request twice though the server still holds the first', async () => {
    const proxy = await proxyWith(planned(duplicate));
    const exchange = post(proxy, 'hold twice');
    while (seen.length < 2) await once(server, 'seen');
    release();
    expect((await exchange).body.toString()).toBe('hold twice answered 2');
  });

  it('swaps the answers of two connections', async () => {
    const proxy = await proxyWith({
      name: 'swap answers',
      treatment: { overtakenWithinMs: 5_000 },
    });
    const order: string[] = [];
    const first = post(proxy, 'first').then(() => order.push('first'));
    await once(server, 'seen');
    await post(proxy, 'second').then(() => order.push('second'));
    await first;
    expect(order).toEqual(['second', 'first']);
    expect(proxy.injected.get('swap answers')).toBe(1);
  });

  it('does not hold an answer for ever that nothing overtakes, nor count it', async () => {
    const proxy = await proxyWith(planned(swapAnswers));
    expect((await post(proxy, 'alone')).body.toString()).toBe('alone answered 1');
    expect(proxy.injected.size).toBe(0);
  });

  it.each([
    ['a page', portalPage, 200, 'content-type', /html/u],
    ['a redirect', redirect, 302, 'location', /^http:\/\/portal\.invalid\//u],
    ...refusals.map((fault) => [fault.name, fault, Number(fault.name), 'date', /./u] as const),
    ['a rate limit', tooManyRequests, 429, 'retry-after', /GMT$/u],
  ] as const)('answers %s in place of the server', async (_what, kind, status, header, value) => {
    const proxy = await proxyWith(planned(kind));
    const answer = await post(proxy, 'unseen');
    expect(answer.status).toBe(status);
    expect(String(answer.headers[header])).toMatch(value);
    expect(seen).toEqual([]);
    expect(proxy.injected.get(kind.name)).toBe(1);
  });

  it.each([
    [0, { 'retry-after': '0' }],
    [0.3, { 'retry-after': '1' }],
  ])('asks to wait in seconds', async (random, headers) => {
    const proxy = await proxyWith(planned(tooManyRequests, random));
    expect((await post(proxy, 'unseen')).headers).toMatchObject(headers);
  });

  it.each(gatewayErrors.map((fault) => [fault.name, fault] as const))(
    'is a %s of a gateway, before or after the server saw the request',
    async (name, kind) => {
      const proxy = await proxyWith(planned(kind, 0.1), planned(kind, 0.9));
      expect((await post(proxy, 'unseen')).status).toBe(Number(name));
      expect(seen).toEqual([]);
      const late = post(proxy, 'hold');
      expect((await late).status).toBe(Number(name));
      expect(texts()).toEqual(['hold']);
      expect(proxy.injected.get(name)).toBe(2);
    },
  );

  it('closes a connection that has fallen idle', async () => {
    const proxy = await proxyWith(planned(closeIdle));
    const agent = newAgent();
    const { localPort } = await post(proxy, 'one', agent);
    const [free] = Object.values(agent.freeSockets).flat();
    if (free) await once(free, 'close');
    expect((await post(proxy, 'two', agent)).localPort).not.toBe(localPort);
    expect(proxy.injected.get('close idle')).toBe(1);
  });

  it.each([
    ['before the server saw the request', 0.1, []],
    ['after the server saw the request', 0.9, ['stalled']],
  ])('stalls one connection for good %s, and no other', async (_when, random, arrived) => {
    const proxy = await proxyWith(planned(stall, random));
    let isOver = false;
    await new Promise<void>((sent) => {
      failure(post(proxy, 'stalled', newAgent(), sent)).then(() => {
        isOver = true;
      });
    });
    while (seen.length < arrived.length) await once(server, 'seen');
    expect((await post(proxy, 'other')).status).toBe(200);
    expect(isOver).toBe(false);
    expect(texts()).toEqual([...arrived, 'other']);
  });

  it('drips the answer byte by byte', async () => {
    const proxy = await proxyWith(planned(drip));
    const { body, chunks } = await post(proxy, 'slow');
    expect(body.toString()).toBe('slow answered 1');
    expect(chunks).toBeGreaterThan(3);
  });

  it('compresses the answer', async () => {
    const proxy = await proxyWith(planned(gzip));
    const { body, headers } = await post(proxy, 'small');
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(body).toString()).toBe('small answered 1');
  });

  it('answers in HTTP/1.0 and closes the connection', async () => {
    const proxy = await proxyWith(planned(http10));
    const agent = newAgent();
    const first = await post(proxy, 'old', agent);
    expect(first.version).toBe('1.0');
    expect(first.headers['content-length']).toBeUndefined();
    expect(first.body.toString()).toBe('old answered 1');
    expect((await post(proxy, 'new', agent)).localPort).not.toBe(first.localPort);
  });
});
