import { describe, expect, it } from 'vitest';
import { type Problem, problemOf } from '../../../shared/problem.ts';
import { type NetworkFailure, networkProblem } from '../network-problem.ts';
import type { CertificateReading } from './certificate.ts';
import type { Readings } from './readings.ts';
import { learnedFrom, verdictOf } from './verdict.ts';

const target = new URL('https://chat.example/bosh');
const problem = (code: string, detail?: string): Problem => ({
  ...{ code, source: 'network', message: 'What happened.', advice: 'What to do.', retry: 'later' },
  ...(detail === undefined ? {} : { detail }),
});
const failure = (code: NetworkFailure): Problem => problemOf(networkProblem(code));

const proxied: Readings = {
  'proxy-settings': {
    route: { scheme: 'http', host: 'proxy.example', port: 3128 },
  },
};
const session: Readings = {
  'bosh-session': { endpoint: target.href, granted: {}, failed: [] },
  'ways-to-sign-in': { offered: ['SCRAM-SHA-1'], chosen: 'SCRAM-SHA-1' },
};
const certificate: CertificateReading = {
  ...{ subject: 'chat.example', issuer: 'Root', names: ['chat.example'], chain: ['a', 'Root'] },
  ...{ validFrom: '2026-01-01T00:00:00.000Z', validTo: '2027-01-01T00:00:00.000Z' },
  trust: 'public',
};

const inspected: CertificateReading = { ...certificate, trust: 'system' };
const { trust: _trust, ...withoutTrust } = certificate;

const verdict = (readings: Readings, wasStopped = false, at = target) =>
  verdictOf({ domain: 'chat.example', target: at, readings }, wasStopped);

/** The code and words of the only finding. */
function finding(readings: Readings, at = target) {
  const { findings } = verdict(readings, false, at);
  expect(findings).toHaveLength(1);
  return findings[0];
}

describe('the verdict', () => {
  it('is clear where a session can be signed in to and nothing limits it', () => {
    expect(verdict(session)).toEqual({ outcome: 'clear', findings: [] });
  });

  it('is unfinished where it was stopped before anything was found', () => {
    expect(verdict({}, true).outcome).toBe('unfinished');
  });

  it('is that nothing gets through, even where it was stopped after that was found', () => {
    const readings = {
      connection: { to: 'server', address: 'x', problem: failure('network.refused') },
    } as const;
    expect(verdict(readings, true).outcome).toBe('blocked');
  });

  const way: [string, Readings, string, string][] = [
    [
      'the server’s name is not found',
      {
        'name-resolution': {
          ...{ host: 'chat.example', of: 'server', addresses: [] },
          problem: failure('network.name-not-found'),
        },
      },
      'name-not-found',
      'looks up no outside names',
    ],
    [
      'the proxy’s name is not found',
      {
        ...proxied,
        'name-resolution': {
          ...{ host: 'proxy.example', of: 'proxy', addresses: [] },
          problem: failure('network.name-not-found'),
        },
      },
      'name-not-found',
      'The proxy settings of this computer',
    ],
    ...(
      [
        ['network.refused', 'refused', 'does not run at this address'],
        ['network.timeout', 'timeout', 'A firewall of this network'],
        ['network.unreachable', 'unreachable', 'This computer is offline'],
        ['network.reset', 'reset', 'A gateway of this network'],
      ] as const
    ).map(([code, name, whose]): [string, Readings, string, string] => [
      `the connection fails: ${name}`,
      { connection: { to: 'server', address: 'chat.example:443', problem: failure(code) } },
      name,
      whose,
    ]),
    ...(
      [
        ['network.proxy-unreachable', 'proxy-unreachable', 'proxy settings of this computer'],
        ['network.proxy-refused', 'proxy-refused', 'The rules of the proxy'],
        ['network.proxy-hung-up', 'proxy-hung-up', 'The proxy of this network'],
        ['network.proxy-gateway', 'proxy-gateway', 'a firewall stands behind the proxy'],
      ] as const
    ).map(([code, name, whose]): [string, Readings, string, string] => [
      `the proxy fails: ${name}`,
      {
        ...proxied,
        connection: { to: 'proxy', address: 'proxy.example:3128', problem: problem(code) },
      },
      name,
      whose,
    ]),
    ...(['expired', 'not-yet-valid', 'other-name', 'unknown-issuer', 'other'] as const).map(
      (fault): [string, Readings, string, string] => [
        `the certificate is not good: ${fault}`,
        {
          encryption: {
            certificate: withoutTrust,
            problem: problem(`network.certificate-${fault}`),
          },
        },
        `certificate-${fault}`,
        fault === 'unknown-issuer' ? 'reads encrypted traffic' : '',
      ],
    ),
    ...(['expired', 'not-yet-valid'] as const).flatMap(
      (fault): [string, Readings, string, string][] => {
        const found = (aheadMs: number, isInDate: boolean): Readings => ({
          encryption: {
            certificate,
            problem: problem(`network.certificate-${fault}`),
            byServerClock: { aheadMs, isInDate },
          },
        });
        const name = `certificate-${fault}`;
        const year = 365 * 24 * 60 * 60_000;
        return [
          [
            `the certificate is ${fault} by the clock of this computer alone`,
            ...([found(fault === 'expired' ? year : -year, true), 'clock-off'] as const),
            'The clock of this computer.',
          ],
          [
            `the certificate is ${fault} by both clocks`,
            ...([found(1_000, false), name, 'The clock of this computer is right.'] as const),
          ],
          [
            `the certificate is ${fault} by both clocks, which differ`,
            ...([found(year, false), name, 'or the clock of this computer'] as const),
          ],
        ];
      },
    ),
    [
      'encryption is cut off',
      { encryption: { problem: problem('network.tls-cut') } },
      'tls-cut',
      'goes by names',
    ],
    [
      'the domain publishes nothing',
      { 'published-address': { endpoints: [], problem: problem('network.no-endpoint') } },
      'no-endpoint',
      'Whoever runs chat.example',
    ],
    [
      'a portal answers for the domain',
      {
        'published-address': {
          endpoints: [],
          problem: problem('network.no-endpoint'),
          reasons: [problem('network.html-answer')],
        },
      },
      'portal',
      'sign in or to agree',
    ],
    ...(
      [
        ['network.html-answer', 'portal', 'This network'],
        ['network.redirected', 'portal', 'This network'],
        ['endpoint.http-not-found', 'http-not-found', 'The address'],
        ['endpoint.http-unauthorized', 'http-unauthorized', 'Whoever runs that web server'],
        ['network.forbidden', 'forbidden', 'A gateway of this network'],
        ['network.bad-gateway', 'bad-gateway', 'Whoever runs the chat server'],
        ['network.too-many-requests', 'too-many-requests', 'A gateway of this network'],
        ['endpoint.host-unknown', 'host-unknown', 'do not belong together'],
        ['endpoint.internal-server-error', 'internal-server-error', 'The chat server of'],
      ] as const
    ).map(([code, name, whose]): [string, Readings, string, string] => [
      `no session is opened: ${code}`,
      { 'bosh-session': { granted: {}, failed: [], problem: problem(code) } },
      name,
      whose,
    ]),
    [
      'nobody can sign in',
      {
        ...session,
        'ways-to-sign-in': { offered: [], problem: problem('server.https-required') },
      },
      'https-required',
      'The chat server of chat.example',
    ],
  ];
  it.each(way)(
    'names what blocks, whose doing it is and what to do: %s',
    (_n, readings, code, whose) => {
      const found = finding(readings);
      expect(found).toMatchObject({
        code,
        weight: 'blocks',
        whose: expect.stringContaining(whose),
      });
      expect(verdict(readings).outcome).toBe('blocked');
      for (const sentence of [found?.what, found?.whose, found?.todo]) {
        expect(sentence).toMatch(/^\S.*[.”]$/);
      }
    },
  );

  it('names the ways to sign in to the proxy, and what its people call it', () => {
    const found = finding({
      ...proxied,
      'proxy-sign-in': {
        schemes: ['ntlm', 'basic'],
        ...{ realm: 'Company', problem: failure('network.proxy-auth') },
      },
    });
    expect(found).toMatchObject({
      code: 'proxy-auth',
      what: 'The proxy proxy.example:3128 lets nobody through without a name and password (ntlm, basic).',
      whose: 'Whoever runs the network. They call it “Company”.',
    });
  });

  it('does not take a website for a portal where the certificate proves whose it is', () => {
    const answered = {
      encryption: { certificate },
      'bosh-session': { granted: {}, failed: [], problem: problem('network.html-answer') },
    };
    expect(finding(answered)?.code).toBe('not-a-chat-service');
    expect(verdict({ ...answered, encryption: { certificate: inspected } }).findings[0]?.code).toBe(
      'portal',
    );
  });

  const limited: [string, Readings, string, string][] = [
    [
      'another address works',
      {
        'bosh-session': {
          ...{ endpoint: 'https://new.example/bosh', granted: {} },
          failed: [{ endpoint: target.href, problem: problem('network.refused') }],
        },
      },
      'another-address',
      'https://new.example/bosh does',
    ],
    [
      'a held request is cut by a status',
      {
        'held-request': {
          ...{ wait: 70, survivedMs: 30_000, cutAfterMs: 30_000 },
          problem: problem('network.gateway-timeout', 'HTTP 504; Server: gw/1'),
        },
      },
      'held-request-cut',
      'Requests that wait longer than 30 s are cut with the status 504',
    ],
    [
      'a held request is lost in silence',
      {
        'held-request': {
          ...{ wait: 70, survivedMs: 30_000, cutAfterMs: 90_000 },
          problem: problem('network.timeout'),
        },
      },
      'held-request-cut',
      'much longer than 30 s are lost without a word',
    ],
    [
      'answers are late',
      { 'held-request': { wait: 70, survivedMs: 82_000, lateMs: 12_000 } },
      'answers-held-back',
      '12 s late',
    ],
    ['one request at a time', { 'two-at-once': { works: false } }, 'one-connection', 'one request'],
    [
      'large requests are refused',
      {
        'request-size': {
          ...{ largest: 100_000, refused: 110_000 },
          problem: problem('network.request-too-large'),
        },
      },
      'request-size',
      'more than 100 KB are refused with the status 413',
    ],
    ['it is slow', { 'round-trip': { medianMs: 2_000, worstMs: 9_000 } }, 'slow', '2 s'],
  ];
  it.each(limited)('names what limits: %s', (_name, readings, code, what) => {
    const all = { ...session, ...readings };
    expect(finding(all)).toMatchObject({
      code,
      weight: 'limits',
      what: expect.stringContaining(what),
    });
    expect(verdict(all).outcome).toBe('limited');
  });

  it('names who cut by what it calls itself', () => {
    const [, readings = {}] = limited[1] ?? [];
    expect(finding({ ...session, ...(readings as Readings) })?.whose).toContain('“gw/1”');
  });

  const told: [string, Readings, string][] = [
    ['somebody reads along', { encryption: { certificate: inspected } }, 'inspected'],
    [
      'an exception was made',
      { encryption: { certificate: { ...certificate, trust: 'exception' } } },
      'excepted',
    ],
    [
      'the clock is off',
      {
        'bosh-session': {
          ...{ endpoint: target.href, granted: {}, failed: [], clockAheadMs: -600_000 },
        },
      },
      'clock-off',
    ],
    [
      'names are looked up by the proxy only',
      {
        ...proxied,
        'name-resolution': {
          ...{ host: 'proxy.example', of: 'proxy', addresses: ['192.0.2.1'] },
          isServerUnknownHere: true,
        },
      },
      'names-at-proxy',
    ],
    [
      'the address is a guess',
      {
        'bosh-session': { endpoint: target.href, isGuess: true, granted: {}, failed: [] },
      },
      'guessed-address',
    ],
    [
      'HTTP is old',
      {
        'bosh-session': { endpoint: target.href, granted: {}, failed: [], httpVersion: '1.0' },
      },
      'old-http',
    ],
  ];
  it.each(told)('tells what is good to know: %s', (_name, readings, code) => {
    const all = { ...session, ...readings };
    expect(finding(all)).toMatchObject({ code, weight: 'tells' });
    expect(verdict(all).outcome).toBe('clear');
  });

  it('puts what weighs most first', () => {
    const all: Readings = {
      ...session,
      encryption: { certificate: inspected },
      'two-at-once': { works: false },
    };
    expect(verdict(all).findings.map(({ code }) => code)).toEqual(['one-connection', 'inspected']);
  });
});

describe('what is learned', () => {
  it('is the address, and that two requests get through', () => {
    expect(learnedFrom({ ...session, 'two-at-once': { works: true } })).toEqual({
      endpoint: target.href,
      oneConnection: false,
    });
  });

  it.each([
    ['a cut at 30 s', { wait: 70, survivedMs: 30_000, cutAfterMs: 30_000 }, 27],
    ['a cut at 10 s', { wait: 70, survivedMs: 10_000, cutAfterMs: 10_000 }, 8],
    ['silence, and 30 s came back', { wait: 70, survivedMs: 30_000, cutAfterMs: 90_000 }, 30],
    ['nothing cut it', { wait: 70, survivedMs: 70_000 }, 70],
    ['the server let none wait longer', { wait: 20, survivedMs: 20_000 }, undefined],
  ])('is how long a request may wait: %s', (_name, held, wait) => {
    expect(learnedFrom({ 'held-request': held }).wait).toBe(wait);
  });

  it('is how large a request may be', () => {
    expect(learnedFrom({ 'request-size': { largest: 9, refused: 10 } }).largestRequest).toBe(9);
    expect(learnedFrom({ 'request-size': { largest: 0, refused: 10 } })).toEqual({});
  });
});
