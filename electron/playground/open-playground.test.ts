import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connectStrophePeer } from '../../e2e/peers/strophe-peer.ts';
import { openPlayground, type Playground } from './open-playground.ts';

vi.setConfig({ testTimeout: 30_000 });

const ECHO = 'echo@playground.alt';

let playground: Playground;

beforeEach(async () => {
  playground = await openPlayground({ now: Date.now, random: Math.random });
});
afterEach(() => playground.close());

it('speaks with a client that nobody here wrote', async () => {
  const { endpoint: service, jid, password } = playground;
  const peer = await connectStrophePeer({ service, jid, password });
  const id = peer.send({ to: ECHO, body: 'Ahoy & <hello>', requestReceipt: true });
  await peer.receipt(id);
  await peer.message('the echo', ({ body }) => body === 'Ahoy & <hello>');
  await peer.presence('Nadia', ({ from }) => from.startsWith('nadia@'));
  await peer.disconnect();
});

it('lets nobody in without the password of this run', async () => {
  const { endpoint: service, jid } = playground;
  await expect(connectStrophePeer({ service, jid, password: 'guessed' })).rejects.toThrow(
    'sign-in failed',
  );
  const other = await openPlayground({ now: Date.now, random: Math.random });
  expect(other.password).not.toBe(playground.password);
  await other.close();
});

it('is on loopback, and for no page of any site', async () => {
  const { endpoint } = playground;
  expect(new URL(endpoint).hostname).toBe('127.0.0.1');
  const headers = { origin: 'https://example.org', 'content-type': 'text/xml' };
  const answer = await fetch(endpoint, { method: 'OPTIONS', headers });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect((await fetch(new URL('/', endpoint))).status).toBe(404);
});

it('is gone when it is closed, whatever network is played', async () => {
  playground.setNetwork('slow');
  const { endpoint } = playground;
  const asked = fetch(endpoint).catch((error: Error) => error.message);
  await playground.close();
  expect(await asked).toBe('fetch failed');
  await expect(fetch(endpoint)).rejects.toThrow();
  playground = await openPlayground({ now: Date.now, random: Math.random });
});
