/**
 * Real packet loss: a TCP connection on the loopback interface of a network namespace of its own, where
 * nftables drops every so manieth packet. It joins this namespace by Unix sockets, which know no namespaces.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSupervised } from '../../processes/supervised-process.ts';

const READY = /^lossy-is-ready$/u;

/** @param percent of the packets that are lost, from 1 to 99. */
export async function startLossy(
  target: number,
  percent: number,
): Promise<{ port: number; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-lossy-'));
  const [inside, outside] = [join(folder, 'in'), join(folder, 'out')];
  const sockets = new Set<Socket>();
  // Out of the namespace: what comes by the Unix socket goes to the target.
  const exit = createServer((near) =>
    splice(near, connect({ host: '127.0.0.1', port: target, noDelay: true }), sockets),
  );
  exit.listen(outside);
  await once(exit, 'listening');
  const { process: running } = await startSupervised(
    {
      program: 'unshare',
      arguments: [
        ...['--net', '--map-root-user', process.execPath],
        fileURLToPath(new URL('lossy-process.ts', import.meta.url)),
        ...[inside, outside, String(percent)],
      ],
      ...{
        folder,
        environment: {},
        logFile: join(folder, 'lossy.log'),
        removeWithParent: [folder],
      },
    },
    READY,
  );
  const entry = createServer({ noDelay: true }, (near) => splice(near, connect(inside), sockets));
  entry.listen(0, '127.0.0.1');
  await once(entry, 'listening');
  return {
    port: (entry.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed(entry), closed(exit)]);
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function splice(near: Socket, far: Socket, sockets: Set<Socket>): void {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(from);
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }
}

function closed(server: Server): Promise<unknown> {
  return once(server.close(), 'close');
}
