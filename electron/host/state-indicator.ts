/**
 * Tells an account's server whether somebody looks (XEP-0352), where it wants to know; once for each change, and
 * again in every new session. `AccountSession` has one.
 */
import type { ClientActivity, ClientState } from '../xmpp/extensions/client-state.ts';
import type { AccountParts } from './account-parts.ts';
import type { Attention } from './attention.ts';

/** An account that is to use little data takes who has not looked for this long to be away, in ms. */
const SOONER_MS = 20_000;

export interface StateIndicatorOptions {
  readonly parts: Pick<AccountParts, 'record' | 'update' | 'log'>;
  readonly clientState: ClientState;
  readonly attention: Attention;
  readonly onFailure: (thrown: unknown) => void;
}

export class StateIndicator {
  readonly #options: StateIndicatorOptions;
  #turn: Promise<unknown> = Promise.resolve();
  #stop: () => void = () => {};
  #isClosed = false;

  constructor(options: StateIndicatorOptions) {
    this.#options = options;
  }

  /** The stream is ready. What its server was told last is in the account's record where its features are not known. */
  begin(): void {
    const { parts, clientState, attention } = this.#options;
    const { isOffered } = clientState;
    if (isOffered !== undefined) this.#inTurn(() => this.#keep(isOffered ? 'active' : null));
    this.#stop = attention.watch(
      (isThere) => this.#inTurn(() => this.#tell(isThere ? 'active' : 'inactive')),
      parts.record().lowData ? SOONER_MS : undefined,
    );
  }

  /** The stream is gone. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  async #tell(activity: ClientActivity): Promise<void> {
    const { parts, clientState } = this.#options;
    const { clientState: told } = parts.record();
    if (told === undefined || told === activity) return;
    // First: a process that dies in between is followed by one that says it again, which does no harm.
    await this.#keep(activity);
    if (this.#isClosed) return;
    parts.log(`the server is told that this client is ${activity}`);
    clientState.tell(activity);
  }

  async #keep(told: ClientActivity | null): Promise<void> {
    const { parts } = this.#options;
    if ((parts.record().clientState ?? null) !== told) await parts.update({ clientState: told });
  }

  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn
      .then(() => (this.#isClosed ? undefined : work()))
      .catch(this.#options.onFailure);
  }
}
