/** A session machine by hand: one event at a time, with its bookkeeping carried out. For its tests. */
import type { Problem } from '../../../../shared/problem.ts';
import { decodeBody, encodeBody } from '../../protocol/body.ts';
import type { SessionEffect, SessionEvent } from '../session-events.ts';
import { SessionMachine, type SessionOptions } from '../session-machine.ts';

export const RESET: Problem = {
  code: 'network.reset',
  source: 'network',
  message: 'The connection was reset.',
  advice: '',
  retry: 'now',
};
/** A stranger's answer. */
export const HTML: Problem = { ...RESET, code: 'network.html-answer' };
export const FACTS = { bytesSent: 300, bytesReceived: 200 };
/** What Prosody grants. */
export const PROSODY = {
  ver: '1.6',
  authid: 's',
  wait: '60',
  hold: '1',
  requests: '2',
  polling: '5',
};
/** What ejabberd grants. */
export const EJABBERD = {
  ver: '1.11',
  authid: 's',
  wait: '60',
  hold: '1',
  requests: '2',
  maxpause: '120',
};

export type Post = Extract<SessionEffect, { type: 'post' }>;

export class Bench {
  readonly machine: SessionMachine;
  now = 1_000_000;
  effects: readonly SessionEffect[] = [];
  /** When the machine wants to be woken. */
  wakeAt: number | undefined;

  constructor(options: Partial<SessionOptions> = {}) {
    this.machine = new SessionMachine({
      endpoint: 'https://example.org/http-bind',
      to: 'example.org',
      lang: 'en',
      firstRid: 100,
      random: () => 0.5,
      ...options,
    });
  }

  /** Tells the machine; what it asks for is in `effects`, and its own bookkeeping is carried out. */
  tell(event: SessionEvent): readonly SessionEffect[] {
    const all = [...this.machine.handle(event, this.now)];
    for (const effect of [...all]) {
      if (effect.type === 'append') {
        all.push(...this.tell({ type: 'appended', rid: effect.request.rid }));
      }
      if (effect.type === 'commit') all.push(...this.tell({ type: 'committed', rid: effect.rid }));
    }
    const wake = all.findLast((effect) => effect.type === 'wake-at');
    if (wake) this.wakeAt = wake.at;
    this.effects = all;
    return all;
  }

  get posts(): Post[] {
    return this.effects.filter((effect): effect is Post => effect.type === 'post');
  }

  get delivered(): string[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'deliver' ? effect.payload.map((element) => element.text()) : [],
    );
  }

  get ended(): Problem | undefined {
    return this.effects.find((effect) => effect.type === 'ended')?.problem;
  }

  /** What was kept since it cannot be delivered yet, by rid. */
  get kept(): readonly (readonly [number, string])[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'keep' ? [[effect.rid, effect.payload] as const] : [],
    );
  }

  answer(rid: number, payload = '', attributes: Record<string, string> = {}, attempt = 1): void {
    const body = decodeBody(encodeBody(attributes, payload));
    this.tell({ type: 'answered', rid, attempt, body, facts: FACTS });
  }

  sent(rid: number, attempt = 1): void {
    this.tell({ type: 'sent', rid, attempt });
  }

  fail(rid: number, attempt = 1, problem = RESET): void {
    this.tell({ type: 'failed', rid, attempt, problem });
  }

  /** The whole of a repeat is with the kernel, and the pause after it is over. */
  sentLongAgo(rid: number, attempt: number): readonly SessionEffect[] {
    this.sent(rid, attempt);
    this.now = this.wakeAt ?? this.now;
    return this.tell({ type: 'wake' });
  }

  write(...stanzas: string[]): void {
    for (const stanza of stanzas) {
      this.tell({ type: 'write', payload: `<s>${stanza}</s>`, messageIds: [stanza] });
    }
    this.tell({ type: 'flush' });
  }

  /** Lets the time come that the machine waits for. */
  wake(): readonly SessionEffect[] {
    this.now = this.wakeAt ?? this.now;
    return this.tell({ type: 'wake' });
  }

  /** The attributes of the one request posted last. */
  get asked(): Readonly<Record<string, string>> {
    return decodeBody(this.posts.at(-1)?.body ?? '').attributes;
  }

  /** Signs in; afterwards rid 101 is held on lane 0. */
  open(manager: Record<string, string> = PROSODY): this {
    this.tell({ type: 'start' });
    this.sent(100);
    this.answer(100, '<features/>', { sid: 'secret', ...manager });
    this.tell({ type: 'flush' });
    this.tell({ type: 'bound', jid: 'a@example.org/r' });
    this.sent(101);
    this.now += 1_000;
    return this;
  }
}
