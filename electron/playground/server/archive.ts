/**
 * The messages of one account in the order they came (XEP-0313), with ids that tell their own order, so that
 * an archive made anew after a restart goes on where the last one was. `archive-requests.ts` answers from it.
 */
import type { Element } from '@xmpp/xml';

export interface ArchiveEntry {
  readonly id: string;
  /** Epoch ms; no two of an archive are the same. */
  readonly at: number;
  /** Bare JID of the other side. */
  readonly peer: string;
  /** As it came, without anything of the archive's own. */
  readonly message: Element;
}

export interface ArchiveQuery {
  readonly max: number;
  readonly with?: string;
  /** Epoch ms, inclusive. */
  readonly start?: number;
  readonly end?: number;
  /** Archive ids, exclusive. */
  readonly after?: string;
  /** Empty text: the last page (XEP-0059 §2.5). */
  readonly before?: string;
}

export interface ArchivePage {
  /** Oldest first. */
  readonly entries: readonly ArchiveEntry[];
  /** Nothing more in the direction asked for. */
  readonly complete: boolean;
  /** How many match, on all pages. */
  readonly count: number;
}

export class Archive {
  /**
   * When the history that every archive of this account begins with was laid out: a day's first moment, epoch
   * ms. It is in every id, so that whoever has one can make the same history again.
   */
  readonly anchor: number;
  readonly #entries: ArchiveEntry[] = [];
  #last = 0;

  constructor(anchor: number) {
    this.anchor = anchor;
  }

  /** Keeps a message; one that would stand at or before the last stands just after it. */
  add(message: Element, peer: string, at: number): ArchiveEntry {
    this.#last = Math.max(Math.floor(at), this.#last + 1);
    const entry = { id: archiveId(this.anchor, this.#last), at: this.#last, peer, message };
    this.#entries.push(entry);
    return entry;
  }

  /** @returns undefined where an id to go on from is none of this archive's. */
  page(query: ArchiveQuery): ArchivePage | undefined {
    const { max, start = 0, end = Number.POSITIVE_INFINITY, before } = query;
    const after = query.after === undefined ? undefined : this.#atOf(query.after);
    const until = before ? this.#atOf(before) : undefined;
    if (query.after !== undefined && after === undefined) return undefined;
    if (before && until === undefined) return undefined;
    const matching = this.#entries.filter(
      ({ at, peer }) =>
        at >= start && at <= end && (query.with === undefined || query.with === peer),
    );
    const left = matching.filter(
      ({ at }) => (after === undefined || at > after) && (until === undefined || at < until),
    );
    const entries = before === undefined ? left.slice(0, max) : left.slice(-max);
    return { entries, complete: entries.length === left.length, count: matching.length };
  }

  /** An id need not be of a message that is here: the last process may have given it. */
  #atOf(id: string): number | undefined {
    const read = readArchiveId(id);
    return read?.anchor === this.anchor ? read.at : undefined;
  }
}

function archiveId(anchor: number, at: number): string {
  return `${anchor.toString(36)}-${at.toString(36)}`;
}

/** What an id tells; undefined for one that no archive of ours gave. */
export function readArchiveId(id: string): { anchor: number; at: number } | undefined {
  const [, anchor = '', at = ''] = /^([0-9a-z]{1,10})-([0-9a-z]{1,10})$/u.exec(id) ?? [];
  if (anchor === '') return undefined;
  return { anchor: Number.parseInt(anchor, 36), at: Number.parseInt(at, 36) };
}
