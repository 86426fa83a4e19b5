import { expect, it } from 'vitest';
import type { HttpExchange, HttpRequest, HttpResponse } from './http-exchange.ts';
import { tapExchange } from './tapped-exchange.ts';

const request = { method: 'POST', url: 'https://a/', body: '<body/>' } as HttpRequest;
const response = { status: 200, body: '<body/>' } as HttpResponse;

it('tells the answer to a request that was held since before anybody looked on', async () => {
  const told: unknown[] = [];
  let answer: ((response: HttpResponse) => void) | undefined;
  const http: HttpExchange = {
    send: () => new Promise((resolve) => (answer = resolve)),
    close: async () => {},
  };
  const tap = { isOpen: false, sent: () => {}, received: (...all: unknown[]) => told.push(all) };
  const held = tapExchange(http, tap).send(request);
  tap.isOpen = true;
  answer?.(response);
  await held;
  expect(told).toEqual([[request, response]]);
});

it('tells what was sent and received while somebody looks on, and changes nothing', async () => {
  const told: unknown[] = [];
  const http: HttpExchange = {
    send: async (sent) => (sent === request ? response : Promise.reject(new Error('another'))),
    close: async () => void told.push('closed'),
  };
  let isOpen = false;
  const tapped = tapExchange(http, {
    get isOpen() {
      return isOpen;
    },
    sent: (sent) => void told.push(sent),
    received: (sent, received) => void told.push([sent, received]),
  });
  expect(await tapped.send(request)).toBe(response);
  expect(told).toEqual([]);
  isOpen = true;
  expect(await tapped.send(request)).toBe(response);
  expect(told).toEqual([request, [request, response]]);
  await expect(tapped.send({ ...request })).rejects.toThrow('another');
  await tapped.reopen?.();
  await tapped.close();
  expect(told.at(-1)).toBe('closed');
});
