/** A gateway that does the same to every exchange, in the words of the seeded faults. */
import { ChaosProxy } from '../../faults/chaos-proxy.ts';
import type { Treatment } from '../../faults/fault.ts';
import type { XmppServer } from '../../servers/xmpp-server.ts';

export async function startFaulty(
  server: XmppServer,
  treatment: Treatment,
): Promise<{ port: number; stop(): Promise<void> }> {
  const proxy = await ChaosProxy.start(server.boshUrl, () => ({ name: 'always', treatment }));
  proxy.unleash();
  return { port: Number(new URL(proxy.boshUrl).port), stop: () => proxy.stop() };
}
