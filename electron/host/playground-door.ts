/**
 * The way into the playground: opens it when it is first needed, and gives its account what reaches it in this
 * run, since address and password are others each time. `createHost` has one.
 */
import { newId } from '../../shared/ids.ts';
import type { PlaygroundNetwork } from '../../shared/playground.ts';
import { openPlayground, type Playground } from '../playground/open-playground.ts';
import type { Store, StoredAccount } from '../store/store.ts';
import { newResource } from './new-resource.ts';
import type { Secrets } from './secrets.ts';

export interface PlaygroundDoorOptions {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly now: () => number;
  readonly random: () => number;
}

export class PlaygroundDoor {
  readonly #options: PlaygroundDoorOptions;
  #opening: Promise<Playground> | undefined;
  #network: () => PlaygroundNetwork = () => 'good';

  constructor(options: PlaygroundDoorOptions) {
    this.#options = options;
  }

  /** The network in front of it now. */
  get network(): PlaygroundNetwork {
    return this.#network();
  }

  /** An account for somebody who has not been here. */
  async newAccount(): Promise<StoredAccount> {
    const { jid, endpoint, password } = await this.#open(undefined);
    const sealed = await this.#options.secrets.seal(password);
    return { id: newId(), jid, enabled: true, endpoint, password: sealed, resource: newResource() };
  }

  /** The account of an earlier run, ready to sign in again. Nothing of that run's session is left to go on with. */
  async admit(account: StoredAccount): Promise<StoredAccount> {
    const { store, secrets } = this.#options;
    const { endpoint, password } = await this.#open(account.archiveCursor);
    const change = { endpoint, password: await secrets.seal(password) };
    await store.sessions.end(account.id);
    await store.accounts.update(account.id, change);
    return { ...account, ...change };
  }

  /** Puts another network in front of it. */
  async setNetwork(network: PlaygroundNetwork): Promise<void> {
    (await this.#opening)?.setNetwork(network);
  }

  /** Nobody is there any more; the next one in finds it as on the first day. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#network = () => 'good';
    await (await opening)?.close();
  }

  #open(lastArchiveId: string | undefined): Promise<Playground> {
    const { now, random } = this.#options;
    this.#opening ??= openPlayground({ lastArchiveId, now, random }).then(
      (playground) => {
        this.#network = () => playground.network;
        return playground;
      },
      (thrown: unknown) => {
        this.#opening = undefined;
        throw thrown;
      },
    );
    return this.#opening;
  }
}
