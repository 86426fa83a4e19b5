import { describe, expect, it, vi } from 'vitest';
import type { HostEvent } from '../../shared/contract/events.ts';
import { ProblemError } from '../../shared/problem.ts';
import { createBrowserBridge } from './browser-bridge.ts';

const problem = {
  code: 'server.not-authorized',
  source: 'server',
  message: 'The server does not accept this password.',
  advice: 'Type it again.',
  retry: 'never',
} as const;

/** An EventSource whose server is the test. */
class ControlledEventSource {
  static readonly CLOSED = 2;
  static opened: ControlledEventSource[] = [];
  readonly url: string;
  readyState = 0;
  onopen: (() => void) | undefined;
  onmessage: ((message: { data: string }) => void) | undefined;
  onerror: (() => void) | undefined;

  constructor(url: string) {
    this.url = url;
    ControlledEventSource.opened.push(this);
  }

  close(): void {
    this.readyState = ControlledEventSource.CLOSED;
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.();
  }
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

function bridgeWith(fetch: (...request: Parameters<typeof globalThis.fetch>) => Promise<Response>) {
  ControlledEventSource.opened = [];
  const onLocked = vi.fn();
  const bridge = createBrowserBridge({
    fetch,
    EventSource: ControlledEventSource as unknown as typeof EventSource,
    onLocked,
    retryAfter: 0,
  });
  const source = (index = 0): ControlledEventSource => {
    const opened = ControlledEventSource.opened[index];
    if (!opened) throw new Error('no event source was opened');
    return opened;
  };
  return { bridge, onLocked, source };
}

function problemCode(thrown: unknown): string | undefined {
  return thrown instanceof ProblemError ? thrown.problem.code : undefined;
}

describe('a command', () => {
  it('is posted as JSON with the cookie of this origin, and answers its value', async () => {
    const fetch = vi.fn(async () => json(200, { ok: true, value: { accountId: 'a' } }));
    const { bridge } = bridgeWith(fetch);
    const input = { jid: 'me@example.org', password: 'secret' };
    expect(await bridge.commands['accounts.add'](input)).toEqual({ accountId: 'a' });
    expect(fetch).toHaveBeenCalledExactlyOnceWith('/commands/accounts.add', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
  });

  it('that was refused rejects with the problem the host gave', async () => {
    const { bridge } = bridgeWith(async () => json(200, { ok: false, problem }));
    const thrown = await bridge.commands['accounts.signOut']({ accountId: 'a' }).catch((e) => e);
    expect(thrown).toBeInstanceOf(ProblemError);
    expect(thrown.problem).toEqual(problem);
  });

  it('rejects in plain words where the host is out of reach or somebody else answers', async () => {
    const unreachable = bridgeWith(async () => {
      throw new TypeError('failed to fetch');
    });
    const stranger = bridgeWith(async () => new Response('<html>', { status: 502 }));
    for (const { bridge } of [unreachable, stranger]) {
      const thrown = await bridge.commands['accounts.signOut']({ accountId: 'a' }).catch((e) => e);
      expect(problemCode(thrown)).toBe('app.host-gone');
    }
  });

  it('that finds the session over locks the page', async () => {
    const { bridge, onLocked } = bridgeWith(async () => new Response(null, { status: 401 }));
    const thrown = await bridge.commands['accounts.signOut']({ accountId: 'a' }).catch((e) => e);
    expect(problemCode(thrown)).toBe('app.page-locked');
    expect(onLocked).toHaveBeenCalledOnce();
  });
});

describe('the events', () => {
  const never = () => new Promise<Response>(() => {});

  it('reach the listener in order, checked against the contract', () => {
    const { bridge, source } = bridgeWith(never);
    const heard: HostEvent[] = [];
    bridge.subscribe((event) => heard.push(event));
    expect(source().url).toBe('/events');
    const snapshot = { type: 'snapshot', snapshot: { accounts: [], notices: [] } };
    const removed = { type: 'account-removed', accountId: 'a' };
    source().onmessage?.({ data: JSON.stringify(snapshot) });
    source().onmessage?.({ data: JSON.stringify(removed) });
    expect(heard).toEqual([snapshot, removed]);
  });

  it('that do not fit the contract become a notice instead of being lost in silence', () => {
    const { bridge, source } = bridgeWith(never);
    const heard: HostEvent[] = [];
    bridge.subscribe((event) => heard.push(event));
    source().onmessage?.({ data: '{"type":"from-the-future"}' });
    source().onmessage?.({ data: 'not even JSON' });
    expect(heard.map((event) => event.type === 'notice' && event.notice.code)).toEqual([
      'app.strange-event',
      'app.strange-event',
    ]);
  });

  it('tell whether the link stands while the browser connects again by itself', () => {
    const { bridge, source } = bridgeWith(never);
    const link: boolean[] = [];
    bridge.onLink((connected) => link.push(connected));
    bridge.subscribe(() => {});
    source().onopen?.();
    source().fail(0);
    source().onopen?.();
    expect(link).toEqual([true, false, true]);
    expect(ControlledEventSource.opened).toHaveLength(1);
  });

  it('lock the page where the browser gave up because the session is over', async () => {
    const { bridge, source, onLocked } = bridgeWith(
      async () => new Response(null, { status: 401 }),
    );
    bridge.subscribe(() => {});
    source().fail(ControlledEventSource.CLOSED);
    await vi.waitFor(() => expect(onLocked).toHaveBeenCalledOnce());
    expect(ControlledEventSource.opened).toHaveLength(1);
  });

  it('are asked for again where the browser gave up for another reason', async () => {
    const { bridge, source, onLocked } = bridgeWith(
      async () => new Response(null, { status: 503 }),
    );
    bridge.subscribe(() => {});
    source().fail(ControlledEventSource.CLOSED);
    await vi.waitFor(() => expect(ControlledEventSource.opened).toHaveLength(2));
    expect(onLocked).not.toHaveBeenCalled();
  });

  it('end when nobody listens any more', () => {
    const { bridge, source } = bridgeWith(never);
    bridge.subscribe(() => {})();
    expect(source().readyState).toBe(ControlledEventSource.CLOSED);
  });
});
