import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConnectionEvent, connectionEventSchema } from '../../shared/connection-history.ts';
import type { Account } from '../../shared/contract/records.ts';
import type { Health } from '../../shared/health.ts';
import type { Problem } from '../../shared/problem.ts';
import { HealthPanel, type HealthPanelProps } from './health-panel.tsx';

const now = Date.UTC(2026, 4, 2, 10, 20, 30);

const account: Account = {
  id: 'a',
  jid: 'juliet@example.org',
  enabled: true,
  connection: { phase: 'online', since: now },
};

const health: Health = {
  takenAt: now,
  state: 'open',
  endpoint: 'http://127.0.0.1:5280/http-bind',
  httpVersion: '1.1',
  sid: 'a1f3…',
  nextRid: 1234568,
  granted: { wait: 60, hold: 1, requests: 2, inactivity: 30 },
  window: [{ state: 'held', rid: 1234567 }, { state: 'free' }],
  held: 1,
  heldRequest: { rid: 1234567, lane: 1, startedAt: now - 11_000, deadline: now + 49_000 },
  exchanges: [
    {
      rid: 1234566,
      lane: 0,
      attempt: 1,
      startedAt: now - 40_000,
      endedAt: now - 10_997,
      outcome: 'payload',
      stanzasSent: 0,
      stanzasReceived: 1,
      bytesSent: 380,
      bytesReceived: 512,
    },
    {
      rid: 1234567,
      lane: 1,
      attempt: 1,
      startedAt: now - 11_000,
      outcome: 'in-flight',
      stanzasSent: 1,
      stanzasReceived: 0,
      bytesSent: 640,
      bytesReceived: 0,
    },
  ],
  roundTrip: { median: 4, worst: 9, samples: 3 },
  retries: 0,
  bytesSent: 18_412,
  bytesReceived: 900,
  orderingGuard: 0,
};

const reset: Problem = {
  ...{ code: 'network.reset', source: 'network', retry: 'now', advice: '' },
  message: 'The connection was closed early.',
};
const state = { kind: 'state', until: now } as const;
const history: readonly ConnectionEvent[] = [
  { ...state, id: '1', at: now - 90_000, state: 'up' },
  { id: '2', kind: 'problem', at: now - 60_000, until: now - 60_000, times: 1, problem: reset },
  { ...state, id: '3', at: now - 60_000, state: 'recovering', problem: reset },
  { ...state, id: '4', at: now - 30_000, state: 'up' },
].map((event) => connectionEventSchema.parse(event));

function shown(
  reading: Health | undefined,
  of: Account = account,
  more: Partial<HealthPanelProps> = {},
): string {
  return renderToStaticMarkup(
    <HealthPanel
      account={of}
      health={reading}
      forgetLimits={() => Promise.resolve()}
      onClose={() => undefined}
      onExamine={() => undefined}
      onConsole={() => undefined}
      copyReport={() => Promise.resolve('')}
      playNetwork={() => Promise.resolve()}
      {...more}
    />,
  );
}

beforeEach(() => {
  vi.useFakeTimers({ now });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the health panel', () => {
  it('says what counts down from the reading and the clock', () => {
    expect(shown(health)).toContain('49 s of 60 s left');
    vi.setSystemTime(now + 20_000);
    expect(shown(health)).toContain('29 s of 60 s left');
  });

  it('never counts from a clock behind the reading', () => {
    vi.setSystemTime(now - 5_000);
    expect(shown(health)).toContain('49 s of 60 s left');
  });

  it('has the choice of networks for the playground only, with what the chosen one does', () => {
    expect(shown(health)).not.toContain('Network of the playground');
    const page = shown(health, { ...account, playground: { network: 'portal' } });
    expect(page).toMatch(/aria-checked="true"[^>]*>Portal</u);
    expect(page.match(/role="radio"/gu)).toHaveLength(5 + 4);
    expect(page).toContain('answered with a hotel’s sign-in page');
  });

  it('names every place in the request window', () => {
    const page = shown(health);
    expect(page).toContain('aria-label="rid 1234567: held"');
    expect(page).toContain('aria-label="slot: free"');
  });

  it('names every bar of the waterfall', () => {
    const page = shown(health);
    expect(page).toContain(
      'aria-label="rid 1234566 on connection 1: answered after 29 s with 1 stanza"',
    );
    expect(page).toContain(
      'aria-label="rid 1234567 on connection 2, carried 1 stanza: held by the server for 11 s"',
    );
  });

  it('gives bytes in human units and the exact count on pointing', () => {
    expect(shown(health)).toContain('<span title="18,412 bytes">18 KB</span>');
  });

  it('says that inactivity does not run while a request is with the server', () => {
    expect(shown(health)).toContain('Not running: a request is with the server (30 s granted).');
  });

  it('counts inactivity down while no request is with the server', () => {
    const { heldRequest: _, ...rest } = health;
    const page = shown({ ...rest, held: 0, window: [], inactivityDeadline: now + 12_000 });
    expect(page).toContain('12 s of 30 s left');
    expect(page).toContain('Not running: no request is held (60 s granted).');
  });

  it('tells how the session began and why', () => {
    const rung = { name: 'login' as const, reason: 'no session is stored', at: now - 60_000 };
    expect(shown({ ...health, rung })).toContain('No session is stored.');
    expect(shown({ ...health, rung })).toContain('A new session with a fresh sign-in');
  });

  it('names the proxy on the way, or that there is none', () => {
    expect(shown(health)).toContain('not known yet');
    expect(shown({ ...health, proxy: 'none' })).toContain('none, straight to the endpoint');
    const proxy = { scheme: 'socks5', host: '::1', port: 1080 } as const;
    expect(shown({ ...health, proxy })).toContain('socks5://[::1]:1080');
  });

  it('says that there is no TLS on plain HTTP', () => {
    expect(shown(health)).toContain('No TLS: loopback only');
  });

  it('shows the last error with its code, cause, advice and detail', () => {
    const page = shown({
      ...health,
      lastProblem: {
        code: 'network.reset',
        source: 'network',
        message: 'The connection was closed early.',
        advice: 'Wait a little.',
        retry: 'now',
        detail: 'ECONNRESET',
        at: now - 3_000,
      },
    });
    for (const text of [
      'network.reset',
      'The way to the server',
      'The connection was closed early.',
      'Wait a little.',
      'ECONNRESET',
      '3 s ago',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('says in words what the strip shows, and how the connection came back', () => {
    // Every state of the history lasts until the next.
    const whole = history.map((event, index) =>
      event.kind === 'state' ? { ...event, until: history[index + 1]?.at ?? now } : event,
    );
    whole[0] = { ...whole[0], until: now - 60_000 } as ConnectionEvent;
    const page = shown(health, account, { history: whole });
    const sentence = 'Connected for 60 s of 90 s. One interruption of 30 s.';
    expect(page).toContain(`aria-label="The last 24 h: ${sentence}"`);
    for (const text of [sentence, 'The same session went on', 'after 30 s']) {
      expect(page).toContain(text);
    }
  });

  it('has the events without a session too, the newest first', () => {
    const page = shown(undefined, account, { history });
    const log = page.slice(page.indexOf('aria-label="Events, the newest first"'));
    expect([...log.matchAll(/<code[^>]*>([^<]*)/gu)].map(([, code]) => code)).toEqual([
      ...['up', 'recovering', 'network.reset', 'up'],
    ]);
  });

  it('says what was learned about the network, since when and why', () => {
    const limits = { limits: { wait: 8, oneConnection: true }, at: now - 60_000, until: now };
    const page = shown(health, account, { limits });
    for (const text of [
      'one at a time, by polling',
      'Requests held for more than 8 s are cut.',
      '1 min ago',
      'Forget what was learned',
    ]) {
      expect(page).toContain(text);
    }
    expect(shown(health, account, { limits: { limits: {} } })).toContain('No limit has shown');
  });

  it('says why there is nothing to show without a session', () => {
    const page = shown(undefined, {
      ...account,
      enabled: false,
      connection: { phase: 'offline', since: now },
    });
    expect(page).toContain('This account is signed out');
    expect(page).not.toContain('Last exchanges');
  });
});
