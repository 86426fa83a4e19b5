import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpExchange } from '../../http-exchange.ts';
import { createNodeHttpExchange } from '../../node-http-exchange.ts';
import { createAuthority } from '../../throwaway-certificates.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { publishedAddress } from './published-address.ts';

let server: Server;
let http: HttpExchange;
let hostMetaOrigin: string;
let document = '';

beforeAll(async () => {
  const { ca, certificates } = await createAuthority(['DNS:localhost', 'IP:127.0.0.1']);
  server = createServer(certificates[0] ?? {}, (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/xrd+xml' }).end(document);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  hostMetaOrigin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  http = createNodeHttpExchange({ ca });
});
afterAll(async () => {
  await http.close();
  await once(server.close(), 'close');
});

const examine = (endpoint?: string) =>
  publishedAddress.examine({
    ...trialExamination('https://chat.example/', http, { hostMetaOrigin }),
    endpoint,
  });

describe('the published address', () => {
  it('is found in the domain’s host-meta', async () => {
    document = `<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>
      <Link rel='urn:xmpp:alt-connections:xbosh' href='https://chat.example/bosh'/></XRD>`;
    expect(await examine()).toMatchObject({
      ...{ state: 'good', reading: { endpoints: ['https://chat.example/bosh'] } },
      result: 'chat.example publishes its BOSH address: https://chat.example/bosh.',
    });
  });

  it('is missing where a portal answers, which is told apart', async () => {
    document = '<!doctype html><title>Hotel</title>';
    const { state, reading } = await examine();
    expect(state).toBe('bad');
    expect(reading.reasons?.map(({ code }) => code)).toEqual([
      'network.html-answer',
      'network.html-answer',
    ]);
  });

  it('is not needed where one was entered', async () => {
    document = '';
    expect(await examine('https://chat.example/bosh')).toMatchObject({
      state: 'limited',
      reading: { endpoints: [], problem: { code: 'network.no-endpoint' } },
    });
  });
});
