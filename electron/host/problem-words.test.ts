/**
 * Every problem that a person can meet on the way to a server, with its words, as PROBLEMS.md beside this file. Who
 * adds one or changes its words reads them there as a stranger would, and keeps them with `npm run test:unit -- problem-words --update`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceWords } from '../../shared/health-words.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { terminateProblem } from '../bosh/protocol/terminate-condition.ts';
import { readXml } from '../bosh/protocol/xml-reader.ts';
import {
  certificateFailure,
  certificateProblem,
} from '../network/certificates/certificate-problem.ts';
import { ownWords } from '../network/doctor/findings/blockers.ts';
import type { HttpResponse } from '../network/http-exchange.ts';
import { type NetworkFailure, networkProblem } from '../network/network-problem.ts';
import { describeStranger } from '../network/strangers.ts';
import { signInProblem } from '../xmpp/sign-in-problem.ts';

const electron = join(import.meta.dirname, '..');
const rooms = ['network', 'bosh', 'xmpp', 'host', 'shells/doctor', 'shells/relay'];

/** Where problems are made, by path. */
const sources = new Map(
  rooms
    .flatMap((room) =>
      readdirSync(join(electron, room), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(room, path),
      ),
    )
    .filter((path) => /(?<!\.test|\.contract)\.ts$/u.test(path) && !path.includes('/testing/'))
    .map((path) => [path, readFileSync(join(electron, path), 'utf8')] as const),
);

const read = (path: string): string => sources.get(path) ?? '';
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

/** Those that a failed exchange ends with. */
const exchanges = [
  ...new Set(all(read('network/network-problem.ts'), /'(network\.[a-z-]+)': \{/gu)),
];
/** Those of `<body type='terminate'/>`. */
const conditions = all(read('bosh/protocol/terminate-condition.ts'), /^ {2}'([a-z-]+)': \{/gmu);
const html = '<html><title>Welcome</title></html>';
const answers: readonly (readonly [number, string])[] = [
  ...([200, 204, 302, 400, 401, 403, 404, 405, 407, 408, 411, 413, 418, 429] as const).map(
    (status) => [status, ''] as const,
  ),
  ...([500, 501, 502, 503, 504, 511] as const).map((status) => [status, ''] as const),
  [200, html],
  [200, 'Hello'],
];
const streamErrors = ['conflict', 'host-gone', 'host-unknown', 'not-authorized', 'reset'];
const refusals = [
  ...['not-authorized', 'account-disabled', 'credentials-expired', 'encryption-required'],
  ...['invalid-mechanism', 'temporary-auth-failure', 'malformed-request'],
];

const streamError = (condition: string) =>
  readXml(
    `<stream:error xmlns:stream='http://etherx.jabber.org/streams'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`,
  ).root;
const certificate = {
  ...{ subject: 'chat.example.org', issuer: 'Example Root', fingerprint: '00' },
  ...{ validFrom: '2026-01-01T00:00:00Z', validTo: '2026-02-01T00:00:00Z' },
};

const made: readonly Problem[] = [
  ...exchanges.map((code) => problemOf(networkProblem(code as NetworkFailure))),
  ...answers.map(([status, body]) =>
    describeStranger({
      ...{ status, body, httpVersion: '1.1', bytesSent: 0, bytesReceived: 0 },
      headers: status === 302 ? { location: 'https://portal.example/' } : {},
    } satisfies HttpResponse),
  ),
  ...(['expired', 'not-yet-valid', 'other-name', 'unknown-issuer', 'other'] as const).map((fault) =>
    certificateProblem(certificateFailure('chat.example.net', fault, [certificate])),
  ),
  ...conditions.map((condition) => terminateProblem({ condition }, [])),
  terminateProblem({}, []),
  ...streamErrors.map((condition) =>
    terminateProblem({ condition: 'remote-stream-error' }, [streamError(condition)]),
  ),
  ...refusals.map((condition) => signInProblem({ name: 'SASLError', condition })),
  signInProblem({ name: 'StanzaError', condition: 'resource-constraint' }),
  problemOf(undefined),
];

/** A template as it reads, with its blanks left open. */
const told = (template: string): string => template.replace(/\$\{[^}]*\}/gu, '…');

/** Those that are written where they arise, with code, source, message and advice in that order. */
const written: readonly Problem[] = [...sources.values()].flatMap((text) =>
  [
    ...text.matchAll(
      /code: '([a-z]+\.[a-z-]+)',\s*source: '([a-z]+)',\s*message:\s*(['`])(.*?)\3,\s*advice:\s*'(.*?)',/gu,
    ),
  ].map(([, code = '', source, , message = '', advice = '']) => ({
    ...{ code, source: source as Problem['source'], retry: 'later' as const },
    ...{ message: told(message), advice },
  })),
);

/** Those of the relay's command line, for whoever starts it. */
const relay: readonly Problem[] = [...sources.values()].flatMap((text) =>
  [...text.matchAll(/\b(start|usage)Problem\(\s*(['`])(.*?)\2,\s*(['`])(.*?)\4,?/gu)].map(
    ([, kind, , message = '', , advice = '']) => ({
      ...(kind === 'start'
        ? ({ code: 'app.cannot-start', source: 'app' } as const)
        : ({ code: 'app.usage', source: 'input' } as const)),
      ...{ message: told(message), advice: told(advice), retry: 'never' as const },
    }),
  ),
);

const problems = [
  ...new Map(
    [...made, ...written, ...relay].map((one) => [`${one.code} ${one.message}`, one]),
  ).values(),
].sort((one, other) =>
  `${one.code} ${one.message}`.localeCompare(`${other.code} ${other.message}`, 'en'),
);

/** Said where a person did it, and knows. */
const needNothing = new Set([
  ...['app.signed-out', 'app.stopped', 'app.detached'],
  ...[
    'input.already-handed',
    'input.not-failed',
    'input.unknown-account',
    'input.no-proxy-question',
  ],
]);
/** Those that never end an examination: it makes one short session, signs nobody in and sends no message. */
const notExamined = new Set([
  ...['network.aborted', 'network.offline', 'network.unconfirmed', 'network.message-too-long'],
  ...['network.stalled', 'network.one-connection', 'network.answers-kept-back'],
  ...['network.may-have-healed', 'endpoint.silent', 'endpoint.recoverable', 'endpoint.wrong-sid'],
  ...['network.other-certificate', 'endpoint.no-stored-session'],
]);

const examined = problems.filter(
  ({ code }) => /^(network|endpoint)\./u.test(code) && !notExamined.has(code),
);

/** They may end in the option to give. */
const isForOperators = (code: string) => code === 'app.usage' || code === 'app.cannot-start';

describe('the words for what is in the way', () => {
  it('are there for every code', () => {
    const known = new Set(problems.map(({ code }) => code));
    const missing = [...sources].flatMap(([path, text]) =>
      all(text, /code: '((?:network|endpoint|server|app)\.[a-z-]+)'/gu)
        .filter((code) => !known.has(code))
        .map((code) => `${path}: ${code}`),
    );
    expect(missing).toEqual([]);
    expect(exchanges.length + conditions.length).toBeGreaterThan(25);
  });

  it.each(problems.map((one) => [one.code, one] as const))(
    'say what happened, whose doing it is and what to do: %s',
    (code, { message, advice }) => {
      expect(message).toMatch(/^[A-Z“…-].*\.$/u);
      if (needNothing.has(code)) return;
      expect(advice).toMatch(isForOperators(code) ? /^\S/u : /^[A-Z].*\.$/u);
      if (/^(input|app)\./u.test(code)) return;
      expect(`${message} ${advice}`).toMatch(
        /network|server|proxy|computer|account|address|domain|Holdfast|website|certificate|message|connection/iu,
      );
      expect(message.length).toBeLessThan(150);
    },
  );

  it.each(problems.map((one) => [one.code, one] as const))(
    'blame nobody and speak of no errors: %s',
    (_code, { message, advice }) => {
      expect(`${message} ${advice}`).not.toMatch(
        /\b(errors?|invalid|illegal|failed|failure|fatal|your fault|wrongly|unknown|HTTP \d|null|undefined)\b/iu,
      );
    },
  );

  it.each(examined.map((one) => [one.code, one] as const))(
    'are the doctor’s own for %s',
    (_code, problem) => {
      expect(doctorsWords(problem)).toEqual({
        what: expect.stringMatching(/^.+\.$/u),
        whose: expect.stringMatching(/^.+\.$/u),
        todo: expect.stringMatching(/^.+\.$/u),
      });
    },
  );

  it('have been read', async () => {
    await expect(
      [
        '# What Holdfast says when something is in the way',
        '',
        'Made by `problem-words.test.ts`: read what changed here as a stranger would. Each says what happened, whose doing',
        'it is and what to do, in plain words that blame nobody.',
        '',
        ...table(
          ['Code', 'What happened', 'What to do', 'Whose side'],
          problems.map(({ code, message, advice, source }) => [
            ...[`\`${code}\``, message, advice, sourceWords[source]],
          ]),
        ),
        '',
        '## What the doctor says where nothing gets through',
        '',
        'Here of `chat.example.org`, reached without a proxy.',
        '',
        ...table(
          ['Code', 'What happens', 'Whose doing it is', 'What to do'],
          examined.map((problem) => {
            const { what = '', whose = '', todo = '' } = doctorsWords(problem) ?? {};
            return [`\`${problem.code}\``, what, whose, todo];
          }),
        ),
        '',
      ].join('\n'),
    ).toMatchFileSnapshot('PROBLEMS.md');
  });
});

function doctorsWords(problem: Problem) {
  const target = new URL('https://chat.example.org/bosh');
  return ownWords({ domain: 'example.org', target, readings: {} }, problem);
}

/** As Markdown, in columns; no row twice. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, cell) =>
    Math.max(...[head, ...rows].map((row) => row[cell]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [...new Set([head, rule, ...rows].map(line))];
}
