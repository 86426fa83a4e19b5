/** What the health panel asks for: the last day of a connection, the report for an administrator, and the wire. */
import { healthReport } from '../../../shared/health-report.ts';
import type { Handlers } from '../dispatch.ts';
import type { CommandContext } from './command-context.ts';

type Names =
  | 'health.report'
  | 'health.history'
  | 'health.limits'
  | 'health.forgetLimits'
  | 'console.read';

/** @param about which Holdfast this is, and its clock (epoch ms) */
export function healthCommands(
  context: CommandContext,
  about: { readonly version: string; readonly now: () => number },
): Pick<Handlers, Names> {
  return {
    async 'health.report'({ accountId }) {
      const runtime = context.runtime(accountId);
      const account = { jid: runtime.parts.jid, connection: runtime.connection };
      const [health, events] = [runtime.health(), await runtime.history.list()];
      const { version, now } = about;
      return { text: healthReport({ account, health, events, version, at: now() }) };
    },
    async 'health.history'({ accountId }) {
      return { events: await context.runtime(accountId).history.list() };
    },
    async 'health.limits'({ accountId }) {
      return context.runtime(accountId).knownLimits();
    },
    async 'health.forgetLimits'({ accountId }) {
      await context.runtime(accountId).forgetLimits();
      return {};
    },
    async 'console.read'({ accountId, after, discreet }) {
      return { entries: context.runtime(accountId).console.read(after, discreet) };
    },
  };
}
