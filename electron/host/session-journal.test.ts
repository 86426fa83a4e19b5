import { describe, expect, it } from 'vitest';
import type { Message } from '../../shared/contract/records.ts';
import type { SessionRecord } from '../bosh/client/journal.ts';
import type { SessionStart, SessionsRepository, StoredSession } from '../store/store.ts';
import type { Secrets } from './secrets.ts';
import { createSessionJournal, loadLostStream, loadSession } from './session-journal.ts';

const secrets: Secrets = {
  protection: 'key-file',
  seal: async (secret) => `sealed ${secret}`,
  unseal: async (sealed) => sealed.replace('sealed ', ''),
};

const record: SessionRecord = {
  endpoint: 'https://example.org/bosh',
  sid: 'a-secret',
  jid: 'juliet@example.org/desk',
  granted: { wait: 60, inactivity: 30 },
  nextRid: 10,
  unanswered: [],
  lastAnswerAt: 1,
};

const message: Message = {
  id: 'm1',
  chat: 'romeo@example.org',
  outgoing: true,
  body: 'hello',
  at: 1,
  position: 1,
  state: 'sending',
};

function setUp() {
  const calls: string[] = [];
  const starts: SessionStart[] = [];
  const sent: number[] = [];
  let stored: StoredSession | undefined;
  const sessions: SessionsRepository = {
    load: async () => stored,
    begin: async (_account, session, start = {}) => {
      calls.push('begin');
      stored = session;
      starts.push(start);
      return [];
    },
    append: async (_account, { rid, stanzas = 0 }) => {
      calls.push(`append ${rid}`);
      sent.push(stanzas);
      return [message];
    },
    taken: async (_account, rid) => {
      calls.push(`taken ${rid}`);
      return [];
    },
    kept: async (_account, rid) => {
      calls.push(`kept ${rid}`);
      return [];
    },
    answered: async (_account, rid) => {
      calls.push(`answered ${rid}`);
      return [{ ...message, state: 'sent' }];
    },
    acknowledged: async (_account, handled) => {
      calls.push(`acknowledged ${handled}`);
    },
    processed: async (_account, rid) => {
      calls.push(`processed ${rid}`);
    },
    unprocessed: async () => [],
    end: async () => {
      calls.push('end');
      return [];
    },
  };
  const moved: string[] = [];
  const journal = createSessionJournal({
    accountId: 'a',
    sessions,
    secrets,
    onMoved: (messages) => moved.push(...messages.map(({ id, state }) => `${id} ${state}`)),
    now: () => 9,
  });
  const store = { sessions, resumptions: { load: async () => undefined } };
  const kept = { stored: () => stored, starts: () => starts, sent: () => sent };
  return { calls, sessions, store, journal, moved, ...kept };
}

describe('the session journal', () => {
  it('keeps the sid sealed, and opens it again for the next process', async () => {
    const { journal, store, stored } = setUp();
    await journal.begin(record);
    expect(stored()?.sid).toBe('sealed {"sid":"a-secret"}');
    expect(JSON.stringify(stored())).not.toContain('"a-secret"');
    expect(await loadSession('a', store, secrets)).toEqual({ record, unprocessed: [] });
  });

  it('keeps the order of the calls while the sid is being sealed', async () => {
    const { journal, calls } = setUp();
    await Promise.all([
      journal.begin(record),
      journal.append({ rid: 10, body: '', messageIds: ['m1'] }),
      journal.answered(10, undefined, 2),
    ]);
    expect(calls).toEqual(['begin', 'append 10', 'answered 10']);
  });

  it('tells which messages moved', async () => {
    const { journal, moved } = setUp();
    await journal.begin(record);
    await journal.append({ rid: 10, body: '', messageIds: ['m1'] });
    await journal.answered(10, undefined, 2);
    expect(moved).toEqual(['m1 sending', 'm1 sent']);
  });

  it('leaves the session alone once it is revoked, but still lets payloads be forgotten', async () => {
    const { journal, calls } = setUp();
    await journal.begin(record);
    journal.revoke();
    await journal.append({ rid: 10, body: '', messageIds: [] });
    await journal.answered(10, undefined, 2);
    journal.acknowledged(1);
    await journal.end();
    await journal.processed(9);
    expect(calls).toEqual(['begin', 'processed 9']);
  });

  it('does not begin a session whose sid was still being sealed when it was revoked', async () => {
    const { journal, calls } = setUp();
    const begun = journal.begin(record);
    journal.revoke();
    await begun;
    expect(calls).toEqual([]);
  });

  it('passes on that the sid could not be sealed, also to what waited for it', async () => {
    const { sessions } = setUp();
    const broken: Secrets = { ...secrets, seal: () => Promise.reject(new Error('no keychain')) };
    const journal = createSessionJournal({
      accountId: 'a',
      sessions,
      secrets: broken,
      onMoved: () => {},
      now: () => 9,
    });
    const begun = journal.begin(record);
    const appended = journal.append({ rid: 10, body: '', messageIds: [] });
    await expect(begun).rejects.toThrow('no keychain');
    await expect(appended).rejects.toThrow('no keychain');
  });

  describe('of a stream that can be resumed', () => {
    const stream = { id: 'sm-id', maxMs: 1, isResumed: false, sent: 0 };
    const body = (...stanzas: string[]) =>
      `<body xmlns='http://jabber.org/protocol/httpbind' sid=''>${stanzas.join('')}</body>`;
    const message = "<message xmlns='jabber:client' id='m1'/>";

    it('seals the SM-ID, and begins with what came in the same answer', async () => {
      const { journal, starts } = setUp();
      await journal.begin(record, { stream, payload: { rid: -9, payload: message } });
      expect(starts()).toEqual([
        {
          stream: { ...stream, id: 'sealed sm-id' },
          payload: { rid: -9, payload: message, at: 9 },
        },
      ]);
    });

    it('counts the stanzas of each request, and nothing where it cannot be resumed', async () => {
      const { journal, sent } = setUp();
      const request = { rid: 10, messageIds: ['m1'] };
      const mixed = body(message, "<a xmlns='urn:xmpp:sm:3' h='1'/>", '<presence/>');
      await journal.begin(record);
      await journal.append({ ...request, body: mixed });
      await journal.begin(record, { stream });
      await journal.append({ ...request, body: mixed });
      expect(sent()).toEqual([0, 2]);
    });

    it('tells what the server may still want to know of a lost one', async () => {
      const payloads = [{ rid: 5, payload: `${message}<presence/>`, at: 1 }];
      const store = {
        sessions: { load: async () => undefined, unprocessed: async () => payloads },
        resumptions: {
          load: async () => ({
            ...{ endpoint: 'https://here/bosh', id: 'sealed sm-id', jid: record.jid, maxMs: 1 },
            ...{ received: 4, sent: 7, lastAnswerAt: 1 },
            lastRequests: [
              { body: body(message, '<presence/>'), messageIds: ['m1'], through: 6 },
              { body: body('<presence/>'), messageIds: [], through: 7 },
            ],
          }),
        },
      };
      const kept = await loadLostStream('a', store, secrets);
      expect(kept?.endpoint).toBe('https://here/bosh');
      expect(kept?.lost).toMatchObject({
        id: 'sm-id',
        received: 6,
        sent: 7,
        unprocessed: payloads,
      });
      expect(kept?.lost.last.map(({ number, messageId }) => [number, messageId])).toEqual([
        [5, 'm1'],
        [6, undefined],
        [7, undefined],
      ]);
    });
  });
});
