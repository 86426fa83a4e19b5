/**
 * Fetches each avatar image once, by its hash (XEP-0084, XEP-0153), and names from vCards where the
 * roster has none (XEP-0054); a few requests at a time, since none of it is urgent.
 */
import type { AvatarsRepository } from '../store/store.ts';
import type { Extensions } from '../xmpp/extensions/extensions.ts';
import type { ContactBook } from './contact-book.ts';

/** Requests under way at once. */
const MOST_AT_ONCE = 2;

export interface AvatarCollectorOptions {
  readonly account: { readonly id: string; readonly jid: string };
  readonly avatars: AvatarsRepository;
  readonly book: ContactBook;
  readonly extensions: Pick<Extensions, 'avatar' | 'vcard' | 'vcardAvatar'>;
  /** While this is so, nothing is fetched. */
  readonly savesData: () => boolean;
  /** Our own image or name. */
  readonly onOwn: (own: { avatar?: string | null; name?: string }) => Promise<void>;
  readonly onFailure: (thrown: unknown) => void;
}

export class AvatarCollector {
  readonly #options: AvatarCollectorOptions;
  /** People who publish over PEP: what their presence says about a vCard is older news. */
  readonly #publishers = new Set<string>();
  readonly #named = new Set<string>();
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  #closed = false;

  constructor(options: AvatarCollectorOptions) {
    this.#options = options;
    const { avatar, vcardAvatar } = options.extensions;
    avatar.onHash((jid, hash) => {
      this.#publishers.add(jid);
      this.#wants(jid, hash, () => avatar.fetch(jid, hash ?? ''));
    });
    vcardAvatar.onHash((jid, hash) => {
      if (this.#publishers.has(jid)) return;
      this.#wants(jid, hash, () => vcardAvatar.fetch(jid, hash ?? ''));
    });
  }

  /** Looks up our own name and image. */
  readOwn(): void {
    const { account, avatars, extensions, onOwn } = this.#options;
    this.#soon(async () => {
      const card = await extensions.vcard.read(account.jid);
      const name = card.nickname ?? card.fullName;
      if (card.photo && !this.#publishers.has(account.jid)) {
        await avatars.put(account.id, card.photo.hash, card.photo.type, card.photo.bytes);
        await onOwn({ avatar: card.photo.hash, ...(name && { name }) });
      } else if (name) {
        await onOwn({ name });
      }
    });
  }

  /** Looks up the name of a contact who has none, once. */
  readName(jid: string): void {
    const { book, extensions } = this.#options;
    const contact = book.get(jid);
    if (!contact?.inRoster || contact.name || this.#named.has(jid)) return;
    this.#named.add(jid);
    this.#soon(async () => {
      const { nickname, fullName } = await extensions.vcard.read(jid);
      const name = nickname ?? fullName;
      if (name) await book.setNickname(jid, name);
    });
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
  }

  #wants(
    jid: string,
    hash: string | undefined,
    fetch: () => Promise<{ type: string; bytes: Uint8Array } | undefined>,
  ): void {
    const { account, avatars, book } = this.#options;
    if (hash && book.get(jid)?.avatar === hash) return;
    this.#soon(async () => {
      // By now the roster is here; strangers' images are not ours to keep.
      if (jid !== account.jid && !book.get(jid)) return;
      if (hash && !(await avatars.get(account.id, hash))) {
        const image = await fetch();
        if (!image) return;
        await avatars.put(account.id, hash, image.type, image.bytes);
      }
      await this.#shows(jid, hash);
    });
  }

  async #shows(jid: string, hash: string | undefined): Promise<void> {
    const { account, book, onOwn } = this.#options;
    if (jid === account.jid) await onOwn({ avatar: hash ?? null });
    else await book.setAvatar(jid, hash);
  }

  #soon(work: () => Promise<void>): void {
    if (this.#closed || this.#options.savesData()) return;
    this.#waiting.push(work);
    while (this.#running < MOST_AT_ONCE && this.#waiting.length > 0) {
      const next = this.#waiting.shift();
      if (next) void this.#run(next);
    }
  }

  async #run(work: () => Promise<void>): Promise<void> {
    this.#running++;
    try {
      await work();
    } catch (thrown) {
      if (!this.#closed) this.#options.onFailure(thrown);
    }
    this.#running--;
    const next = this.#waiting.shift();
    if (next && !this.#closed) void this.#run(next);
  }
}
