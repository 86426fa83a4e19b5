import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionEvent } from './connection-history.ts';
import type { Health } from './health.ts';
import { type HealthReportInput, healthReport } from './health-report.ts';
import type { Problem } from './problem.ts';

const at = Date.UTC(2026, 4, 2, 10, 20, 30);

const problem: Problem = {
  code: 'network.html-answer',
  source: 'network',
  message: 'A web page came back instead of an answer.',
  advice: 'Sign in to this network in a browser.',
  retry: 'later',
  detail: 'HTTP 200, text/html, 4211 bytes',
};

const health: Health = {
  takenAt: at - 500,
  state: 'broken',
  endpoint: 'https://chat.example.org:5281/http-bind',
  httpVersion: '1.1',
  proxy: { scheme: 'http', host: 'proxy.example', port: 3128 },
  tls: {
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    issuer: 'Example CA R11',
    validTo: '2026-09-01T00:00:00.000Z',
  },
  sid: 'a1f3…',
  nextRid: 1007,
  granted: { wait: 60, hold: 1, requests: 2, inactivity: 30, ver: '1.11', from: 'example.org' },
  window: [{ state: 'in-flight', rid: 1006 }, { state: 'free' }],
  held: 0,
  heldRequest: { rid: 1005, lane: 1, startedAt: at - 9_000, deadline: at + 51_000 },
  inactivityDeadline: at + 21_000,
  exchanges: [
    {
      rid: 1005,
      lane: 0,
      attempt: 1,
      startedAt: at - 9_000,
      endedAt: at - 8_962,
      outcome: 'failed',
      stanzasSent: 2,
      stanzasReceived: 0,
      bytesSent: 512,
      bytesReceived: 4_211,
      problemCode: 'network.html-answer',
    },
    {
      rid: 1006,
      lane: 1,
      attempt: 2,
      startedAt: at - 3_000,
      outcome: 'in-flight',
      stanzasSent: 0,
      stanzasReceived: 0,
      bytesSent: 380,
      bytesReceived: 0,
    },
  ],
  roundTrip: { median: 4.1, worst: 38, samples: 24 },
  retries: 3,
  bytesSent: 18_412,
  bytesReceived: 900,
  orderingGuard: 6,
  retryAt: at + 8_000,
  lastProblem: { ...problem, at: at - 8_962 },
  rung: { name: 're-attach', reason: 'Started again after 9 s.', at: at - 60_000 },
};

const input: HealthReportInput = {
  account: {
    jid: 'juliet@example.org',
    connection: { phase: 'reconnecting', since: at - 9_000, problem, retryAt: at + 8_000 },
  },
  health,
  version: '0.1.0',
  at,
};

describe('healthReport', () => {
  it('says what happened in the last day, the newest first', () => {
    const [minute, { detail: _, ...known }] = [60_000, problem];
    const state = { kind: 'state', until: at } as const;
    const events: ConnectionEvent[] = [
      { ...state, id: '1', at: at - 9 * minute, until: at - 8 * minute, state: 'up' },
      { id: '2', kind: 'rung', at: at - 5 * minute, name: 're-attach', reason: 'one is stored' },
      { ...state, id: '3', at: at - 5 * minute, until: at - 2 * minute, state: 'up' },
      { ...{ id: '4', kind: 'problem', problem: known }, at: at - 2 * minute, until: at, times: 7 },
      { ...state, id: '5', at: at - 2 * minute, state: 'recovering', problem: known },
      { id: '6', kind: 'limits', at: at - minute, limits: { wait: 8 } },
    ];
    const report = healthReport({ ...input, events });
    expect(report.slice(report.indexOf('## Last 24 hours'))).toBe(`## Last 24 hours

Connected for 4 min of 6 min. One interruption of 2 min.

- 2026-05-02T10:18:30.000Z to still: Recovering: A web page came back instead of an answer. (network.html-answer)
- 2026-05-02T10:12:30.000Z to 2026-05-02T10:15:30.000Z: Holdfast was not running

## Events, the newest first

- 2026-05-02T10:19:30.000Z limits learned: Learned about this network: Requests held for more than 8 s are cut.
- 2026-05-02T10:18:30.000Z state recovering: Recovering: A web page came back instead of an answer.
- 2026-05-02T10:18:30.000Z problem network.html-answer: A web page came back instead of an answer. 7 times within 2 min.
- 2026-05-02T10:15:30.000Z state up: Connected
- 2026-05-02T10:15:30.000Z rung re-attach: Went on with the earlier session (one is stored).
- 2026-05-02T10:11:30.000Z state up: Connected
`);
  });

  it('says everything the panel shows, with times in UTC', () => {
    expect(healthReport(input)).toBe(`# Holdfast connection report

- Made: 2026-05-02T10:20:30.000Z
- Holdfast: 0.1.0
- Account: j…@example.org
- Connection: Trying again (reconnecting)
- Since: 2026-05-02T10:20:21.000Z
- Next try: 2026-05-02T10:20:38.000Z
- Code: network.html-answer
- Cause: The way to the server (network)
- What happened: A web page came back instead of an answer.
- What to do: Sign in to this network in a browser.
- Holdfast: tries again after a pause
- Detail: HTTP 200, text/html, 4211 bytes

## Session

- State: Trying again (broken)
- Read: 2026-05-02T10:20:29.500Z
- sid: a1f3…
- Next rid: 1007
- Began: Went on with the earlier session (re-attach), 2026-05-02T10:19:30.000Z
- Because: Started again after 9 s.
- Next try: 2026-05-02T10:20:38.000Z

## Requests

- Window: rid 1006 in flight, free
- Held by the server: 0
- Held request: rid 1005 on connection 2 since 2026-05-02T10:20:21.000Z, wait ends 2026-05-02T10:21:21.000Z
- Inactivity ends the session: 2026-05-02T10:20:51.000Z

## Round trip and traffic

- Round trip: median 4.1 ms, worst 38 ms, samples 24
- Retries: 3
- Sent: 18 KB (18,412 bytes)
- Received: 900 bytes
- Ordering guard: 6 ms

## Endpoint

- Address: https://chat.example.org:5281/http-bind
- HTTP version: 1.1
- Proxy: http://proxy.example:3128
- TLS: TLSv1.3, TLS_AES_256_GCM_SHA384
- Certificate from: Example CA R11
- Certificate valid to: 2026-09-01T00:00:00.000Z

## Granted by the server

- wait: 60 s
- hold: 1
- requests: 2
- inactivity: 30 s
- ver: 1.11
- from: example.org

## Last error

- When: 2026-05-02T10:20:21.038Z
- Code: network.html-answer
- Cause: The way to the server (network)
- What happened: A web page came back instead of an answer.
- What to do: Sign in to this network in a browser.
- Holdfast: tries again after a pause
- Detail: HTTP 200, text/html, 4211 bytes

## Last exchanges

| rid | connection | attempt | began | took | outcome | stanzas out / in | bytes out / in |
| --- | --- | --- | --- | --- | --- | --- | --- |
| 1005 | 1 | 1 | 2026-05-02T10:20:21.000Z | 38 ms | failed: network.html-answer | 2 / 0 | 512 / 4211 |
| 1006 | 2 | 2 | 2026-05-02T10:20:27.000Z | 3 s | in flight | 0 / 0 | 380 / 0 |
`);
  });

  it('says so where there is no session', () => {
    const report = healthReport({
      ...input,
      account: { jid: 'juliet@example.org', connection: { phase: 'offline', since: at } },
      health: undefined,
    });
    expect(report).toContain('- Connection: Not connected (offline)');
    expect(report).toMatch(/## Session\n\nNone\.\n$/u);
  });

  it('says that there is no TLS on plain HTTP', () => {
    const { tls, ...plain } = health;
    const report = healthReport({
      ...input,
      health: { ...plain, endpoint: 'http://127.0.0.1:5280/http-bind' },
    });
    expect(tls).toBeDefined();
    expect(report).toContain('- TLS: none: loopback only');
  });

  it('never tells a secret, wherever it stands', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]{6,20}$/u);
    // Marked, so that none can be found in the report by chance.
    const secrets = fc.record({
      local: word.map((text) => `zq.${text}`),
      other: word.map((text) => `xq-${text}`),
      resource: word.map((text) => `rq/${text}`),
      password: word.map((text) => `pq!${text}`),
      token: fc.stringMatching(/^[A-Za-z0-9+/]{24,60}$/u).map((text) => `tq7${text}==`),
      sid: fc.stringMatching(/^[A-Za-z0-9-]{9,40}$/u).map((text) => `sq9${text}`),
      user: word.map((text) => `uq${text}`),
      query: word.map((text) => `qq${text}`),
      fragment: word.map((text) => `fq${text}`),
      body: word.map((text) => `bq ${text}`),
    });
    const carriers: ((s: Record<string, string>) => string)[] = [
      (s) => `password=${s.password} for ${s.local}`,
      (s) => `"access_token": "${s.token}"`,
      (s) => `got ${s.token} from ${s.other}@example.net/${s.resource}`,
      (s) => `Authorization: Bearer ${s.token}`,
      (s) => `<body sid='${s.sid}'><message><body>${s.body}</body></message></body>`,
      (s) => `<response>${s.token}</response>`,
      (s) =>
        `GET https://${s.user}:${s.password}@example.org/x?t=${s.query}#${s.fragment} (sid: ${s.sid})`,
      (s) => `stream of ${s.local}@example.org/${s.resource} ended\nsid=${s.sid}`,
    ];
    fc.assert(
      fc.property(secrets, fc.integer({ min: 0, max: carriers.length - 1 }), (secret, index) => {
        const text = carriers[index]?.(secret) ?? '';
        const told: Problem = { ...problem, code: text, message: text, advice: text, detail: text };
        const report = healthReport({
          account: {
            jid: `${secret.local}@example.org/${secret.resource}`,
            connection: { phase: 'failed', since: at, problem: told },
          },
          health: {
            ...health,
            sid: secret.sid,
            endpoint: `https://${secret.user}:pw@example.org/http-bind?k=${secret.query}#${secret.fragment}`,
            granted: { authid: secret.token, stream: secret.token, from: text, accept: text },
            lastProblem: { ...told, at },
            rung: { name: 'login', reason: text, at },
            exchanges: health.exchanges.map((exchange) => ({ ...exchange, problemCode: text })),
          },
          events: [
            { id: '1', kind: 'rung', at, name: 'login', reason: text },
            { id: '2', kind: 'problem', at, until: at, times: 1, problem: told },
            { id: '3', kind: 'state', at: at - 1, until: at, state: 'down', problem: told },
          ],
          version: '0.1.0',
          at,
        });
        for (const [name, value] of Object.entries(secret)) {
          expect(report.toLowerCase(), name).not.toContain(value.toLowerCase());
        }
        expect(report).toContain('z…@example.org');
        expect(report).toContain('https://example.org/http-bind');
      }),
    );
  });
});
