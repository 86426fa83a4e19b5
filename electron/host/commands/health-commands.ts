/** The connection report for an administrator. */
import { healthReport } from '../../../shared/health-report.ts';
import type { Handlers } from '../dispatch.ts';
import type { CommandContext } from './command-context.ts';

/** @param about which Holdfast this is, and its clock (epoch ms) */
export function healthCommands(
  context: CommandContext,
  about: { readonly version: string; readonly now: () => number },
): Pick<Handlers, 'health.report'> {
  return {
    async 'health.report'({ accountId }) {
      const runtime = context.runtime(accountId);
      const account = { jid: runtime.parts.jid, connection: runtime.connection };
      const health = runtime.health();
      return {
        text: healthReport({ account, health, version: about.version, at: about.now() }),
      };
    },
  };
}
