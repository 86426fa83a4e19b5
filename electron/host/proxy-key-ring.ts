/**
 * What proxies want to hear, for all accounts: in memory for this run, and in the store, sealed, where the
 * person wants it kept. Where something is missing it asks, one question at a time, and each proxy once.
 */
import { newId } from '../../shared/ids.ts';
import { type Problem, ProblemError, problemOf } from '../../shared/problem.ts';
import { type ProxyAddress, type ProxyQuestion, proxyUrl } from '../../shared/proxy.ts';
import type { ProxyKeys } from '../network/proxies/proxy-keys.ts';
import type { ProxyCredentials } from '../network/proxies/route.ts';
import type { ProxyKeysRepository } from '../store/store.ts';
import type { Log } from './log.ts';
import type { Secrets } from './secrets.ts';

export interface ProxyKeyRingOptions {
  readonly kept: ProxyKeysRepository;
  readonly secrets: Secrets;
  /** The question that waits now; undefined: none. */
  readonly onQuestion: (question: ProxyQuestion | undefined) => void;
  /** Those that something is kept for, whenever there are others. */
  readonly onKept: (proxies: readonly string[]) => void;
  /** Somebody has answered: what failed for want of it can be tried again. */
  readonly onAnswer: () => void;
  readonly log: Log;
}

export class ProxyKeyRing implements ProxyKeys {
  readonly #options: ProxyKeyRingOptions;
  readonly #known = new Map<string, ProxyCredentials>();
  /** Whoever declined is not asked again. */
  readonly #declined = new Set<string>();
  /** The first one waits for the person. */
  #questions: readonly ProxyQuestion[] = [];

  constructor(options: ProxyKeyRingOptions) {
    this.#options = options;
  }

  /** Tells what is kept. */
  async load(): Promise<void> {
    const { kept, onKept } = this.#options;
    onKept(await kept.list());
  }

  async find(proxy: ProxyAddress): Promise<ProxyCredentials | undefined> {
    const name = proxyUrl(proxy);
    return this.#known.get(name) ?? this.#findKept(name);
  }

  ask(question: Omit<ProxyQuestion, 'id' | 'refused'>, refused?: ProxyCredentials): void {
    const name = proxyUrl(question.proxy);
    const known = this.#known.get(name);
    if (refused !== undefined && refused === known) this.#drop(name);
    // Another connection was told in the meantime: the next try will know.
    else if (known !== undefined) return;
    const isAsked = this.#questions.some(({ proxy }) => proxyUrl(proxy) === name);
    if (isAsked || this.#declined.has(name)) return;
    this.#options.log(`${name} asks for ${question.scheme} credentials`);
    const { username } = refused ?? {};
    const asked = {
      ...question,
      id: newId(),
      ...(username === undefined ? {} : { refused: username }),
    };
    this.#questions = [...this.#questions, asked];
    if (this.#questions.length === 1) this.#tell();
  }

  /** @throws ProblemError `input.no-proxy-question` where it was answered already. */
  async answer(id: string, credentials: ProxyCredentials, keep: boolean): Promise<void> {
    const { kept, secrets, onAnswer } = this.#options;
    const name = this.#take(id);
    this.#known.set(name, credentials);
    onAnswer();
    if (keep) await kept.put(name, await secrets.seal(JSON.stringify(credentials)));
    else await kept.remove(name);
    await this.load();
  }

  /** @throws ProblemError `input.no-proxy-question` */
  decline(id: string): void {
    this.#declined.add(this.#take(id));
  }

  /** What is kept for a proxy, and what is known of it now. */
  async forget(name: string): Promise<void> {
    this.#known.delete(name);
    await this.#options.kept.remove(name);
    await this.load();
  }

  /** Somebody tries to connect by their own will: they may be asked again. */
  reconsider(): void {
    this.#declined.clear();
  }

  /** Removes a question and shows the next; the name of its proxy. */
  #take(id: string): string {
    const question = this.#questions.find((asked) => asked.id === id);
    if (question === undefined) throw new ProblemError(noQuestion);
    this.#questions = this.#questions.filter((asked) => asked !== question);
    this.#tell();
    return proxyUrl(question.proxy);
  }

  #tell(): void {
    this.#options.onQuestion(this.#questions[0]);
  }

  #drop(name: string): void {
    const { log } = this.#options;
    this.forget(name).catch((thrown: unknown) => log(`proxy keys: ${problemOf(thrown).code}`));
  }

  async #findKept(name: string): Promise<ProxyCredentials | undefined> {
    const { kept, secrets, log } = this.#options;
    try {
      const sealed = await kept.get(name);
      if (sealed === undefined) return undefined;
      const credentials = JSON.parse(await secrets.unseal(sealed)) as ProxyCredentials;
      // Whoever came first decides: the same object for everybody.
      const known = this.#known.get(name) ?? credentials;
      this.#known.set(name, known);
      return known;
    } catch (thrown) {
      log(`proxy keys: ${problemOf(thrown).code}`);
      return undefined;
    }
  }
}

const noQuestion: Problem = {
  code: 'input.no-proxy-question',
  source: 'input',
  message: 'The proxy has been answered already.',
  advice: '',
  retry: 'never',
};
