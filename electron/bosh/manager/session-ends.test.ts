/** How a session ends (XEP-0124 §13 and §17, XEP-0206 §6). */
import { describe, expect, it } from 'vitest';
import { openSession } from './testing/session-bench.ts';
import type { StreamEnd } from './upstream.ts';

const EMPTY = `<body xmlns='http://jabber.org/protocol/httpbind'/>`;
const ERROR = '<stream:error><conflict/></stream:error>';

describe('a goodbye of the client', () => {
  it('sends its payload, then tells the oldest request; the others get nothing', () => {
    const bench = openSession();
    const held = bench.post(1);
    const last = bench.post(2, '<bye/>', { type: 'terminate' });
    expect(bench.look()).toMatchObject([
      { exchange: held, attributes: { type: 'terminate' } },
      { exchange: last, text: EMPTY },
    ]);
    expect(bench.actions.slice(-3)).toEqual([
      { type: 'write', stream: 0, xml: '<bye/>' },
      { type: 'close', stream: 0 },
      { type: 'ended', reason: 'terminated' },
    ]);
  });

  it('is itself told where no other request is held', () => {
    const bench = openSession();
    bench.post(1, '', { type: 'terminate' });
    const { type, condition } = bench.answer.attributes;
    expect([type, condition]).toEqual(['terminate', undefined]);
  });

  it('gets what still waits', () => {
    const bench = openSession();
    bench.serve('<a/>');
    bench.post(1, '', { type: 'terminate' });
    expect(bench.answer).toMatchObject({ payload: '<a/>', attributes: { type: 'terminate' } });
  });
});

describe('the end of the server’s stream', () => {
  it.each<[StreamEnd, string, string]>([
    [{ kind: 'closed', error: ERROR }, 'remote-stream-error', ERROR],
    [{ kind: 'closed' }, 'remote-connection-failed', ''],
    [{ kind: 'unreachable', detail: 'refused' }, 'remote-connection-failed', ''],
    [{ kind: 'host-unknown' }, 'host-unknown', ''],
    [{ kind: 'host-gone' }, 'host-gone', ''],
  ])('of %o is %s to the client', (end, condition, payload) => {
    const bench = openSession();
    bench.post(1);
    bench.tell({ type: 'stream-ended', stream: 0, end });
    const { attributes, payload: told } = bench.answer;
    expect(attributes).toMatchObject({ type: 'terminate', condition });
    expect(told).toBe(payload);
  });

  it('comes after what the server sent before, with the namespace its error needs', () => {
    const bench = openSession();
    bench.serve('<a/>');
    bench.tell({ type: 'stream-ended', stream: 0, end: { kind: 'closed', error: ERROR } });
    bench.post(1);
    const { attributes, payload } = bench.answer;
    expect(attributes).toMatchObject({
      ...{ type: 'terminate', condition: 'remote-stream-error' },
      'xmlns:stream': 'http://etherx.jabber.org/streams',
    });
    expect(payload).toBe(`<a/>${ERROR}`);
  });

  it('waits for a request to be told to, but not longer than a client may be silent', () => {
    const bench = openSession();
    bench.tell({ type: 'stream-ended', stream: 0, end: { kind: 'closed' } });
    bench.pass(30);
    expect(bench.isOver).toBe(false);
    bench.pass(31);
    expect(bench.ended).toBe('inactivity');
  });
});

describe('a manager that goes out of service', () => {
  it('closes the stream and says so, after what waits', () => {
    const bench = openSession();
    bench.serve('<a/>');
    bench.tell({ type: 'shut-down' });
    expect(bench.actions).toContainEqual({ type: 'close', stream: 0 });
    bench.post(1);
    expect(bench.answer).toMatchObject({
      attributes: { type: 'terminate', condition: 'system-shutdown' },
      payload: '<a/>',
    });
  });
});

it('a fault in the manager ends the session as an internal server error', () => {
  const bench = openSession();
  bench.post(1);
  bench.tell({ type: 'fault' });
  expect(bench.answer.attributes.condition).toBe('internal-server-error');
  expect(bench.ended).toBe('internal-server-error');
});

describe('a legacy client, which named no version,', () => {
  const legacy = () => openSession({ attributes: { ver: undefined } });

  it('is told by the status 404 of a rid beyond the window', () => {
    const bench = legacy();
    bench.post(9);
    expect(bench.answer).toMatchObject({ status: 404 });
  });

  it('is told by the status 403 of a violation', () => {
    const bench = openSession({ attributes: { ver: undefined, wait: 0 } });
    bench.post(1);
    bench.look();
    bench.post(2);
    expect(bench.answer).toMatchObject({ status: 403 });
  });

  it('is told by the status 400 of a bad request', () => {
    const bench = legacy();
    bench.post(1, '<a/>');
    bench.post(1, '<b/>');
    expect(bench.answer).toMatchObject({ status: 400 });
  });

  it('is told of every other end by the condition', () => {
    const bench = legacy();
    bench.post(1);
    bench.tell({ type: 'stream-ended', stream: 0, end: { kind: 'closed', error: ERROR } });
    expect(bench.answer).toMatchObject({
      status: 200,
      attributes: { condition: 'remote-stream-error' },
    });
  });
});

it('any other client is told by the condition, never by a status', () => {
  const bench = openSession();
  bench.post(9);
  expect(bench.answer).toMatchObject({ status: 200, attributes: { condition: 'item-not-found' } });
});
