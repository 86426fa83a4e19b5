import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Http2 } from '../../shared/http2.ts';
import { createNodeHttpExchange } from '../network/node-http-exchange.ts';
import { OpenedHost } from './testing/opened-host.ts';

let folder: string;
let host: OpenedHost | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-host-'));
});
afterEach(async () => {
  await host?.close();
  await rm(folder, { recursive: true, force: true });
});

const parts = () => ({ dataFolder: folder, createHttp: () => createNodeHttpExchange() });

describe('switching HTTP/2 off', () => {
  it('is told as it was chosen', async () => {
    let http2: Http2 = { isOff: false, willBeOff: false };
    host = await OpenedHost.open({
      ...parts(),
      http2: {
        get http2() {
          return http2;
        },
        switchOff(willBeOff) {
          http2 = { ...http2, willBeOff };
        },
      },
    });
    expect(host.snapshot.http2).toEqual({ isOff: false, willBeOff: false });
    await host.run('http2.switchOff', { willBeOff: true });
    expect(host.snapshot.http2).toEqual({ isOff: false, willBeOff: true });
    expect(host.events.at(-1)).toEqual({ type: 'http2', http2 });
  });

  it('is refused where it is never on', async () => {
    host = await OpenedHost.open(parts());
    expect(host.snapshot.http2).toBeUndefined();
    await expect(host.run('http2.switchOff', { willBeOff: true })).rejects.toMatchObject({
      problem: { code: 'input.no-http2' },
    });
  });
});
