import { describe, expect, it } from 'vitest';
import { problemSchema } from '../../../shared/problem.ts';
import { decodeBody } from './body.ts';
import { NS_HTTPBIND, NS_STREAM } from './namespaces.ts';
import { terminateProblem } from './terminate-condition.ts';

const STREAMS = 'urn:ietf:params:xml:ns:xmpp-streams';

function reasonOf(condition: string | undefined, payload = '') {
  const head = `<body xmlns='${NS_HTTPBIND}' xmlns:stream='${NS_STREAM}' type='terminate'`;
  const attribute = condition === undefined ? '' : ` condition='${condition}'`;
  const body = decodeBody(`${head}${attribute}>${payload}</body>`);
  return terminateProblem(body.attributes, body.payload);
}

describe('terminateProblem', () => {
  it.each([
    ['bad-request', 'later'],
    ['host-gone', 'never'],
    ['host-unknown', 'never'],
    ['improper-addressing', 'never'],
    ['internal-server-error', 'later'],
    ['item-not-found', 'now'],
    ['other-request', 'now'],
    ['policy-violation', 'later'],
    ['remote-connection-failed', 'later'],
    ['see-other-uri', 'now'],
    ['system-shutdown', 'later'],
    ['undefined-condition', 'later'],
  ])('types %s and says whether to try again', (condition, retry) => {
    expect(reasonOf(condition)).toMatchObject({
      code: `endpoint.${condition}`,
      source: 'endpoint',
      retry,
    });
  });

  it.each(['moon-phase', 'constructor', '__proto__'])(
    'takes the unknown condition %s for an undefined one and keeps its name',
    (condition) => {
      const problem = problemSchema.parse(reasonOf(condition));
      expect(problem).toMatchObject({
        code: 'endpoint.undefined-condition',
        detail: `condition ${condition}`,
      });
    },
  );

  it('takes the inner condition of a stream error', () => {
    const conflict = `<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;
    expect(reasonOf('remote-stream-error', conflict)).toMatchObject({
      code: 'server.conflict',
      retry: 'never',
    });
  });

  it.each([
    ['another namespace', '<conflict xmlns="urn:x"/>'],
    ['a name too long', `<${'a'.repeat(1_000)} xmlns='${STREAMS}'/>`],
    ['a name that is none', `<A.b xmlns='${STREAMS}'/>`],
    ['text alone', `<text xmlns='${STREAMS}'>gone</text>`],
    ['nothing', ''],
  ])('makes no code of a stream error with %s', (_what, inner) => {
    expect(reasonOf('remote-stream-error', `<stream:error>${inner}</stream:error>`)).toMatchObject({
      code: 'server.undefined-condition',
      retry: 'later',
    });
  });

  it('finds the condition of a stream error wherever it stands, and keeps its text', () => {
    const text = `<text xmlns='${STREAMS}'>Replaced by a new connection</text>`;
    const conflict = `<stream:error>${text}<conflict xmlns='${STREAMS}'/></stream:error>`;
    expect(reasonOf('remote-stream-error', `<message/>${conflict}`)).toMatchObject({
      code: 'server.conflict',
      detail: 'Replaced by a new connection',
    });
  });

  it('keeps the address of see-other-uri', () => {
    expect(reasonOf('see-other-uri', '<uri>https://b.example.org/http-bind</uri>').detail).toBe(
      'https://b.example.org/http-bind',
    );
  });

  it('needs no condition', () => {
    expect(reasonOf(undefined)).toMatchObject({ code: 'endpoint.terminated', retry: 'now' });
  });
});
