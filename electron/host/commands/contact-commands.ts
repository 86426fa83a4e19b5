/** The contact list: adding, accepting, renaming and removing people (RFC 6121 §2, §3). */
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import type { Handlers } from '../dispatch.ts';
import { type CommandContext, personOf } from './command-context.ts';

type Names =
  | 'contacts.add'
  | 'contacts.rename'
  | 'contacts.accept'
  | 'contacts.decline'
  | 'contacts.remove';

export function contactCommands(context: CommandContext): Pick<Handlers, Names> {
  /** The account's session, contacts, and the person as known so far. */
  const at = (input: { accountId: string; jid: string }) => {
    const runtime = context.runtime(input.accountId);
    const jid = personOf(input.jid);
    const { book } = runtime.parts;
    return {
      runtime,
      book,
      jid,
      known: book.get(jid),
      roster: () => runtime.online().extensions.roster,
    };
  };

  return {
    async 'contacts.add'(input) {
      const { runtime, jid, known, roster } = at(input);
      if (jid === runtime.parts.jid) throw new ProblemError(ownAddress);
      const name = input.name?.trim() || known?.name;
      await roster().set({ jid, ...(name && { name }), ...(known && { groups: known.groups }) });
      if (known?.request) roster().approve(jid);
      roster().subscribe(jid);
      return {};
    },
    async 'contacts.rename'(input) {
      const { jid, known, roster } = at(input);
      const name = input.name.trim();
      await roster().set({ jid, ...(name && { name }), groups: known?.groups ?? [] });
      return {};
    },
    async 'contacts.accept'(input) {
      const { book, jid, known, roster } = at(input);
      roster().approve(jid);
      const sees = known?.subscription === 'to' || known?.subscription === 'both';
      if (!sees && !known?.asked) roster().subscribe(jid);
      // Who is not in the roster yet stays a request until the server has put them there.
      if (known?.inRoster) await book.requestDone(jid);
      return {};
    },
    async 'contacts.decline'(input) {
      const { book, jid, roster } = at(input);
      roster().refuse(jid);
      await book.requestDone(jid);
      return {};
    },
    async 'contacts.remove'(input) {
      const { book, jid, known, roster } = at(input);
      if (known?.request) {
        roster().refuse(jid);
        await book.requestDone(jid);
      }
      if (known?.inRoster) await roster().remove(jid);
      return {};
    },
  };
}

const ownAddress: Problem = {
  code: 'input.own-address',
  source: 'input',
  message: 'This is your own address.',
  advice: 'Type the address of somebody else.',
  retry: 'never',
};
