/**
 * A loopback TCP relay that counts what passes, the same way for every kind of client: HTTP heads and
 * stream overhead included, TCP/IP left out. A process of its own, driven by `bosh.ts` over IPC.
 */
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

export type RelayRequest =
  | { readonly type: 'listen'; readonly counter: Counted; readonly port: number }
  | { readonly type: 'read' };
export type RelayReply =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'counts'; readonly counts: Counts };

export type Counted = 'sender' | 'receiver';
export type Counts = Readonly<Record<Counted, ByteCount>>;

export interface ByteCount {
  /** From the client to the server. */
  sent: number;
  received: number;
}

const counts: Counts = { sender: { sent: 0, received: 0 }, receiver: { sent: 0, received: 0 } };

process.on('disconnect', () => process.exit(0));
process.on('message', (message: RelayRequest) => {
  if (message.type === 'listen') listen(message.counter, message.port);
  else reply({ type: 'counts', counts });
});

function reply(message: RelayReply): void {
  process.send?.(message);
}

function listen(counter: Counted, targetPort: number): void {
  const count = counts[counter];
  const relay = createServer({ noDelay: true }, (near) => {
    const far = dial({ port: targetPort, host: '127.0.0.1', noDelay: true });
    forward(near, far, (bytes) => {
      count.sent += bytes;
    });
    forward(far, near, (bytes) => {
      count.received += bytes;
    });
  });
  relay.listen(0, '127.0.0.1', () => {
    reply({ type: 'listening', port: (relay.address() as AddressInfo).port });
  });
}

function forward(from: Socket, to: Socket, tally: (bytes: number) => void): void {
  from.on('data', (chunk) => {
    tally(chunk.length);
    to.write(chunk);
  });
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}
