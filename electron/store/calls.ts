/**
 * What travels between the host's thread and the database worker: calls of repository methods, and their
 * answers in the same order. Both ends take the methods from the interfaces of `store.ts`.
 */
import type { Problem } from '../../shared/problem.ts';
import type { Store } from './store.ts';

/** The repositories of a store. */
export type RepositoryName = Exclude<keyof Store, 'notices' | 'close'>;

/** A repository as the worker implements it: the same methods, answering at once. */
export type Synchronous<Repository> = {
  [Method in keyof Repository]: Repository[Method] extends (
    ...parameters: infer Parameters
  ) => Promise<infer Answer>
    ? (...parameters: Parameters) => Answer
    : never;
};

/** All repositories as the worker implements them. */
export type Repositories = { [Name in RepositoryName]: Synchronous<Store[Name]> };

/** Every method that may be called, by repository; the types keep it complete. */
export const METHODS: { [Name in RepositoryName]: Record<keyof Store[Name], true> } = {
  accounts: { list: true, insert: true, update: true, remove: true },
  contacts: { list: true, put: true, remove: true },
  chats: {
    list: true,
    get: true,
    open: true,
    saveDraft: true,
    markRead: true,
    setArchiveExhausted: true,
    isArchiveExhausted: true,
  },
  messages: {
    insertOutgoing: true,
    take: true,
    countUnknown: true,
    setState: true,
    requeue: true,
    get: true,
    discard: true,
    page: true,
    inState: true,
    oldestUnconfirmedCursor: true,
    oldestStanzaId: true,
  },
  sessions: {
    load: true,
    begin: true,
    append: true,
    taken: true,
    kept: true,
    answered: true,
    acknowledged: true,
    processed: true,
    unprocessed: true,
    end: true,
  },
  resumptions: { load: true, forget: true },
  endpoints: { verdicts: true, decide: true },
  foundEndpoints: { latest: true, put: true },
  paths: { get: true, put: true, remove: true },
  connectionEvents: { list: true, put: true },
  avatars: { put: true, get: true },
  proxyKeys: { list: true, get: true, put: true, remove: true },
  authorities: { list: true, put: true, remove: true },
};

/** The methods that are kept in the log before the database carries them out: a session's write-ahead. */
export const LOGGED: Partial<Record<RepositoryName, ReadonlySet<string>>> = {
  sessions: new Set<keyof Store['sessions']>(['append', 'taken', 'kept', 'answered', 'processed']),
};

/** One call; a message to the worker is a list of them, or `'close'`. */
export type Call = readonly [
  repository: RepositoryName,
  method: string,
  parameters: readonly unknown[],
  /** Its number in the log, where it is in it. */
  sequence?: number,
];

/** A call that is in the log; its parameters are such that JSON can write. */
export type LoggedCall = Required<Call>;

/** What became of one call. */
export type Answer = { readonly value: unknown } | { readonly problem: Problem };

/**
 * The worker's first message: open, with the number of the last logged call, or why not. After it, a list of
 * answers for each list of calls.
 */
export type Opening =
  | { readonly notices: readonly Problem[]; readonly sequence: number }
  | { readonly refused: Problem };
