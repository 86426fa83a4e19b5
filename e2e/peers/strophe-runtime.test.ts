import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installXmlHttpRequest } from './strophe-runtime.ts';

let server: Server;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/answered') response.end('<body/>');
    else request.socket.resetAndDestroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  installXmlHttpRequest();
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
});

/** Resolves with the status once the request is over. */
function post(path: string): Promise<number> {
  const { port } = server.address() as AddressInfo;
  const request = new XMLHttpRequest();
  return new Promise((resolve) => {
    request.onreadystatechange = () => {
      if (request.readyState === 4) resolve(request.status);
    };
    request.open('POST', `http://127.0.0.1:${port}${path}`);
    request.send('<body/>');
  });
}

it('tells of a request whose kept connection was reset, as a browser does', async () => {
  const connections = new Set<number | undefined>();
  server.on('request', ({ socket }) => connections.add(socket.remotePort));
  expect(await post('/answered')).toBe(200);
  expect(await post('/reset')).toBe(0);
  expect(asked).toEqual(['/answered', '/reset']);
  expect(connections.size).toBe(1);
});

it('sends nothing of a request that was called off, and throws nothing', () => {
  const request = new XMLHttpRequest();
  request.open('POST', 'http://127.0.0.1:1/');
  request.abort();
  request.send('<body/>');
  expect(request.readyState).toBe(0);
});
