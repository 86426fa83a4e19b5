/** A journal that lives as long as its process: for tests and benchmarks, where nothing outlives it. */
import type { Journal, JournalPayload, JournalRequest, SessionRecord } from '../journal.ts';

export interface MemoryJournal extends Journal {
  /** What a new process would find: undefined where there is no session. */
  record(): SessionRecord | undefined;
  readonly unprocessed: readonly JournalPayload[];
  /** For a stream that tells its journal so; nothing is kept that it would release. */
  acknowledged(): void;
}

export function createMemoryJournal(): MemoryJournal {
  let session: SessionRecord | undefined;
  const requests = new Map<number, JournalRequest>();
  const payloads = new Map<number, string>();
  /** Of requests that are still unanswered as far as anybody else knows. */
  const answers = new Map<number, string>();
  const withAnswer = (request: JournalRequest) => {
    const answer = answers.get(request.rid);
    return { ...request, ...(answer !== undefined && { answer }) };
  };
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
    kept(rid, payload) {
      answers.set(rid, payload);
    },
    answered(rid, payload, at) {
      requests.delete(rid);
      answers.delete(rid);
      if (payload !== undefined) payloads.set(rid, payload);
      if (session) session = { ...session, lastAnswerAt: at };
    },
    acknowledged: () => {},
    processed(rid) {
      payloads.delete(rid);
    },
    async end() {
      session = undefined;
      requests.clear();
      for (const [rid, payload] of answers) payloads.set(rid, payload);
      answers.clear();
    },
    record: () => session && { ...session, unanswered: [...requests.values()].map(withAnswer) },
    get unprocessed() {
      return [...payloads].map(([rid, payload]) => ({ rid, payload }));
    },
  };
}
