/** Messages: writing, reading back, retrying and discarding. */
import type { Handlers } from '../dispatch.ts';
import { loadHistory } from '../history.ts';
import { type CommandContext, personOf } from './command-context.ts';

/** Messages at a time where little data is to be used. */
const LOW_DATA_PAGE = 20;

type Names = 'messages.load' | 'messages.send' | 'messages.retry' | 'messages.discard';

export function messageCommands(context: CommandContext): Pick<Handlers, Names> {
  return {
    async 'messages.load'({ accountId, jid, before, limit }) {
      const { session, parts, connection } = context.runtime(accountId);
      const canAsk = connection.phase === 'online' && session?.isSettled;
      return loadHistory({
        store: parts.store,
        accountId,
        chat: personOf(jid),
        before,
        limit: parts.record().lowData ? Math.min(limit, LOW_DATA_PAGE) : limit,
        source: canAsk ? session.history : undefined,
      });
    },
    async 'messages.send'({ accountId, jid, id, body }) {
      const { outbox } = context.runtime(accountId).parts;
      return { message: await outbox.write({ id, chat: personOf(jid), body }) };
    },
    async 'messages.retry'({ accountId, id }) {
      await context.runtime(accountId).parts.outbox.retry(id);
      return {};
    },
    async 'messages.discard'({ accountId, id }) {
      await context.runtime(accountId).parts.outbox.discard(id);
      return {};
    },
  };
}
