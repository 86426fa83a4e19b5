/** A small HostPort for the tests of the shells: says back what it is asked, and emits what a test tells it. */
import type { HostPort } from '../../shared/contract/bridge.ts';
import type { HostEvent } from '../../shared/contract/events.ts';

export interface FakeHost extends HostPort {
  readonly listeners: ReadonlySet<(event: HostEvent) => void>;
  readonly asked: { name: string; input: unknown }[];
  readonly closed: boolean;
  /** What it was told of the computer, in order. */
  readonly power: ('sleep' | 'wake')[];
  /** Tells every listener. */
  emit(event: HostEvent): void;
}

export function createFakeHost(): FakeHost {
  const listeners = new Set<(event: HostEvent) => void>();
  const asked: { name: string; input: unknown }[] = [];
  const power: FakeHost['power'] = [];
  let closed = false;
  return {
    listeners,
    power,
    asked,
    get closed() {
      return closed;
    },
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    async run(name, input) {
      asked.push({ name, input });
      return { ok: true, value: {} };
    },
    subscribe(listener) {
      listeners.add(listener);
      listener({ type: 'snapshot', snapshot: { accounts: [], notices: [] } });
      return () => listeners.delete(listener);
    },
    async readAvatar(accountId, hash) {
      return accountId === 'one' && hash === 'abc'
        ? { type: 'image/png', bytes: Uint8Array.of(1, 2, 3) }
        : undefined;
    },
    async sleep() {
      power.push('sleep');
    },
    wake() {
      power.push('wake');
    },
    async close() {
      closed = true;
    },
  };
}

/** A notice that can be told from others by its code. */
export function notice(code: string): HostEvent {
  return {
    type: 'notice',
    notice: { code, source: 'app', message: code, advice: '', retry: 'never' },
  };
}
