import { describe, expect, it } from 'vitest';
import { SessionBench } from './testing/session-bench.ts';

const opened = (options?: ConstructorParameters<typeof SessionBench>[0]) =>
  new SessionBench(options).open();

describe('a session creation request', () => {
  it('is answered with the grant and the features, as soon as these are there', () => {
    const bench = new SessionBench();
    expect(bench.look()).toEqual([]);
    const header = { id: 'stream-id', from: 'example.org', version: '1.0' };
    bench.tell({ type: 'opened', stream: 0, header });
    bench.serve('<stream:features/>');
    const { attributes, payload } = bench.answer;
    expect(attributes).toMatchObject({
      ...{ sid: 'secret', wait: '60', hold: '1', requests: '2', polling: '2', inactivity: '60' },
      ...{ maxpause: '300', ver: '1.6', from: 'example.org', authid: 'stream-id' },
      ...{ 'xmpp:restartlogic': 'true', 'xmpp:version': '1.0', accept: 'gzip,deflate' },
      'xmlns:stream': 'http://etherx.jabber.org/streams',
    });
    expect(payload).toBe('<stream:features/>');
  });

  it('is answered without features when its wait is over', () => {
    const bench = new SessionBench({ attributes: { wait: 5 } });
    bench.pass(5);
    expect(bench.answer).toMatchObject({ attributes: { sid: 'secret' }, payload: '' });
    bench.tell({ type: 'opened', stream: 0, header: { id: 'stream-id', version: '1.0' } });
    bench.serve('<stream:features/>');
    bench.post(1);
    expect(bench.answer).toMatchObject({
      attributes: { authid: 'stream-id', 'xmpp:version': '1.0' },
      payload: '<stream:features/>',
    });
  });

  it('tells the server who asks', () => {
    const bench = new SessionBench({ attributes: { from: 'a@example.org', route: 'xmpp:x:1' } });
    expect(bench.actions).toMatchObject([
      {
        type: 'open',
        request: {
          ...{ to: 'example.org', from: 'a@example.org', route: 'xmpp:x:1', lang: 'en' },
          ...{ version: '1.0', address: '192.0.2.1', secure: true },
        },
      },
    ]);
  });

  it('leaves no session behind when its connection breaks before the answer', () => {
    const bench = new SessionBench();
    bench.drop(1);
    expect(bench.ended).toBe('abandoned');
    expect(bench.actions).toContainEqual({ type: 'close', stream: 0 });
  });
});

describe('requests', () => {
  it('go to the server in rid order, whatever order they come in', () => {
    const bench = opened();
    bench.post(2, '<b/>');
    expect(bench.written).toEqual([]);
    bench.post(1, '<a/>');
    expect(bench.written).toEqual(['<a/>', '<b/>']);
  });

  it('are answered in rid order: a later one lets the older go at once', () => {
    const bench = opened();
    const first = bench.post(1);
    bench.pass(3);
    bench.post(2, '<a/>');
    expect(bench.answer).toMatchObject({ exchange: first, payload: '' });
  });

  it('get a payload at once, all that came together in one answer', () => {
    const bench = opened();
    const held = bench.post(1);
    bench.serve('<a/>', '<b/>');
    expect(bench.answer).toMatchObject({ exchange: held, payload: '<a/><b/>' });
  });

  it('get what came while none was there', () => {
    const bench = opened();
    bench.serve('<a/>');
    bench.post(1);
    expect(bench.answer.payload).toBe('<a/>');
  });

  it('are held for as long as granted and not longer', () => {
    const bench = opened({ attributes: { wait: 20 } });
    bench.post(1);
    bench.pass(19.9);
    expect(bench.look()).toEqual([]);
    bench.pass(0.1);
    expect(bench.answer.text).toBe(`<body xmlns='http://jabber.org/protocol/httpbind'/>`);
  });

  it('beyond the window end the session', () => {
    const bench = opened();
    bench.post(3);
    expect(bench.answer.attributes).toMatchObject({
      type: 'terminate',
      condition: 'item-not-found',
    });
    expect(bench.ended).toBe('item-not-found');
  });
});

describe('a copy of a request', () => {
  it('gets the answer that was given', () => {
    const bench = opened();
    bench.post(1, '<q/>');
    bench.serve('<a/>');
    const { text } = bench.answer;
    bench.post(2);
    bench.post(1, '<q/>');
    expect(bench.answer.text).toBe(text);
    expect(bench.written).toEqual(['<q/>']);
  });

  it('takes over from one that is held, whose exchange ends with a recoverable error', () => {
    const bench = opened();
    const before = bench.post(1, '<q/>');
    const copy = bench.post(1, '<q/>');
    expect(bench.answer).toMatchObject({ exchange: before, attributes: { type: 'error' } });
    bench.serve('<a/>');
    expect(bench.answer).toMatchObject({ exchange: copy, payload: '<a/>' });
    expect(bench.written).toEqual(['<q/>']);
  });

  it('gets nothing if its bytes are others, and the session lives', () => {
    const bench = opened();
    bench.post(1, '<q/>');
    bench.serve('<secret/>');
    bench.look();
    bench.post(1, '<other/>');
    expect(bench.answer).toMatchObject({ attributes: { condition: 'bad-request' }, payload: '' });
    expect(bench.isOver).toBe(false);
  });

  it('is refused when its answer is no longer kept', () => {
    const bench = opened();
    for (const rid of [1, 2, 3]) {
      bench.post(rid, '<q/>');
      bench.serve('<a/>');
    }
    bench.look();
    bench.post(2, '<q/>');
    expect(bench.answer.payload).toBe('<a/>');
    bench.post(1, '<q/>');
    expect(bench.answer.attributes.condition).toBe('item-not-found');
  });
});

describe('a held request whose connection breaks', () => {
  it('takes no payload with it', () => {
    const bench = opened();
    bench.drop(bench.post(1));
    bench.serve('<a/>');
    expect(bench.look()).toEqual([]);
    bench.post(1);
    expect(bench.answer.payload).toBe('<a/>');
  });

  it('leaves the payload to the next one, where the client does not ask again', () => {
    const bench = opened();
    bench.drop(bench.post(1));
    bench.serve('<a/>');
    bench.post(2);
    expect(bench.answer.payload).toBe('<a/>');
    bench.post(1);
    expect(bench.answer.payload).toBe('');
  });
});

describe('a session', () => {
  it('ends when the client is silent for longer than granted', () => {
    const bench = opened({ attributes: { wait: 10 } });
    bench.post(1);
    bench.pass(10);
    bench.pass(59.9);
    expect(bench.isOver).toBe(false);
    bench.pass(0.2);
    expect(bench.ended).toBe('inactivity');
    expect(bench.actions).toContainEqual({ type: 'close', stream: 0 });
  });

  it('restarts its stream, and sends nothing of what the request holds', () => {
    const bench = opened();
    bench.post(1, '<x/>', { 'xmpp:restart': 'true', 'xmlns:xmpp': 'urn:xmpp:xbosh' });
    expect(bench.actions).toContainEqual({ type: 'restart', stream: 0 });
    expect(bench.written).toEqual([]);
  });

  it('ends when the client says so: its payload is sent, the oldest request is told', () => {
    const bench = opened();
    const held = bench.post(1);
    const last = bench.post(2, '<bye/>', { type: 'terminate' });
    expect(bench.look()).toMatchObject([
      { exchange: held, attributes: { type: 'terminate' } },
      { exchange: last, text: `<body xmlns='http://jabber.org/protocol/httpbind'/>` },
    ]);
    expect(bench.written).toEqual(['<bye/>']);
    expect(bench.ended).toBe('terminated');
  });

  it('ends with the stream error of its server, after what came before', () => {
    const bench = opened();
    bench.serve('<a/>');
    const error = '<stream:error><conflict/></stream:error>';
    bench.tell({ type: 'stream-ended', stream: 0, end: { kind: 'closed', error } });
    bench.post(1);
    const { attributes, payload } = bench.answer;
    expect(attributes).toMatchObject({ type: 'terminate', condition: 'remote-stream-error' });
    expect(payload).toBe(`<a/>${error}`);
  });
});
