/**
 * The inside of `lossy.ts`, alone in its network namespace: relays what comes by one Unix socket to another
 * through a TCP connection that loses packets. Run as `lossy-process.ts IN OUT PERCENT`.
 */
import { execFileSync } from 'node:child_process';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const [inside = '', outside = '', percent = '0'] = process.argv.slice(2);

execFileSync('ip', ['link', 'set', 'lo', 'up']);
execFileSync('nft', ['-f', '-'], {
  input: `table ip lossy {
  chain input {
    type filter hook input priority 0;
    numgen random mod 100 < ${percent} counter drop
  }
}
`,
});

const far = createServer((socket) => relay(socket, connect(outside))).listen(0, '127.0.0.1', () => {
  const { port } = far.address() as AddressInfo;
  createServer((socket) =>
    relay(socket, connect({ host: '127.0.0.1', port, noDelay: true })),
  ).listen(inside, () => console.log('lossy-is-ready'));
});
far.on('connection', (socket) => socket.setNoDelay(true));

function relay(near: Socket, other: Socket): void {
  for (const [from, to] of [
    [near, other],
    [other, near],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}
