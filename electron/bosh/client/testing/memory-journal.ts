/** A journal that lives as long as its process: for tests and benchmarks, where nothing outlives it. */
import type { Journal, JournalPayload, JournalRequest, SessionRecord } from '../journal.ts';

export interface MemoryJournal extends Journal {
  /** What a new process would find: undefined where there is no session. */
  record(): SessionRecord | undefined;
  readonly unprocessed: readonly JournalPayload[];
}

export function createMemoryJournal(): MemoryJournal {
  let session: SessionRecord | undefined;
  const requests = new Map<number, JournalRequest>();
  const payloads = new Map<number, string>();
  return {
    async begin(record) {
      session = record;
      requests.clear();
      for (const request of record.unanswered) requests.set(request.rid, request);
    },
    append(request) {
      requests.set(request.rid, request);
      if (session) session = { ...session, nextRid: request.rid + 1 };
    },
    taken: () => undefined,
    answered(rid, payload, at) {
      requests.delete(rid);
      if (payload !== undefined) payloads.set(rid, payload);
      if (session) session = { ...session, lastAnswerAt: at };
    },
    processed(rid) {
      payloads.delete(rid);
    },
    async end(past) {
      for (const { rid, payload } of past) if (payload !== undefined) payloads.set(rid, payload);
      session = undefined;
      requests.clear();
    },
    record: () => session && { ...session, unanswered: [...requests.values()] },
    get unprocessed() {
      return [...payloads].map(([rid, payload]) => ({ rid, payload }));
    },
  };
}
