import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../../shared/contract/records.ts';
import {
  accountNamed,
  openScratchStore,
  type ScratchStore,
  sessionFrom,
} from '../scratch-store.ts';
import type { ArrivedMessage } from '../store.ts';
import { NOT_HANDED_OVER } from './places.ts';

const PEER = 'juliet@there';
let store: ScratchStore;
let accounts = 0;
beforeAll(() => {
  store = openScratchStore();
});
afterAll(() => store.remove());

/** An account that has nothing yet. */
function newAccount(): string {
  accounts += 1;
  const id = `run-${accounts}`;
  store.accounts.insert(accountNamed(id));
  return id;
}

const all = (account: string) => store.messages.page(account, PEER, undefined, 10_000);

/** How the copies of one message can come: what each carries of the ids that tell it apart. */
type Copies = 'live, archived' | 'live with archive id' | 'archived twice' | 'without id';

function copy(index: number, kind: Copies, turn: number, sameIds: boolean): ArrivedMessage {
  const message = {
    chat: PEER,
    outgoing: index % 3 === 0,
    body: `body ${index}`,
    at: 1000 * index + turn,
  };
  const messageId = sameIds ? 'always-the-same' : `id-${index}`;
  const first = `archive-${index}`;
  if (kind === 'without id') return { ...message, stanzaId: first };
  if (kind === 'live with archive id') return { ...message, messageId, stanzaId: first };
  if (kind === 'archived twice') return { ...message, messageId, stanzaId: `${first}-${turn % 2}` };
  return turn === 0 ? { ...message, messageId } : { ...message, messageId, stanzaId: first };
}

/**
 * Copies of messages as they can come: the first ones in the order of writing (the sources are ordered,
 * and the host lets the archive go before what is live), the others at any time after, any number of them.
 */
const deliveries = fc
  .record({
    kinds: fc.array(
      fc.constantFrom<Copies>(
        'live, archived',
        'live with archive id',
        'archived twice',
        'without id',
      ),
      { minLength: 1, maxLength: 12 },
    ),
    repeats: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 30 }),
    sameIds: fc.boolean(),
  })
  .map(({ kinds, repeats, sameIds }) => {
    const turns = kinds.map(() => 0);
    const order = kinds.map((_, index) => index);
    for (const [message, later] of repeats) {
      const index = message % kinds.length;
      const first = order.indexOf(index);
      order.splice(first + 1 + (later % (order.length - first)), 0, index);
    }
    const copies = order.map((index) => {
      const turn = turns[index] ?? 0;
      turns[index] = turn + 1;
      return copy(index, kinds[index] ?? 'without id', turn, sameIds);
    });
    return { count: kinds.length, copies };
  });

/** Cuts a list into pieces of these sizes, the rest in one. */
function cut<T>(list: readonly T[], sizes: readonly number[]): T[][] {
  const pieces: T[][] = [];
  let begin = 0;
  for (const size of [...sizes, list.length]) {
    if (begin < list.length) pieces.push(list.slice(begin, begin + size));
    begin += size;
  }
  return pieces;
}
const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 20 });

describe('however the copies of messages come', () => {
  it('each message is there once and in order', () => {
    fc.assert(
      fc.property(deliveries, sizes, ({ count, copies }, pieces) => {
        const account = newAccount();
        const added: Message[] = [];
        for (const piece of cut(copies, pieces)) {
          added.push(...store.messages.take(account, piece, 'end').added);
        }
        const bodies = Array.from({ length: count }, (_, index) => `body ${index}`);
        expect(all(account).map(({ body }) => body)).toEqual(bodies);
        expect(added.map(({ body }) => body)).toEqual(bodies);
        // All over again, as after a lost cursor: nothing is new.
        expect(store.messages.take(account, copies, 'end')).toEqual({ added: [], changed: [] });
        store.accounts.remove(account);
      }),
      { numRuns: 300 },
    );
  });

  it('history loaded in between lies before it, is never unread and never doubled', () => {
    fc.assert(
      fc.property(
        fc.nat(12),
        sizes,
        fc.array(fc.boolean(), { maxLength: 30 }),
        fc.nat(3),
        (older, pieces, liveNext, overlap) => {
          const account = newAccount();
          const history = Array.from({ length: older }, (_, index) => arrived(index - older));
          const pages = cut([...history].reverse(), pieces).map((page) => page.reverse());
          let live = 0;
          for (const isLive of [...liveNext, ...pages.map(() => false)]) {
            if (isLive) {
              store.messages.take(account, [arrived(live)], 'end');
              live += 1;
              continue;
            }
            const page = pages.shift() ?? [];
            const last = history.indexOf(page.at(-1) ?? arrived(0));
            const again = last < 0 ? [] : history.slice(last + 1, last + 1 + overlap);
            store.messages.take(account, [...page, ...again], 'start');
          }
          const expected = Array.from(
            { length: older + live },
            (_, index) => `body ${index - older}`,
          );
          expect(all(account).map(({ body }) => body)).toEqual(expected);
          expect(store.chats.get(account, PEER)?.unread ?? 0).toBe(live);
          store.accounts.remove(account);
        },
      ),
      { numRuns: 200 },
    );
  });
});

function arrived(index: number): ArrivedMessage {
  const id = `history-${index}`;
  return { chat: PEER, outgoing: false, body: `body ${index}`, at: 1000 * index, messageId: id };
}

/** What can happen to the messages written here; `which` picks one of three. */
type Step =
  | { do: 'write' | 'hand over' | 'archive copy' | 'fail' | 'deliver' | 'requeue'; which: number }
  | { do: 'taken' | 'answered'; which: number }
  | { do: 'end'; which: number };

const steps = fc.array(
  fc.record({
    do: fc.constantFrom<Step['do']>(
      'write',
      'hand over',
      'archive copy',
      'fail',
      'deliver',
      'requeue',
      'taken',
      'answered',
      'end',
    ),
    which: fc.nat(2),
  }),
  { maxLength: 60 },
);

describe('whatever happens to a message written here', () => {
  it('it is there once, never falls back, and request and message agree', () => {
    fc.assert(
      fc.property(steps, (happenings) => {
        const account = newAccount();
        const begin = () => store.sessions.begin(account, sessionFrom(nextRid));
        let nextRid = 1;
        let copies = 0;
        const written = new Set<string>();
        begin();
        for (const { do: action, which } of happenings) {
          const id = `id-${which}`;
          const before = store.messages.get(account, id)?.state;
          if (action === 'write') {
            written.add(id);
            store.messages.insertOutgoing(account, { id, chat: PEER, body: id, at: 1 });
          } else if (!written.has(id)) continue;
          else if (action === 'hand over') {
            // The outbox writes into a request what waits, and nothing else.
            if (before !== 'waiting') continue;
            const request = { rid: nextRid, body: '<body/>', messageIds: [id] };
            expect(store.sessions.append(account, request)).toHaveLength(1);
            nextRid += 1;
          } else if (action === 'archive copy') {
            const taken = { chat: PEER, outgoing: true, body: id, at: 1, messageId: id };
            copies += 1;
            const stanzaId = `copy-${copies}`;
            const { added } = store.messages.take(account, [{ ...taken, stanzaId }], 'end');
            expect(added).toEqual([]);
          } else if (action === 'fail') store.messages.setState(account, [id], 'failed');
          else if (action === 'deliver') store.messages.setState(account, [id], 'delivered');
          else if (action === 'requeue') {
            // The host tries again what no session carries.
            const carried = store.sessions
              .load(account)
              ?.unanswered.some(({ messageIds }) => messageIds.includes(id));
            if (!carried) store.messages.requeue(account, [id]);
          } else if (action === 'end') {
            begin();
          } else {
            const rid = store.sessions.load(account)?.unanswered[which]?.rid;
            if (rid === undefined) continue;
            if (action === 'taken') store.sessions.taken(account, rid);
            else store.sessions.answered(account, rid, undefined, 1);
          }
          const after = store.messages.get(account, id)?.state;
          if (before === 'delivered') expect(after).toBe('delivered');
          if (before === 'sent') expect(['sent', 'delivered', 'failed']).toContain(after);

          const messages = all(account);
          expect(messages.map((message) => message.id).sort()).toEqual([...written].sort());
          for (const { state, position } of messages) {
            if (state === 'waiting') expect(position).toBeGreaterThan(NOT_HANDED_OVER);
            else if (state !== 'failed') expect(position).toBeLessThan(NOT_HANDED_OVER);
          }
          const waiting = store.messages.inState(account, 'waiting');
          expect(messages.filter(({ state }) => state === 'waiting').length).toBe(waiting.length);
          const sending = store.messages.inState(account, 'sending');
          const unconfirmed = store.messages.oldestUnconfirmedCursor(account);
          expect(unconfirmed !== undefined).toBe(sending.length > 0);
        }
        store.accounts.remove(account);
      }),
      { numRuns: 300 },
    );
  });
});
