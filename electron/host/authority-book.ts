/** The certificate authorities that a person added, for all accounts: read once, kept, told to the page. */
import type { Authority } from '../../shared/certificate.ts';
import { describeAuthority, readAuthorities } from '../network/certificates/authority-file.ts';
import type { AuthoritiesRepository, StoredAuthority } from '../store/store.ts';

export interface AuthorityBookOptions {
  readonly kept: AuthoritiesRepository;
  /** All of them, whenever there are others. */
  readonly onChange: (authorities: readonly Authority[]) => void;
  /** Epoch ms. */
  readonly now: () => number;
}

export class AuthorityBook {
  readonly #options: AuthorityBookOptions;
  #authorities: readonly StoredAuthority[] = [];
  #pems: readonly string[] = [];

  constructor(options: AuthorityBookOptions) {
    this.#options = options;
  }

  /** PEM; the same list until it changes. */
  get pems(): readonly string[] {
    return this.#pems;
  }

  async load(): Promise<void> {
    this.#take(await this.#options.kept.list());
  }

  /** Adds those in a file; returns how many were new. @throws ProblemError `input.authority-…` */
  async add(file: Uint8Array): Promise<number> {
    const { kept, now } = this.#options;
    const known = new Set(this.#authorities.map(({ fingerprint }) => fingerprint));
    const added = readAuthorities(file, now()).flatMap(({ pem, certificate }) =>
      known.has(certificate.fingerprint)
        ? []
        : [{ fingerprint: certificate.fingerprint, pem, addedAt: now() }],
    );
    for (const authority of added) await kept.put(authority);
    if (added.length > 0) this.#take(await kept.list());
    return added.length;
  }

  async remove(fingerprint: string): Promise<void> {
    const { kept } = this.#options;
    await kept.remove(fingerprint);
    this.#take(await kept.list());
  }

  #take(authorities: readonly StoredAuthority[]): void {
    this.#authorities = authorities;
    this.#pems = authorities.map(({ pem }) => pem);
    this.#options.onChange(
      authorities.map(({ pem, addedAt }) => ({ certificate: describeAuthority(pem), addedAt })),
    );
  }
}
