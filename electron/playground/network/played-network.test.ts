import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PLAYGROUND_NETWORKS } from '../../../shared/playground.ts';
import type { HttpExchange, HttpResponse } from '../../network/http-exchange.ts';
import { createNodeHttpExchange } from '../../network/node-http-exchange.ts';
import { describeStranger } from '../../network/strangers.ts';
import { PlayedNetwork } from './played-network.ts';

const LONG = 'x'.repeat(100_000);

let server: Server;
let network: PlayedNetwork;
let http: HttpExchange;

beforeEach(async () => {
  server = createServer((request, response) => {
    // What is asked to be held is never answered.
    if (request.url !== '/held') request.on('data', () => {}).on('end', () => response.end(LONG));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  network = await PlayedNetwork.start((server.address() as AddressInfo).port, () => 0);
  http = createNodeHttpExchange();
});

afterEach(async () => {
  await http.close();
  await network.close();
  server.closeAllConnections();
  server.close();
});

function ask(path = '/', lane = 0): Promise<HttpResponse> {
  return http.send({
    ...{ method: 'POST', url: `http://127.0.0.1:${network.port}${path}`, lane, body: LONG },
    ...{ timeoutMs: 10_000, maxBytes: 1_000_000 },
  });
}

async function timed(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

it.each(PLAYGROUND_NETWORKS.filter((kind) => kind !== 'portal'))(
  'passes on whole requests and answers while it is %s',
  async (kind) => {
    network.change(kind);
    expect(await ask()).toMatchObject({ status: 200, body: LONG });
  },
  20_000,
);

it('takes its time both ways while it is slow', async () => {
  network.change('slow');
  expect(await timed(ask())).toBeGreaterThan(1_390);
});

it('cuts a connection that is waited on while it is cutting', async () => {
  network.change('cutting');
  await expect(ask('/held')).rejects.toMatchObject({ problem: { code: 'network.reset' } });
});

it('hands over what came back only every two seconds while it is buffering', async () => {
  network.change('buffering');
  expect(await timed(ask())).toBeGreaterThan(1_900);
});

it('answers with a page of its own while it is a portal, as Holdfast knows them', async () => {
  network.change('portal');
  const answer = await ask();
  expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('Hotel Seagull') });
  expect(describeStranger(answer).code).toBe('network.html-answer');
});

it('lets no connection outlive a change of network', async () => {
  const held = ask('/held');
  await once(server, 'request');
  network.change('slow');
  await expect(held).rejects.toMatchObject({ problem: { code: 'network.reset' } });
  network.change('good');
  expect((await ask('/', 1)).status).toBe(200);
});
