/** A far server: every byte takes a while, and not always the same (`tc netem delay … …`, in user space). */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * @param oneWayMs how long a direction takes.
 * @param jitterMs how much more or less, at most; bytes never overtake each other.
 */
export async function startFar(
  target: number,
  oneWayMs: number,
  jitterMs: number,
  random: () => number = Math.random,
): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const delay = (from: Socket, to: Socket) => {
    let at = 0;
    const later = (act: () => void) => {
      const due = performance.now() + oneWayMs + (2 * random() - 1) * jitterMs;
      at = Math.max(at, due);
      setTimeout(act, Math.max(0, at - performance.now()));
    };
    sockets.add(from.setNoDelay(true));
    from.on('data', (bytes) => later(() => to.write(bytes)));
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      later(() => to.destroy());
    });
  };
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    delay(near, far);
    delay(far, near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
