/**
 * Drives Holdfast over the browser shell's HTTP contract without a page: commands by POST, events by
 * Server-Sent Events. For runs where a browser would only cost time.
 */
import type {
  CommandInput,
  CommandName,
  CommandOutput,
  CommandResult,
} from '../../shared/contract/commands.ts';
import { type HostEvent, hostEventSchema } from '../../shared/contract/events.ts';
import type { Account, Contact, Message } from '../../shared/contract/records.ts';
import type { DoctorRun } from '../../shared/doctor.ts';
import type { Health } from '../../shared/health.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { RunningHoldfast } from './start-holdfast.ts';
import { Watch } from './watch.ts';

const DEADLINE_MS = 60_000;

export class HostClient {
  /** What the events have told so far. */
  readonly accounts = new Map<string, Account>();
  readonly health = new Map<string, Health>();
  /** By JID; these runs have one account each. */
  readonly contacts = new Map<string, Contact>();
  /** By message id; those told by events since this client was opened, and those loaded. */
  readonly messages = new Map<string, Message>();
  /** The last examination. */
  doctor: DoctorRun | undefined;
  readonly #origin: string;
  readonly #cookie: string;
  readonly #ended = new AbortController();
  readonly #watch = new Watch();

  private constructor(origin: string, cookie: string) {
    this.#origin = origin;
    this.#cookie = cookie;
  }

  /** Redeems the start's token and has read the first snapshot. */
  static async open({ origin, token }: RunningHoldfast): Promise<HostClient> {
    const answer = await fetch(`${origin}/session`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    await answer.body?.cancel();
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie === undefined) throw new Error(`POST /session answered ${answer.status}`);
    const client = new HostClient(origin, cookie);
    await client.#listen();
    return client;
  }

  /** @throws ProblemError as the host answers; TypeError where the host is gone. */
  async run<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    const answer = await fetch(`${this.#origin}/commands/${name}`, {
      method: 'POST',
      headers: {
        origin: this.#origin,
        cookie: this.#cookie,
        'content-type': 'application/json',
      },
      body: JSON.stringify(input),
    });
    const result = (await answer.json()) as CommandResult<N>;
    if (!result.ok) throw new ProblemError(result.problem);
    return result.value;
  }

  /** Every message of a chat as the store has it, ascending; also kept in `messages`. */
  async loadAll(accountId: string, jid: string): Promise<Message[]> {
    const loaded: Message[] = [];
    for (let atStart = false; !atStart; ) {
      const before = loaded[0]?.position;
      const page = await this.run('messages.load', {
        accountId,
        jid,
        limit: 200,
        ...(before === undefined ? {} : { before }),
      });
      loaded.unshift(...page.messages);
      // A problem is the archive's: it is asked where the store has no more.
      atStart = page.atStart || page.problem !== undefined || page.messages.length === 0;
    }
    for (const message of loaded) {
      if (!this.messages.has(message.id)) this.messages.set(message.id, message);
    }
    return loaded;
  }

  /** Resolves once this holds, checked after each event; the deadline only ends a run that hangs. */
  until(what: string, holds: () => boolean, deadlineMs = DEADLINE_MS): Promise<void> {
    return this.#watch.until(
      what,
      () => {
        if (holds()) return true;
        if (this.#ended.signal.aborted) throw new Error(`the host has gone before: ${what}`);
        return false;
      },
      deadlineMs,
    );
  }

  close(): void {
    this.#ended.abort();
  }

  async #listen(): Promise<void> {
    const answer = await fetch(`${this.#origin}/events`, {
      headers: { cookie: this.#cookie },
      signal: this.#ended.signal,
    });
    if (!answer.ok || !answer.body) throw new Error(`GET /events answered ${answer.status}`);
    const first = Promise.withResolvers<void>();
    this.#read(answer.body, first.resolve)
      // The stream breaks when the host is killed, which is what these runs do.
      .catch(() => {})
      .finally(() => {
        this.#ended.abort();
        first.reject(new Error('the events ended before the first'));
        this.#watch.changed();
      });
    await first.promise;
  }

  async #read(stream: ReadableStream<Uint8Array>, onEvent: () => void): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = text
          .slice(0, end)
          .split('\n')
          .find((line) => line.startsWith('data: '));
        text = text.slice(end + 2);
        if (data === undefined) continue;
        this.#take(hostEventSchema.parse(JSON.parse(data.slice('data: '.length))));
        onEvent();
        this.#watch.changed();
      }
    }
  }

  #take(event: HostEvent): void {
    switch (event.type) {
      case 'snapshot':
        this.accounts.clear();
        this.health.clear();
        this.contacts.clear();
        for (const { account, contacts, health } of event.snapshot.accounts) {
          this.accounts.set(account.id, account);
          for (const contact of contacts) this.contacts.set(contact.jid, contact);
          if (health) this.health.set(account.id, health);
        }
        break;
      case 'account':
        this.accounts.set(event.account.id, event.account);
        break;
      case 'contact':
        this.contacts.set(event.contact.jid, event.contact);
        break;
      case 'health':
        if (event.health) this.health.set(event.accountId, event.health);
        else this.health.delete(event.accountId);
        break;
      case 'message':
        this.messages.set(event.message.id, event.message);
        break;
      case 'doctor':
        this.doctor = event.run;
        break;
      default:
        break;
    }
  }
}
