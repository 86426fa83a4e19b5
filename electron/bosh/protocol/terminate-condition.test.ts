import { describe, expect, it } from 'vitest';
import { decodeBody } from './body.ts';
import { NS_HTTPBIND, NS_STREAM } from './namespaces.ts';
import { terminateProblem } from './terminate-condition.ts';

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

  it('takes an unknown condition for an undefined one and keeps its name', () => {
    expect(reasonOf('moon-phase')).toMatchObject({
      code: 'endpoint.undefined-condition',
      detail: 'condition moon-phase',
    });
  });

  it('takes the inner condition of a stream error', () => {
    const conflict = `<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;
    expect(reasonOf('remote-stream-error', conflict)).toMatchObject({
      code: 'server.conflict',
      retry: 'never',
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
