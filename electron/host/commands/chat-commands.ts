/** Chats: opening, reading, drafts, and saying what we are doing (XEP-0085). */
import type { Handlers } from '../dispatch.ts';
import { type CommandContext, personOf } from './command-context.ts';

type Names = 'chats.open' | 'chats.markRead' | 'chats.saveDraft' | 'chats.sendState';

export function chatCommands(context: CommandContext): Pick<Handlers, Names> {
  return {
    async 'chats.open'(input) {
      const { store, id, feed } = context.runtime(input.accountId).parts;
      const jid = personOf(input.jid);
      await store.chats.open(id, jid);
      await feed.refresh(jid);
      return {};
    },
    async 'chats.markRead'(input) {
      const { store, id, feed } = context.runtime(input.accountId).parts;
      const jid = personOf(input.jid);
      await store.chats.markRead(id, jid);
      await feed.refresh(jid);
      return {};
    },
    async 'chats.saveDraft'(input) {
      const { store, id, feed } = context.runtime(input.accountId).parts;
      const jid = personOf(input.jid);
      await store.chats.saveDraft(id, jid, input.draft);
      feed.touch(jid);
      return {};
    },
    async 'chats.sendState'(input) {
      const runtime = context.runtime(input.accountId);
      const jid = personOf(input.jid);
      const { book, feed } = runtime.parts;
      // It shows that we are here, and is of no use to who is not there: only people around are told.
      const isAround = book.isAvailable(jid) || feed.knowsChatState(jid);
      if (runtime.session?.isSettled && isAround) {
        runtime.session.extensions.chatStates.send(jid, input.state);
      }
      return {};
    },
  };
}
