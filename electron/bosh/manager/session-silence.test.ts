/** Inactivity and pauses (XEP-0124 §10), and stanzas nobody fetched (XEP-0206 §8). */
import { describe, expect, it } from 'vitest';
import { openSession } from './testing/session-bench.ts';

describe('a session without a request', () => {
  it('ends, without a word, when the client is silent for longer than granted', () => {
    const bench = openSession({ attributes: { wait: 10 } });
    bench.post(1);
    bench.pass(10);
    bench.look();
    bench.pass(59.9);
    expect(bench.isOver).toBe(false);
    bench.pass(0.2);
    expect(bench.ended).toBe('inactivity');
    expect(bench.actions).toContainEqual({ type: 'close', stream: 0 });
    expect(bench.look()).toEqual([]);
  });

  it('counts from when the connection of the held one broke', () => {
    const bench = openSession();
    const held = bench.post(1);
    bench.pass(30);
    bench.drop(held);
    bench.pass(59);
    expect(bench.isOver).toBe(false);
    bench.pass(2);
    expect(bench.ended).toBe('inactivity');
  });

  it('goes on with every request, copies too', () => {
    const bench = openSession({ attributes: { wait: 0 } });
    bench.post(1);
    for (let count = 0; count < 5; count += 1) {
      bench.pass(50);
      bench.post(1);
    }
    expect(bench.isOver).toBe(false);
  });

  it('is never silent while a request is held', () => {
    const bench = openSession({ terms: { inactivity: 5 } });
    bench.post(1);
    bench.pass(59);
    expect(bench.isOver).toBe(false);
  });
});

describe('a pause', () => {
  it('answers everything at once, and itself without payload', () => {
    const bench = openSession();
    const held = bench.post(1);
    const pause = bench.post(2, '', { pause: 120 });
    bench.serve('<a/>');
    expect(bench.look()).toMatchObject([
      { exchange: held, payload: '' },
      { exchange: pause, payload: '', attributes: { xmlns: expect.any(String) } },
    ]);
  });

  it('gives the held request what is there', () => {
    const bench = openSession({ attributes: { hold: 0 } });
    bench.serve('<a/>');
    const pause = bench.post(1, '', { pause: 120 });
    expect(bench.answer).toMatchObject({ exchange: pause, payload: '' });
    bench.post(2);
    expect(bench.answer.payload).toBe('<a/>');
  });

  it('lets the client be silent for as long as it asks', () => {
    const bench = openSession();
    bench.post(1, '', { pause: 120 });
    bench.pass(119);
    expect(bench.isOver).toBe(false);
    bench.pass(2);
    expect(bench.ended).toBe('inactivity');
  });

  it('may be shorter than the usual silence', () => {
    const bench = openSession();
    bench.post(1, '', { pause: 5 });
    bench.pass(6);
    expect(bench.ended).toBe('inactivity');
  });

  it('is over with the next request', () => {
    const bench = openSession({ attributes: { wait: 0 } });
    bench.post(1, '', { pause: 200 });
    bench.pass(100);
    bench.post(2);
    bench.pass(70);
    expect(bench.ended).toBe('inactivity');
  });

  it('may be asked for again with the same request', () => {
    const bench = openSession();
    bench.post(1, '', { pause: 120 });
    const { text } = bench.answer;
    bench.post(1, '', { pause: 120 });
    expect(bench.answer.text).toBe(text);
    bench.pass(100);
    expect(bench.isOver).toBe(false);
  });

  it('that is longer than granted is an ordinary request', () => {
    const bench = openSession();
    bench.post(1, '', { pause: 301 });
    expect(bench.look()).toEqual([]);
  });

  it('takes no place from the answers that are kept', () => {
    const bench = openSession();
    bench.post(1, '<q/>');
    bench.serve('<a/>');
    bench.post(2, '', { pause: 10 });
    bench.post(3, '<q/>');
    bench.serve('<b/>');
    bench.look();
    bench.post(1, '<q/>');
    expect(bench.answer.payload).toBe('<a/>');
  });
});

describe('a stanza nobody fetched', () => {
  const iq = `<iq xmlns='jabber:client' type='get' id='7' from='b@x' to='a@x/r'><q/></iq>`;
  const message = `<message xmlns='jabber:client' from='b@x' to='a@x/r'><body>hi</body></message>`;
  const others = [
    `<presence xmlns='jabber:client' from='b@x'/>`,
    `<iq xmlns='jabber:client' type='result' from='b@x'/>`,
    `<message xmlns='jabber:client' type='error' from='b@x'><body>hi</body></message>`,
    `<message xmlns='jabber:client' type='groupchat' from='b@x'><body>hi</body></message>`,
  ];

  function unread(returnUnread: 'requests' | 'all'): string[] {
    const bench = openSession({ bufferedLength: 10_000, returnUnread });
    bench.serve(iq, message, ...others, 'no XML');
    bench.pass(61);
    expect(bench.ended).toBe('inactivity');
    return bench.written;
  }

  it('is answered where it is a request, and else the server’s archive has it', () => {
    const [error, ...more] = unread('requests');
    expect(error).toContain(`type="error" id="7" to="b@x" from="a@x/r"`);
    expect(error).toContain('service-unavailable');
    expect(more).toEqual([]);
  });

  it('is returned where it is a message too, if so wished; presence and errors never', () => {
    const [first, second, ...more] = unread('all');
    expect(first).toContain('<iq');
    expect(second).toContain('recipient-unavailable');
    expect(more).toEqual([]);
  });
});
