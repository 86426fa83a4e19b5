/**
 * XEP-0313 Message Archive Management, the account's own archive: the pages after a cursor for
 * catching up, and the pages before a message for reading back. Used by the host's resume ladder and
 * `messages.load`; `messages.decode` reads the results.
 */
import xml, { type Element } from '@xmpp/xml';
import { newId } from '../../../shared/ids.ts';
import { bareJid } from '../../../shared/jid.ts';
import type { XmppStream } from '../xmpp-stream.ts';
import { forwardedIn } from './forwarding.ts';
import { type PageRequest, pageAnswerIn, pageRequest } from './result-set.ts';
import { attribute, isFromOwnAccount } from './stanza.ts';
import { conditionOf } from './stanza-error.ts';

/** Announced by an account that can be asked, and whose stanza-ids are archive ids (§3.3). */
const NAMESPACE = 'urn:xmpp:mam:2';

/** Messages in a page where the caller names no number. */
const PAGE_SIZE = 50;

/** One message as the archive keeps it. */
export interface ArchivedMessage {
  /** The archive's id: a stanza-id, and a cursor. */
  readonly id: string;
  /** Epoch ms at which the server had it; absent where the server does not say. */
  readonly at?: number;
  /** The message stanza as it was. */
  readonly message: Element;
}

/** What one query found, oldest first. */
export interface ArchivePage {
  readonly kind: 'page';
  readonly messages: readonly ArchivedMessage[];
  /** Nothing more in the direction asked for. */
  readonly complete: boolean;
  /** Archive ids of the first and last result, also where a result had no readable message. */
  readonly first?: string;
  readonly last?: string;
}

/** The outcomes a caller goes on from; anything else rejects. */
export type ArchiveAnswer =
  | ArchivePage
  /** The archive does not know the id asked from (any more): start from a time, or from the end. */
  | { readonly kind: 'cursor-unknown' }
  /** This account has no archive that we may ask. */
  | { readonly kind: 'unsupported' };

/** What to ask for. */
export interface ArchiveQuery {
  /** Only messages exchanged with this person, a bare JID (§4.1.1). */
  readonly with?: string;
  /** Only messages from this time on, epoch ms (§4.1.2). */
  readonly start?: number;
  /** Most messages in the page, 1 to 250; 50 where absent. The server may give fewer. */
  readonly max?: number;
  /** Gives up; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Default 30,000. */
  readonly timeoutMs?: number;
}

/** See {@link archive}. */
export interface Archive {
  /** The page after an archive id; from the oldest (or `start`) where `after` is absent. */
  forward(query: ArchiveQuery & { readonly after?: string }): Promise<ArchiveAnswer>;
  /** The page ending just before an archive id; the newest page where `before` is absent. */
  backward(query: ArchiveQuery & { readonly before?: string }): Promise<ArchiveAnswer>;
  /**
   * Page after page until the archive has nothing more; each is fetched when the last one has been
   * dealt with. Ends after an answer that is not a page.
   */
  pagesAfter(
    query: ArchiveQuery & { readonly after?: string },
  ): AsyncGenerator<ArchiveAnswer, void>;
}

/**
 * Asks the account's own archive. All its methods reject with a ProblemError `server.no-answer`,
 * a StanzaError for a refusal that is no outcome above, or the reason of an aborted signal.
 */
export function archive(stream: XmppStream): Archive {
  /** Results by the queryid of the open query they answer (§7.2): anything else is unsolicited. */
  const open = new Map<string, ArchivePageDraft>();

  stream.onStanza((stanza) => {
    if (open.size === 0 || stanza.getName() !== 'message') return;
    const result = stanza.getChild('result', NAMESPACE);
    if (!result || !isFromOwnAccount(stanza, bareJid(stream.bareJid))) return;
    const id = attribute(result, 'id');
    const draft = open.get(attribute(result, 'queryid') ?? '');
    if (!draft || id === undefined) return;
    draft.first ??= id;
    draft.last = id;
    const forwarded = forwardedIn(result);
    if (forwarded) draft.messages.push({ id, ...forwarded });
  });

  async function ask(query: ArchiveQuery, page: Omit<PageRequest, 'max'>): Promise<ArchiveAnswer> {
    query.signal?.throwIfAborted();
    const queryid = newId();
    const draft: ArchivePageDraft = { messages: [] };
    open.set(queryid, draft);
    try {
      const max = Math.min(Math.max(query.max ?? PAGE_SIZE, 1), 250);
      const request = stream.request(
        archiveRequest(queryid, query, { max, ...page }),
        query.timeoutMs,
      );
      return pageOf(await abortable(request, query.signal), draft);
    } catch (error) {
      const condition = conditionOf(error);
      const asked = page.after ?? page.before ?? '';
      if (condition === 'item-not-found' && asked !== '') return { kind: 'cursor-unknown' };
      if (condition !== undefined && NO_ARCHIVE.has(condition)) return { kind: 'unsupported' };
      throw error;
    } finally {
      open.delete(queryid);
    }
  }

  const forward: Archive['forward'] = (query) =>
    ask(query, query.after === undefined ? {} : { after: query.after });

  return {
    forward,
    backward: (query) => ask(query, { before: query.before ?? '' }),
    async *pagesAfter(query) {
      let { after } = query;
      for (;;) {
        const answer = await forward({ ...query, ...(after === undefined ? {} : { after }) });
        yield answer;
        // A server that says "more" without moving on would be asked for ever.
        if (answer.kind !== 'page' || answer.complete || answer.last === undefined) return;
        if (answer.last === after) return;
        after = answer.last;
      }
    },
  };
}

interface ArchivePageDraft {
  readonly messages: ArchivedMessage[];
  first?: string;
  last?: string;
}

const NO_ARCHIVE: ReadonlySet<string> = new Set([
  'feature-not-implemented',
  'forbidden',
  'item-not-found',
  'not-allowed',
  'service-unavailable',
]);

function archiveRequest(queryid: string, query: ArchiveQuery, page: PageRequest): Element {
  const form = xml(
    'x',
    { xmlns: 'jabber:x:data', type: 'submit' },
    field('FORM_TYPE', NAMESPACE, 'hidden'),
  );
  if (query.with !== undefined) form.append(field('with', query.with));
  if (query.start !== undefined) form.append(field('start', new Date(query.start).toISOString()));
  return xml(
    'iq',
    { type: 'set' },
    xml('query', { xmlns: NAMESPACE, queryid }, form, pageRequest(page)),
  );
}

/** A field of a data form (XEP-0004 §3.2). */
function field(name: string, value: string, type?: 'hidden'): Element {
  return xml('field', type ? { var: name, type } : { var: name }, xml('value', {}, value));
}

function pageOf(answer: Element, draft: ArchivePageDraft): ArchivePage {
  const fin = answer.getChild('fin', NAMESPACE);
  const said = fin ? pageAnswerIn(fin) : {};
  const first = said.first ?? draft.first;
  const last = said.last ?? draft.last;
  const complete = fin?.attrs.complete;
  return {
    kind: 'page',
    messages: draft.messages,
    complete: complete === 'true' || complete === '1' || last === undefined,
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
}

/** The promise, or a rejection as soon as the signal says so. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
