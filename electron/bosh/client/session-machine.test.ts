import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../shared/problem.ts';
import { decodeBody, encodeBody } from '../protocol/body.ts';
import { grantedAttributes } from '../protocol/granted-attributes.ts';
import { KeySequence } from '../protocol/key-sequence.ts';
import { NS_STREAM } from '../protocol/namespaces.ts';
import type { SessionRecord } from './journal.ts';
import { Bench, EJABBERD, FACTS, HTML, PROSODY, RESET } from './testing/bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe('creating a session', () => {
  it('asks with what XEP-0124 §7 and XEP-0206 want, and without a sid', () => {
    bench.tell({ type: 'start' });
    const { attributes } = decodeBody(bench.posts[0]?.body ?? '');
    expect(attributes).toMatchObject({
      rid: '100',
      to: 'example.org',
      'xml:lang': 'en',
      ver: '1.11',
      wait: '60',
      hold: '1',
      'xmpp:version': '1.0',
    });
    expect(attributes.sid).toBeUndefined();
  });

  it('passes on who asks, the server to reach and the type answers are to have', () => {
    const options = { from: 'a@example.org', route: 'xmpp:x.example:5222', content: 'text/html' };
    bench = new Bench(options);
    bench.tell({ type: 'start' });
    expect(bench.asked).toMatchObject(options);
    bench = new Bench();
    bench.tell({ type: 'start' });
    for (const name of Object.keys(options)) expect(bench.asked).not.toHaveProperty(name);
  });

  it('says what is for the first request in no other, and its sid in every other', () => {
    bench.open(EJABBERD).write('1');
    const names = ['to', 'xml:lang', 'ver', 'wait', 'hold', 'content', 'route', 'from', 'stream'];
    for (const name of names) expect(bench.asked).not.toHaveProperty(name);
    expect(bench.asked).toMatchObject({ rid: '102', sid: 'secret' });
  });

  it('takes a request of its own that comes back for an empty answer', () => {
    bench.open(EJABBERD).write('1');
    const body = decodeBody(bench.posts[0]?.body ?? '');
    bench.answer(101);
    bench.fail(102);
    bench.wake();
    bench.tell({ type: 'answered', rid: 102, attempt: 2, body, facts: FACTS });
    expect(body.payload).toHaveLength(1);
    expect(bench.delivered).toEqual([]);
    expect(bench.effects).toContainEqual({ type: 'commit', rid: 102, payload: undefined });
  });

  it('counts its rids one by one', () => {
    bench.open();
    const rids: number[] = [];
    for (let rid = 101; rid < 110; rid += 1) {
      bench.answer(rid, '<s>news</s>');
      bench.tell({ type: 'flush' });
      rids.push(...bench.posts.map((post) => post.rid));
    }
    expect(rids).toEqual([102, 103, 104, 105, 106, 107, 108, 109, 110]);
  });

  it('asks with an empty request for features that did not come with the session', () => {
    bench.tell({ type: 'start' });
    bench.answer(100, '', { sid: 's', ...PROSODY });
    bench.tell({ type: 'flush' });
    expect(bench.posts).toMatchObject([{ rid: 101 }]);
    expect(decodeBody(bench.posts[0]?.body ?? '').payload).toEqual([]);
    bench.answer(101, '<s>features</s>');
    expect(bench.delivered).toEqual(['features']);
  });

  it('ends with the manager’s reason where it gives no session', () => {
    bench.tell({ type: 'start' });
    bench.answer(100, '', { type: 'terminate', condition: 'host-unknown' });
    expect(bench.ended).toMatchObject({ code: 'endpoint.host-unknown', retry: 'never' });
  });

  it('keeps every attribute the manager grants', () => {
    bench.open({ ...EJABBERD, polling: '2', inactivity: '30', accept: 'gzip', charsets: 'UTF-8' });
    expect(bench.machine.granted).toEqual({
      ver: '1.11',
      authid: 's',
      wait: 60,
      hold: 1,
      requests: 2,
      maxpause: 120,
      polling: 2,
      inactivity: 30,
      accept: 'gzip',
      charsets: 'UTF-8',
    });
  });

  it('ends with the reason when nobody who speaks BOSH answers', () => {
    bench.tell({ type: 'start' });
    bench.fail(100, 1, HTML);
    expect(bench.ended?.code).toBe('network.html-answer');
  });

  it('ends when the manager grants no sid', () => {
    bench.tell({ type: 'start' });
    bench.answer(100);
    expect(bench.ended?.code).toBe('endpoint.no-session');
  });

  it('restarts the stream in a request of its own', () => {
    bench.tell({ type: 'start' });
    bench.answer(100, '', { sid: 's', ...PROSODY });
    bench.tell({ type: 'write', payload: '<auth/>', messageIds: [] });
    bench.tell({ type: 'restart' });
    bench.tell({ type: 'write', payload: '<iq/>', messageIds: [] });
    bench.tell({ type: 'flush' });
    expect(bench.posts[0]?.body).toContain('<auth/>');
    bench.answer(101);
    bench.tell({ type: 'flush' });
    expect(bench.asked).toMatchObject({
      'xmpp:restart': 'true',
      to: 'example.org',
      'xml:lang': 'en',
      sid: 's',
    });
    expect(decodeBody(bench.posts[0]?.body ?? '').payload).toEqual([]);
    bench.answer(102);
    bench.tell({ type: 'flush' });
    expect(bench.posts[0]?.body).toContain('<iq/>');
  });
});

describe('sending', () => {
  it('goes out at once on the other connection while a request is held', () => {
    bench.open().write('1');
    expect(bench.posts).toMatchObject([{ rid: 102, lane: 1 }]);
  });

  it('puts what is written in one tick into one body', () => {
    bench.open().write('1', '2', '3');
    expect(bench.posts).toHaveLength(1);
    expect(bench.posts[0]?.body).toContain('<s>1</s><s>2</s><s>3</s>');
  });

  it('waits while the window is full, then sends all that waited together', () => {
    bench.open().write('1');
    bench.sent(102);
    bench.write('2');
    bench.write('3');
    expect(bench.posts).toEqual([]);
    bench.answer(101);
    bench.tell({ type: 'flush' });
    expect(bench.posts).toMatchObject([{ rid: 103, lane: 0 }]);
    expect(bench.posts[0]?.body).toContain('<s>2</s><s>3</s>');
  });

  it('compresses a long body where the manager accepts that, and no other', () => {
    const long = 'x'.repeat(2_000);
    const compressed = (grant: Record<string, string>, stanza: string) => {
      bench = new Bench().open({ ...PROSODY, ...grant });
      bench.write(stanza);
      return bench.posts[0]?.compress;
    };
    expect(compressed({ accept: 'deflate,gzip' }, long)).toBe(true);
    expect(compressed({ accept: 'deflate,gzip' }, 'short')).toBe(false);
    expect(compressed({ accept: 'deflate' }, long)).toBe(false);
    expect(compressed({}, long)).toBe(false);
  });

  it('merges a reply into the next poll', () => {
    bench.open();
    bench.answer(101, '<s>question</s>');
    bench.write('reply');
    expect(bench.posts).toHaveLength(1);
    expect(bench.posts[0]?.body).toContain('reply');
  });

  it('polls again at once when nothing is held', () => {
    bench.open();
    bench.answer(101, '<s>news</s>');
    bench.tell({ type: 'flush' });
    expect(bench.posts).toMatchObject([{ rid: 102 }]);
    expect(decodeBody(bench.posts[0]?.body ?? '').payload).toEqual([]);
  });

  it('keeps requests in order for a manager not known to cope with swaps', () => {
    bench.open(EJABBERD);
    bench.answer(101, '<s>news</s>');
    bench.tell({ type: 'flush' });
    expect(bench.posts).toMatchObject([{ rid: 102 }]);
    bench.write('1');
    expect(bench.posts).toEqual([]);
    bench.sent(102);
    expect(bench.posts).toEqual([]);
    expect(bench.wakeAt).toBe(bench.now + bench.machine.guard.ms);
    bench.now = bench.wakeAt ?? 0;
    bench.tell({ type: 'wake' });
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
  });

  it('has every body in the journal, without the sid, before it is posted', () => {
    bench.open();
    const effects = bench.machine.handle({ type: 'write', payload: '<s/>', messageIds: ['m'] }, 1);
    expect(effects.map((effect) => effect.type)).toEqual(['flush-later']);
    const flushed = bench.machine.handle({ type: 'flush' }, bench.now);
    expect(flushed.filter((effect) => effect.type === 'post')).toEqual([]);
    const append = flushed.find((effect) => effect.type === 'append');
    expect(append).toMatchObject({ request: { rid: 102, messageIds: ['m'] } });
    expect(JSON.stringify(append)).not.toContain('secret');
    bench.tell({ type: 'appended', rid: 102 });
    expect(bench.posts[0]?.body).toContain("sid='secret'");
  });
});

describe('receiving', () => {
  it('delivers in rid order whatever order the answers come in, each once', () => {
    bench.open().write('1');
    bench.sent(102);
    bench.answer(102, '<s>second</s>');
    expect(bench.delivered).toEqual([]);
    bench.answer(101, '<s>first</s>');
    expect(bench.delivered).toEqual(['first', 'second']);
    bench.answer(101, '<s>first</s>');
    expect(bench.delivered).toEqual([]);
  });

  it('delivers what an answer holds whatever stream it names', () => {
    bench.open();
    bench.answer(101, '<s>1</s>', { stream: 'one' });
    expect(bench.delivered).toEqual(['1']);
    bench.tell({ type: 'flush' });
    bench.answer(102, '', { stream: 'another' });
    bench.tell({ type: 'flush' });
    bench.answer(103, '<s>2</s>');
    expect(bench.delivered).toEqual(['2']);
  });

  it('has an answer in the journal before it is delivered', () => {
    bench.open();
    const body = decodeBody(encodeBody({}, '<s>news</s>'));
    const effects = bench.machine.handle(
      { type: 'answered', rid: 101, attempt: 1, body, facts: FACTS },
      bench.now,
    );
    expect(effects).toContainEqual({ type: 'commit', rid: 101, payload: '<s>news</s>' });
    expect(effects.some((effect) => effect.type === 'deliver')).toBe(false);
    bench.tell({ type: 'committed', rid: 101 });
    expect(bench.delivered).toEqual(['news']);
  });

  it('knows that a request was taken when it releases the held one', () => {
    bench.open().write('1');
    bench.sent(102);
    bench.answer(101);
    expect(bench.effects).toContainEqual({ type: 'taken', rid: 102 });
  });

  it('knows that a request was taken when a later one is answered', () => {
    bench.open();
    bench.answer(101);
    bench.write('1');
    bench.sent(102);
    bench.write('2');
    bench.sent(103);
    bench.answer(103, '<s>news</s>');
    expect(bench.effects).toContainEqual({ type: 'taken', rid: 102 });
  });

  it('learns nothing of a request from an empty answer to a repeat, which may be older', () => {
    bench.open();
    bench.fail(101);
    bench.wake();
    bench.sent(101, 2);
    bench.now += 10;
    bench.write('1');
    bench.sent(102);
    bench.answer(101, '', {}, 2);
    expect(bench.effects.some((effect) => effect.type === 'taken')).toBe(false);
  });

  it('learns nothing of it from one whose wait was over', () => {
    bench.open().write('1');
    bench.sent(102);
    bench.now += 59_500;
    bench.answer(101);
    expect(bench.effects.some((effect) => effect.type === 'taken')).toBe(false);
  });

  it('asks once whether a held message was taken, and not sooner than polling allows', () => {
    bench.open().write('1');
    bench.sent(102);
    bench.answer(101, '<s>news</s>');
    expect(bench.effects.some((effect) => effect.type === 'taken')).toBe(false);
    expect(bench.wakeAt).toBe(bench.now + 5_000);
    bench.now += 5_000;
    bench.tell({ type: 'wake' });
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
    bench.sent(103);
    bench.answer(102);
    bench.tell({ type: 'flush' });
    expect(bench.posts).toEqual([]);
  });
});

describe('when the network fails', () => {
  it('repeats the same rid with the same bytes', () => {
    bench.open().write('1');
    const first = bench.posts[0]?.body;
    bench.fail(102);
    expect(bench.machine.state).toBe('broken');
    bench.now = bench.wakeAt ?? 0;
    bench.tell({ type: 'wake' });
    expect(bench.posts).toMatchObject([{ rid: 102, attempt: 2, body: first }]);
    bench.answer(102, '', {}, 2);
    expect(bench.machine.state).toBe('open');
  });

  it('counts as over when the repeat is held for a while, though nothing is answered', () => {
    bench.open();
    bench.fail(101);
    bench.wake();
    bench.sent(101, 2);
    expect(bench.machine.state).toBe('broken');
    expect(bench.wakeAt).toBe(bench.now + 3_000);
    bench.wake();
    expect(bench.posts).toEqual([]);
    expect(bench.machine.state).toBe('open');
    bench.fail(101, 2);
    expect(bench.machine.state).toBe('broken');
    // The next pause is as long as if it had never counted as over.
    expect((bench.wakeAt ?? 0) - bench.now).toBeGreaterThan(100);
  });

  it('does not count as over where something waits for an answer, or nothing was ever answered', () => {
    bench.open().write('1');
    bench.sent(102);
    bench.fail(102);
    bench.wake();
    bench.sent(102, 2);
    bench.now += 4_000;
    bench.tell({ type: 'flush' });
    expect(bench.machine.state).toBe('broken');
    const { sid = '', granted, nextRid } = bench.machine;
    const again = new Bench({
      record: {
        ...{ endpoint: 'https://example.org/http-bind', sid, jid: 'a@example.org/r', granted },
        ...{ nextRid, unanswered: [], lastAnswerAt: bench.now },
      },
    });
    again.tell({ type: 'start' });
    again.write('2');
    again.sent(103);
    again.now += 4_000;
    again.tell({ type: 'flush' });
    expect(again.machine.state).toBe('broken');
  });

  it('waits longer after each failure and never over half a minute', () => {
    bench.open();
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      bench.fail(101, attempt);
      pauses.push((bench.wakeAt ?? 0) - bench.now);
      bench.now = bench.wakeAt ?? 0;
      bench.tell({ type: 'wake' });
      bench.sent(101, attempt + 1);
    }
    expect(pauses[0]).toBeLessThan(100);
    expect(pauses.slice(1, 6)).toEqual([...pauses.slice(1, 6)].sort((a, b) => a - b));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000);
  });

  it('lives on through a stranger’s answers and names them', () => {
    bench.open();
    bench.fail(101, 1, HTML);
    expect(bench.machine.state).toBe('broken');
    expect(bench.machine.reading(bench.now).lastProblem?.code).toBe('network.html-answer');
    expect(bench.ended).toBeUndefined();
  });

  it('waits as long as a stranger asks', () => {
    bench.open();
    bench.tell({ type: 'failed', rid: 101, attempt: 1, problem: HTML, retryAfterMs: 20_000 });
    expect(bench.wakeAt).toBe(bench.now + 20_000);
  });

  it('asks once more before the manager would take it for gone, whatever a stranger asks', () => {
    const refuse = (attempt: number) =>
      bench.tell({ type: 'failed', rid: 101, attempt, problem: HTML, retryAfterMs: 120_000 });
    bench.open({ ...PROSODY, inactivity: '60' });
    const answeredAt = bench.now - 1_000;
    refuse(1);
    expect(bench.wakeAt).toBeGreaterThan(answeredAt + 30_000);
    expect(bench.wakeAt).toBeLessThan(answeredAt + 60_000);
    bench.wake();
    expect(bench.posts).toMatchObject([{ rid: 101, attempt: 2 }]);
    refuse(2);
    expect(bench.wakeAt).toBe(bench.now + 120_000);
  });

  it('makes no new request while one waits to be repeated', () => {
    bench.open();
    bench.fail(101);
    bench.write('1');
    expect(bench.posts).toEqual([]);
  });

  it('aborts and repeats everything at once when asked to', () => {
    bench.open().write('1');
    bench.sent(102);
    bench.tell({ type: 'retry-now' });
    expect(bench.effects.filter((effect) => effect.type === 'abort')).toMatchObject([
      { rid: 101, attempt: 1 },
      { rid: 102, attempt: 1 },
    ]);
    expect(bench.posts).toMatchObject([{ rid: 101, attempt: 2 }]);
    bench.sentLongAgo(101, 2);
    expect(bench.posts).toMatchObject([{ rid: 102, attempt: 2 }]);
  });

  it('repeats a request and all before it on a recoverable error', () => {
    bench.open().write('1');
    const [payload] = bench.posts;
    bench.sent(102);
    bench.answer(102, '', { type: 'error' });
    bench.wake();
    expect(bench.posts.map((post) => post.rid)).toEqual([101]);
    bench.sentLongAgo(101, 2);
    expect(bench.posts).toMatchObject([{ rid: 102, body: payload?.body }]);
    expect(bench.machine.sid).toBe('secret');
  });

  it('asks for a session again on a recoverable error, for a while', () => {
    bench.tell({ type: 'start' });
    const [first] = bench.posts;
    bench.answer(100, '', { type: 'error' });
    bench.wake();
    expect(bench.posts).toMatchObject([{ rid: 100, attempt: 2, body: first?.body }]);
    for (let attempt = 2; bench.posts.length > 0; attempt += 1) {
      bench.answer(100, '', { type: 'error' }, attempt);
      if (bench.ended) break;
      bench.wake();
    }
    expect(bench.ended?.code).toBe('endpoint.recoverable');
    expect(bench.now).toBeLessThan(1_000_000 + 60_000);
  });
});

describe('ending', () => {
  it('says goodbye with a last payload and takes any end for the answer', () => {
    bench.open();
    bench.tell({ type: 'terminate', payload: '<presence/>' });
    expect(decodeBody(bench.posts[0]?.body ?? '').attributes.type).toBe('terminate');
    expect(bench.posts[0]?.body).toContain('<presence/>');
    bench.answer(101, '', { type: 'terminate' });
    expect(bench.ended?.code).toBe('app.signed-out');
    expect(bench.machine.state).toBe('closed');
  });

  it('may say goodbye although the window is full', () => {
    bench.open({ ...PROSODY, requests: '1' });
    bench.tell({ type: 'terminate', payload: '' });
    expect(bench.posts).toMatchObject([{ rid: 102, lane: 1 }]);
    expect(bench.asked.type).toBe('terminate');
  });

  it('is over when the goodbye cannot be said or is to be repeated', () => {
    bench.open();
    bench.tell({ type: 'terminate', payload: '' });
    bench.fail(102);
    expect(bench.ended?.code).toBe('app.signed-out');
    bench = new Bench().open();
    bench.tell({ type: 'terminate', payload: '' });
    bench.answer(102, '', { type: 'error' });
    expect(bench.ended?.code).toBe('app.signed-out');
  });

  it('delivers the stanzas before a stream error, then ends with what the error says', () => {
    const error = `<stream:error xmlns:stream='${NS_STREAM}'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;
    bench.open();
    bench.answer(101, `<s>last</s>${error}`, {
      type: 'terminate',
      condition: 'remote-stream-error',
    });
    expect(bench.delivered[0]).toBe('last');
    expect(bench.ended).toMatchObject({ code: 'server.conflict', retry: 'never' });
  });

  it('says where the manager wants the session to be', () => {
    bench.tell({ type: 'start' });
    bench.answer(100, '<uri>https://b.example.org/http-bind</uri>', {
      type: 'terminate',
      condition: 'see-other-uri',
    });
    expect(bench.ended).toMatchObject({
      code: 'endpoint.see-other-uri',
      detail: 'https://b.example.org/http-bind',
    });
  });

  it('sends what still waits before it says goodbye', () => {
    bench.open();
    bench.tell({ type: 'write', payload: '<s>last</s>', messageIds: ['last'] });
    bench.tell({ type: 'terminate', payload: '<presence/>' });
    expect(bench.posts[0]?.body).toContain('<s>last</s><presence/>');
  });

  it('delivers the payload of a terminate, then ends with its reason', () => {
    bench.open();
    bench.answer(101, '<s>last</s>', { type: 'terminate', condition: 'system-shutdown' });
    expect(bench.delivered).toEqual(['last']);
    expect(bench.ended).toMatchObject({ code: 'endpoint.system-shutdown', retry: 'later' });
  });

  it('delivers nothing past an answer that is missing, but keeps it', () => {
    bench.open().write('1');
    bench.sent(102);
    bench.answer(102, '<s>late</s>', { type: 'terminate', condition: 'system-shutdown' });
    expect(bench.delivered).toEqual([]);
    expect(bench.effects.filter((effect) => effect.type === 'commit')).toEqual([]);
    expect(bench.kept).toEqual([[102, '<s>late</s>']]);
    expect(bench.ended?.code).toBe('endpoint.system-shutdown');
  });

  it('keeps what has to wait as soon as it comes: the manager may forget it', () => {
    bench.open().write('1');
    bench.sent(102);
    bench.answer(102, '<s>late</s>');
    expect(bench.kept).toEqual([[102, '<s>late</s>']]);
    bench.answer(101, '<s>before</s>');
    expect(bench.kept).toEqual([]);
    expect(bench.delivered).toEqual(['before', 'late']);
  });

  it('waits for no missing answer before the stream is bound: nothing of it is in the archive', () => {
    bench.tell({ type: 'start' });
    bench.answer(100, '', { sid: 's', ...PROSODY });
    bench.tell({ type: 'flush' });
    bench.tell({ type: 'write', payload: '<auth/>', messageIds: [] });
    bench.tell({ type: 'flush' });
    bench.answer(102, '<failure/>', { type: 'terminate', condition: 'policy-violation' });
    expect(bench.effects.some(({ type }) => type === 'deliver')).toBe(true);
    expect(bench.kept).toEqual([]);
  });

  it('does not take a farewell without a stanza for word that its request arrived', () => {
    bench.open().write('1');
    bench.answer(101);
    bench.answer(102, '', { type: 'terminate', condition: 'item-not-found' });
    expect(bench.effects.filter((effect) => effect.type === 'commit')).toEqual([]);
    expect(bench.ended).toMatchObject({ code: 'endpoint.item-not-found' });
  });

  it('does nothing any more afterwards', () => {
    bench.open();
    bench.answer(101, '', { type: 'terminate', condition: 'item-not-found' });
    expect(bench.tell({ type: 'write', payload: '<s/>', messageIds: [] })).toEqual([]);
    expect(bench.tell({ type: 'retry-now' })).toEqual([]);
  });
});

describe('a manager that has forgotten the older of two requests', () => {
  /** Both connections broke while 101 was held and 102 on its way. */
  function broken(): void {
    bench.open().write('1');
    bench.fail(101);
    bench.fail(102);
    bench.tell({ type: 'retry-now' });
    bench.sentLongAgo(101, 2);
    bench.sent(102, 2);
    bench.answer(101, '', { type: 'terminate', condition: 'item-not-found' }, 2);
  }

  /** 102 was answered, then 101 was found to be forgotten. */
  function answeredPastForgotten(): void {
    bench.open().write('1');
    bench.sent(102);
    bench.answer(102, '<s>news</s>');
    bench.fail(101);
    bench.wake();
    bench.answer(101, '', { type: 'terminate', condition: 'item-not-found' }, 2);
    bench.tell({ type: 'flush' });
    expect(bench.ended).toBeUndefined();
  }

  it('goes on where the manager knows the later one', () => {
    broken();
    expect(bench.ended).toBeUndefined();
    bench.answer(102, '<s>news</s>', {}, 2);
    bench.tell({ type: 'flush' });
    bench.sent(103);
    bench.answer(103);
    expect(bench.effects).toContainEqual({ type: 'commit', rid: 101, payload: undefined });
    expect(bench.delivered).toEqual(['news']);
    expect(bench.machine.state).toBe('open');
  });

  it('delivers nothing past the forgotten one until a request posted since is answered', () => {
    answeredPastForgotten();
    expect(bench.delivered).toEqual([]);
    expect(bench.machine.nextRid).toBe(104);
    bench.sent(103);
    // What is held is asked for as soon as polling allows.
    bench.wake();
    expect(bench.posts).toMatchObject([{ rid: 104 }]);
    bench.sent(104);
    bench.answer(103, '<s>more</s>');
    expect(bench.delivered).toEqual(['news', 'more']);
  });

  it('takes no answer to a request posted before for a sign that the session lives', () => {
    broken();
    bench.answer(102, '<s>news</s>', {}, 2);
    expect(bench.delivered).toEqual([]);
  });

  it('never delivers what came past the forgotten one where the session turns out to be gone', () => {
    answeredPastForgotten();
    bench.answer(103, '', { type: 'terminate', condition: 'item-not-found' });
    expect(bench.delivered).toEqual([]);
    expect(bench.effects.some(({ type }) => type === 'commit')).toBe(false);
    expect(bench.ended?.code).toBe('endpoint.item-not-found');
  });

  it('does not let the forgotten one keep the window closed', () => {
    broken();
    bench.now += 100;
    bench.write('2');
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
  });

  it('ends where it knows neither, and takes neither for arrived', () => {
    broken();
    bench.answer(102, '', { type: 'terminate', condition: 'item-not-found' }, 2);
    expect(bench.effects.filter((effect) => effect.type === 'commit')).toEqual([]);
    expect(bench.ended).toMatchObject({ code: 'endpoint.item-not-found' });
  });
});

describe('a manager that puts off a request which comes before the one it follows', () => {
  const RECORD: SessionRecord = {
    ...{ endpoint: 'https://example.org/http-bind', sid: 'secret', jid: 'a@example.org/r' },
    granted: grantedAttributes(PROSODY, 'secret'),
    nextRid: 103,
    unanswered: [101, 102].map((rid) => {
      return { rid, body: encodeBody({ rid, sid: '' }, ''), messageIds: [] };
    }),
    lastAnswerAt: 999_000,
  };

  /** Both connections broke, and both requests have been answered on new ones. */
  function repeated(): void {
    bench.open().write('1');
    bench.sent(102);
    bench.tell({ type: 'retry-now' });
    bench.sentLongAgo(101, 2);
    bench.answer(101, '<s>first</s>', {}, 2);
    expect(bench.delivered).toEqual(['first']);
    bench.answer(102, '<s>second</s>', {}, 2);
    bench.tell({ type: 'flush' });
  }

  it('is believed what it answers to the later one once it answers another', () => {
    repeated();
    expect(bench.delivered).toEqual([]);
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
    bench.sent(103);
    bench.wake();
    expect(bench.posts).toMatchObject([{ rid: 104 }]);
    bench.answer(103);
    expect(bench.delivered).toEqual(['second']);
  });

  it('is believed at once where a request broke that no other was beside', () => {
    bench.open();
    bench.fail(101);
    bench.wake();
    bench.answer(101, '<s>news</s>', {}, 2);
    expect(bench.delivered).toEqual(['news']);
  });

  it('ends the session where it answers nothing more, and what was in doubt is kept', () => {
    repeated();
    const kept: unknown[] = [];
    for (let wakes = 0; wakes < 10 && !bench.ended; wakes += 1) {
      for (const { rid, attempt, lane } of bench.machine.requests) {
        if (lane !== undefined) bench.sent(rid, attempt);
      }
      bench.wake();
      kept.push(...bench.effects.filter(({ type }) => type === 'deliver' || type === 'commit'));
    }
    expect(bench.ended?.code).toBe('endpoint.silent');
    expect(kept).toEqual([]);
  });

  it('is not believed sooner where the cut was to be expected', () => {
    bench.open().write('1');
    bench.tell({ type: 'limits', limits: { wait: 2 } });
    bench.sent(102);
    bench.now += 3_000;
    bench.fail(101);
    bench.fail(102);
    expect(bench.machine.state).toBe('open');
    bench.sentLongAgo(101, 2);
    bench.answer(101, '<s>first</s>', {}, 2);
    bench.tell({ type: 'flush' });
    bench.sent(102, 2);
    bench.answer(102, '<s>second</s>', {}, 2);
    expect(bench.delivered).toEqual([]);
    bench.tell({ type: 'flush' });
    bench.sent(103);
    bench.wake();
    bench.answer(103);
    expect(bench.delivered).toEqual(['second']);
  });

  /** Every request is cut, and its repeat is said to be unknown once the next one is there. */
  function forgets(rid: number, attempt = 1): void {
    bench.write(`beside ${rid}`);
    bench.sent(rid + 1);
    bench.fail(rid, attempt);
    bench.sentLongAgo(rid, attempt + 1);
    const unknown = { type: 'terminate', condition: 'item-not-found' };
    bench.answer(rid, '', unknown, attempt + 1);
  }

  it('ends the session where all it answers is that it does not know one after the other', () => {
    bench.open();
    forgets(101);
    forgets(102);
    expect(bench.ended).toBeUndefined();
    forgets(103);
    expect(bench.ended).toMatchObject({ code: 'endpoint.silent', retry: 'now' });
    expect(bench.delivered).toEqual([]);
  });

  it('goes on where an answer comes between those it does not know', () => {
    bench.open();
    forgets(101);
    forgets(102);
    bench.write('more');
    bench.sent(104);
    bench.answer(103);
    bench.answer(104);
    bench.tell({ type: 'flush' });
    expect(bench.posts).toMatchObject([{ rid: 105 }]);
    bench.sent(105);
    forgets(105);
    expect(bench.ended).toBeUndefined();
  });

  it('is not believed by the next process either, which has what was kept', () => {
    const unanswered = RECORD.unanswered.slice(1).map((request) => {
      return { ...request, answer: '<s>kept</s>' };
    });
    bench = new Bench({ record: { ...RECORD, unanswered } });
    bench.tell({ type: 'start' });
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
    expect(bench.delivered).toEqual([]);
    bench.sent(103);
    bench.answer(103, '<s>more</s>');
    expect(bench.delivered).toEqual(['kept', 'more']);
  });
});

describe('going on with a recorded session', () => {
  const RECORD: SessionRecord = {
    endpoint: 'https://example.org/http-bind',
    sid: 'secret',
    jid: 'a@example.org/r',
    granted: { ver: '1.6', authid: 's', hold: 1, requests: 2, wait: 60, polling: 5 },
    nextRid: 103,
    unanswered: [
      { rid: 101, body: encodeBody({ rid: 101, sid: '' }, ''), messageIds: [] },
      { rid: 102, body: encodeBody({ rid: 102, sid: '' }, '<s>1</s>'), messageIds: ['1'] },
    ],
    lastAnswerAt: 999_000,
  };

  it('posts the unanswered bodies again, unchanged and in order', () => {
    bench = new Bench({ record: RECORD });
    bench.tell({ type: 'start' });
    const body = encodeBody({ rid: 101, sid: 'secret' }, '');
    expect(bench.posts).toMatchObject([{ rid: 101, body }]);
    bench.sentLongAgo(101, 1);
    const payload = encodeBody({ rid: 102, sid: 'secret' }, '<s>1</s>');
    expect(bench.posts).toMatchObject([{ rid: 102, body: payload }]);
  });

  it('never leaves a rid out, a pause’s neither, and does not wait for its answer', () => {
    const body = encodeBody({ rid: 102, sid: '', pause: '60' }, '');
    const unanswered = [{ rid: 102, body, messageIds: [] }];
    bench = new Bench({ record: { ...RECORD, unanswered } });
    bench.tell({ type: 'start' });
    expect(bench.posts).toMatchObject([{ rid: 102 }]);
    bench.sentLongAgo(102, 1);
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
  });

  it('delivers at once what an earlier process had kept, where nothing is missing any more', () => {
    const granted = grantedAttributes(EJABBERD, 'secret');
    const unanswered = RECORD.unanswered.slice(1).map((request) => {
      return { ...request, answer: '<s>kept</s>' };
    });
    bench = new Bench({ record: { ...RECORD, granted, unanswered } });
    bench.tell({ type: 'start' });
    expect(bench.delivered).toEqual(['kept']);
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
  });

  it('polls no sooner than the earlier process might have', () => {
    bench = new Bench({ polling: true, record: { ...RECORD, unanswered: [] } });
    bench.tell({ type: 'start' });
    expect(bench.posts).toEqual([]);
    expect(bench.wakeAt).toBe(RECORD.lastAnswerAt + 5_000);
    bench.wake();
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
  });

  it('shows keys that follow those of the earlier process', () => {
    const keys = { secret: 'secret', firstRid: 100 };
    const keyOf = (rid: number) => new KeySequence('secret', 100).attributesOf(rid).key;
    bench = new Bench({ record: { ...RECORD, unanswered: [], keys } });
    bench.tell({ type: 'start' });
    expect(bench.asked).toMatchObject({ rid: '103', key: keyOf(103) });
  });
});

describe('the health reading', () => {
  it('shows the held request, the window and when its wait ends', () => {
    bench.open();
    const reading = bench.machine.reading(bench.now);
    expect(reading).toMatchObject({ state: 'open', held: 1, nextRid: 102 });
    expect(reading.heldRequest).toMatchObject({ rid: 101, deadline: bench.now - 1_000 + 60_000 });
    expect(reading.window).toEqual([
      { rid: 100, state: 'answered' },
      { rid: 101, state: 'held' },
    ]);
    expect(reading.sid).not.toBe('secret');
    bench.write('1');
    expect(bench.machine.reading(bench.now).window).toEqual([
      { rid: 101, state: 'held' },
      { rid: 102, state: 'in-flight' },
    ]);
  });
});

describe('acknowledgements', () => {
  const ACKING = { ...PROSODY, ack: '100' };

  it('offers them, and uses them only with a manager that does', () => {
    bench.tell({ type: 'start' });
    expect(decodeBody(bench.posts[0]?.body ?? '').attributes.ack).toBe('1');
    bench = new Bench().open();
    bench.write('1');
    expect(decodeBody(bench.posts[0]?.body ?? '').attributes.ack).toBeUndefined();
  });

  it('names the highest rid answered without a gap, and none where nothing is outstanding', () => {
    bench.open(ACKING).write('1');
    expect(decodeBody(bench.posts[0]?.body ?? '').attributes.ack).toBe('100');
    bench.sent(102);
    bench.answer(101, '', { ack: '102' });
    bench.answer(102, '<s>news</s>');
    bench.tell({ type: 'flush' });
    expect(decodeBody(bench.posts[0]?.body ?? '').attributes.ack).toBeUndefined();
  });

  it('takes the manager’s word for a request it acknowledges', () => {
    bench.open(ACKING).write('1');
    bench.sent(102);
    bench.answer(101, '<s>news</s>', { ack: '102' });
    expect(bench.effects).toContainEqual({ type: 'taken', rid: 102 });
  });

  it('repeats a request the manager should have had and does not acknowledge', () => {
    bench.open(ACKING).write('1');
    bench.sent(102);
    bench.now += 2_000;
    bench.answer(101, '<s>news</s>');
    expect(bench.effects).toContainEqual({ type: 'abort', rid: 102, attempt: 1 });
    bench.tell({ type: 'flush' });
    expect(bench.posts).toMatchObject([{ rid: 102, attempt: 2 }]);
  });

  it('asks again for an answer the manager reports it gave', () => {
    bench.open(ACKING).write('1');
    bench.sent(102);
    bench.answer(102, '', { report: '101', time: '852' });
    expect(bench.effects).toContainEqual({ type: 'abort', rid: 101, attempt: 1 });
  });
});

describe('pausing', () => {
  it('asks for no more than is granted, sends nothing meanwhile, and goes on with the next stanza', () => {
    bench.open({ ...EJABBERD, maxpause: '120' });
    bench.tell({ type: 'pause', seconds: 500 });
    expect(decodeBody(bench.posts[0]?.body ?? '').attributes.pause).toBe('120');
    expect(bench.machine.state).toBe('paused');
    bench.sent(102);
    bench.answer(101);
    bench.tell({ type: 'flush' });
    expect(bench.posts).toEqual([]);
    bench.now += 60_000;
    bench.write('1');
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
  });

  it('is asked as soon as the guard allows', () => {
    bench.open({ ...EJABBERD, maxpause: '120' });
    bench.answer(101, '<s>news</s>');
    bench.tell({ type: 'flush' });
    bench.sent(102);
    bench.tell({ type: 'pause', seconds: 60 });
    expect(bench.posts).toEqual([]);
    bench.now = bench.wakeAt ?? 0;
    bench.tell({ type: 'wake' });
    expect(decodeBody(bench.posts[0]?.body ?? '').attributes.pause).toBe('60');
  });

  it('counts as taken a second after it was sent: ejabberd never answers it', () => {
    bench.open({ ...EJABBERD, maxpause: '120' });
    bench.tell({ type: 'pause', seconds: 60 });
    bench.sent(102);
    bench.answer(101);
    bench.now += 1_000;
    bench.tell({ type: 'wake' });
    expect(bench.effects).toContainEqual({ type: 'abort', rid: 102, attempt: 1 });
    expect(bench.effects).toContainEqual({ type: 'commit', rid: 102, payload: undefined });
    expect(bench.machine.state).toBe('paused');
    expect(bench.posts).toEqual([]);
  });

  it('is over before the manager would end the session', () => {
    bench.open(EJABBERD);
    bench.tell({ type: 'pause', seconds: 60 });
    bench.sent(102);
    bench.answer(102);
    bench.answer(101);
    bench.tell({ type: 'flush' });
    expect(bench.posts).toEqual([]);
    expect(bench.wakeAt).toBeLessThan(bench.now + 60_000);
    bench.wake();
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
    expect(bench.machine.state).toBe('open');
  });

  it('is over when the network has changed', () => {
    bench.open(EJABBERD);
    bench.tell({ type: 'pause', seconds: 60 });
    bench.sent(102);
    bench.answer(101);
    bench.tell({ type: 'retry-now' });
    expect(bench.posts).toMatchObject([{ rid: 102, attempt: 2 }]);
    bench.sentLongAgo(102, 2);
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
    expect(bench.machine.state).toBe('open');
  });

  it('may have been taken where the manager knows nothing of its repeat, since it keeps no answer to it', () => {
    bench.open(EJABBERD);
    bench.tell({ type: 'pause', seconds: 60 });
    bench.sent(102);
    bench.answer(101);
    bench.fail(102);
    bench.wake();
    bench.answer(102, '', { type: 'terminate', condition: 'item-not-found' }, 2);
    expect(bench.ended).toBeUndefined();
    bench.write('1');
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
    bench.sent(103);
    bench.answer(103, '<s>news</s>');
    expect(bench.delivered).toEqual(['news']);
  });

  it('may have one request more than the window', () => {
    bench.open({ ...EJABBERD, requests: '1' });
    bench.tell({ type: 'pause', seconds: 60 });
    expect(bench.posts).toMatchObject([{ rid: 102, lane: 1 }]);
  });

  it('takes one place beyond the window, not one for each: the oldest answer would be forgotten', () => {
    bench.open(EJABBERD).write('1');
    bench.sent(102);
    bench.answer(102);
    bench.tell({ type: 'pause', seconds: 60 });
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
    bench.sent(103);
    bench.answer(103);
    bench.tell({ type: 'retry-now' });
    bench.sent(101, 2);
    bench.now += 100;
    bench.tell({ type: 'pause', seconds: 60 });
    expect(bench.machine.nextRid).toBe(104);
    bench.answer(101, '', {}, 2);
    bench.tell({ type: 'flush' });
    expect(bench.asked.pause).toBe('60');
  });

  it('is not asked of a manager that does not grant it', () => {
    for (const grant of [PROSODY, { ...EJABBERD, maxpause: '0' }]) {
      bench = new Bench().open(grant);
      bench.tell({ type: 'pause', seconds: 60 });
      expect(bench.posts).toEqual([]);
      expect(bench.machine.state).toBe('open');
    }
  });
});

describe('the second connection', () => {
  it('is made ready once the session is signed in: before that it could only stand in the way', () => {
    const warm = { type: 'warm', lane: 1 };
    bench.tell({ type: 'start' });
    bench.answer(100, '<features/>', { sid: 'secret', ...PROSODY });
    expect(bench.effects).not.toContainEqual(warm);
    bench.tell({ type: 'bound', jid: 'a@example.org/r' });
    expect(bench.effects).toContainEqual(warm);
  });
});

describe('when a connection does not get through', () => {
  function stall(attempt: number): void {
    bench.now = bench.wakeAt ?? bench.now;
    bench.tell({ type: 'wake' });
    expect(bench.effects).toContainEqual({ type: 'abort', rid: 102, attempt });
  }

  it('repeats both requests on fresh ones', () => {
    bench.open().write('1');
    bench.sent(102);
    stall(1);
    expect(bench.effects).toContainEqual({ type: 'abort', rid: 101, attempt: 1 });
    expect(bench.posts).toMatchObject([{ rid: 101, attempt: 2 }]);
    expect(bench.machine.lastProblem?.code).toBe('network.stalled');
  });

  it('ends while signing in where the one is answered again and the other is not', () => {
    bench.tell({ type: 'start' });
    bench.sent(100);
    bench.answer(100, '<features/>', { sid: 'secret', ...PROSODY });
    bench.tell({ type: 'flush' });
    bench.sent(101);
    bench.tell({ type: 'write', payload: '<auth/>', messageIds: [] });
    bench.tell({ type: 'flush' });
    bench.sent(102);
    stall(1);
    bench.sentLongAgo(101, 2);
    bench.sent(102, 2);
    bench.answer(101, '', {}, 2);
    bench.wake();
    expect(bench.ended?.code).toBe('network.one-connection');
  });

  /** Two requests stall, and the one that is answered is not the one that is waited for. */
  function answeredBetweenStalls(attributes: Record<string, string>): void {
    bench.open().write('1');
    bench.sent(102);
    stall(1);
    bench.sentLongAgo(101, 2);
    bench.answer(101, '', attributes, 2);
    bench.sent(102, 2);
    bench.write('2');
    bench.sent(103);
    const isStalled = () => bench.effects.some(({ type }) => type === 'abort' || type === 'ended');
    for (let wakes = 0; wakes < 20 && !isStalled(); wakes += 1) bench.wake();
  }

  it('ends where all that comes between two times is that one of them is unknown', () => {
    answeredBetweenStalls({ type: 'terminate', condition: 'item-not-found' });
    expect(bench.ended).toMatchObject({ code: 'endpoint.silent', retry: 'now' });
  });

  it('goes on where an answer comes between two times', () => {
    answeredBetweenStalls({});
    expect(bench.ended).toBeUndefined();
  });

  it('ends where only one of the fresh ones is answered on', () => {
    bench.open().write('1');
    bench.sent(102);
    stall(1);
    bench.sentLongAgo(101, 2);
    bench.sent(102, 2);
    bench.answer(102, '', {}, 2);
    bench.wake();
    expect(bench.ended?.code).toBe('network.one-connection');
  });

  it('ends where pairs stall again and again and only one connection is ever answered on', () => {
    bench.open().write('1');
    bench.sent(102);
    stall(1);
    const lanes: (number | undefined)[] = [];
    for (const rid of [101, 102]) {
      const { attempt = 0, lane } = bench.posts[0] ?? {};
      expect(bench.posts).toMatchObject([{ rid }]);
      bench.sentLongAgo(rid, attempt);
      bench.sent(rid + 1, bench.posts[0]?.attempt);
      bench.now += 100;
      bench.answer(rid, '<s>news</s>', {}, attempt);
      bench.write('more');
      lanes.push(lane, bench.posts[0]?.lane);
      bench.sent(rid + 2);
      expect(bench.ended).toBeUndefined();
      bench.wake();
    }
    expect(lanes).toEqual([0, 0, 0, 0]);
    expect(bench.ended?.code).toBe('network.one-connection');
  });

  it('ends, so that the next session can poll, where that does not help', () => {
    bench.open().write('1');
    bench.sent(102);
    stall(1);
    bench.sentLongAgo(101, 2);
    bench.sent(102, 2);
    stall(2);
    expect(bench.ended?.code).toBe('network.one-connection');
  });
});

describe('what the network is known to do', () => {
  const GATEWAY: Problem = { ...RESET, code: 'network.gateway-timeout' };

  /** Lets time pass without anything happening but what the machine itself wants. */
  function pass(ms: number): void {
    const until = bench.now + ms;
    while (bench.wakeAt !== undefined && bench.wakeAt <= until) bench.wake();
    bench.now = until;
  }

  it('is kept to when a session is asked for', () => {
    bench = new Bench({ wait: 120 });
    bench.tell({ type: 'start' });
    expect(bench.asked.wait).toBe('120');
    bench = new Bench({ wait: 120, limits: { wait: 8 } });
    bench.tell({ type: 'start' });
    expect(bench.asked.wait).toBe('8');
  });

  it('has the held request released before it is cut, again and again', () => {
    bench.open();
    bench.tell({ type: 'limits', limits: { wait: 8 } });
    bench.wake();
    expect(bench.now).toBe(1_000_000 + 8_000);
    expect(bench.posts).toMatchObject([{ rid: 102, lane: 1 }]);
    bench.sent(102);
    bench.answer(101);
    const renewedAt = bench.now;
    bench.wake();
    expect(bench.now - renewedAt).toBe(8_000);
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
  });

  it('has none released sooner than two empty requests may follow each other', () => {
    bench.open();
    bench.tell({ type: 'limits', limits: { wait: 2 } });
    pass(4_100);
    expect(bench.posts).toEqual([]);
    bench.wake();
    expect(bench.now).toBe(1_000_000 + 5_200);
  });

  it('has none released where the manager answers sooner by itself', () => {
    bench.open({ ...PROSODY, wait: '8' });
    bench.tell({ type: 'limits', limits: { wait: 8 } });
    bench.wakeAt = undefined;
    bench.tell({ type: 'flush' });
    expect(bench.wakeAt).toBeUndefined();
  });

  it('is no fault when it happens: the request goes out again at once, however often', () => {
    bench.open();
    bench.tell({ type: 'limits', limits: { wait: 2 } });
    for (let attempt = 1; attempt < 20; attempt += 1) {
      bench.now += 3_000;
      bench.fail(101, attempt, GATEWAY);
      expect(bench.posts).toMatchObject([{ rid: 101, attempt: attempt + 1 }]);
      expect(bench.machine.state).toBe('open');
      bench.sent(101, attempt + 1);
    }
  });

  it('is a fault when it happens sooner', () => {
    bench.open();
    bench.tell({ type: 'limits', limits: { wait: 8 } });
    bench.fail(101, 1, GATEWAY);
    expect(bench.machine.state).toBe('broken');
  });

  it('cuts what is to be sent into requests that get through', () => {
    bench.open();
    bench.tell({ type: 'limits', limits: { largestRequest: 1_500 } });
    const stanza = 'x'.repeat(400);
    bench.write(stanza, stanza, stanza);
    expect(bench.posts.map(({ body }) => body.split(stanza).length - 1)).toEqual([2]);
    bench.sent(102);
    bench.answer(101);
    bench.tell({ type: 'flush' });
    expect(bench.posts.at(-1)?.body.split(stanza).length).toBe(2);
  });

  it('ends the session where one of its requests never gets through', () => {
    bench.open().write('x'.repeat(3_000));
    bench.tell({ type: 'limits', limits: { largestRequest: 1_500, refusedRequest: 3_000 } });
    expect(bench.ended).toMatchObject({ code: 'network.request-too-large', retry: 'now' });
  });

  it('ends a session of an earlier process, one of whose requests is known never to get through', () => {
    bench.open().write('x'.repeat(3_000));
    const record = {
      ...{ endpoint: 'https://example.org/http-bind', sid: 'secret', jid: 'a@example.org/r' },
      ...{ granted: bench.machine.granted, nextRid: 103, lastAnswerAt: bench.now },
      unanswered: [{ rid: 102, body: bench.posts[0]?.body ?? '', messageIds: [] }],
    };
    bench = new Bench({ record, limits: { largestRequest: 1_500, refusedRequest: 3_000 } });
    bench.tell({ type: 'start' });
    expect(bench.ended?.code).toBe('network.request-too-large');
  });

  it('says of a message longer than any request that it is not sent, and sends the others', () => {
    bench.open();
    bench.tell({ type: 'limits', limits: { largestRequest: 1_500, refusedRequest: 3_000 } });
    const long = 'x'.repeat(3_000);
    bench.tell({ type: 'write', payload: '<s>1</s>', messageIds: ['1'] });
    bench.tell({ type: 'write', payload: `<s>${long}</s>`, messageIds: ['2'] });
    bench.tell({ type: 'write', payload: '<s>3</s>', messageIds: ['3'] });
    bench.tell({ type: 'flush' });
    const effects = [...bench.effects];
    bench.sent(102);
    bench.answer(101);
    effects.push(...bench.tell({ type: 'flush' }));
    const posts = effects.flatMap((effect) => (effect.type === 'post' ? effect.body : []));
    expect(posts).toEqual([
      expect.stringContaining('<s>1</s>'),
      expect.stringContaining('<s>3</s>'),
    ]);
    expect(effects).toContainEqual({
      type: 'unsendable',
      messageIds: ['2'],
      problem: expect.objectContaining({ code: 'network.message-too-long' }),
    });
    expect(bench.machine.state).toBe('open');
  });

  it('ends the session, so that the next one can poll, where one connection has to do', () => {
    bench.open();
    bench.tell({ type: 'limits', limits: { oneConnection: true } });
    expect(bench.ended?.code).toBe('network.one-connection');
  });
});

describe('an answer that a later one has overtaken', () => {
  /** The manager holds nothing, and with `inactivity` 30 it ends the session 30 s later. */
  function overtaken(inactivity: string): void {
    bench.open({ ...EJABBERD, inactivity }).write('1');
    bench.sent(102);
    bench.answer(102, '<s>news</s>');
  }

  it('is asked for again before the manager would end the session', () => {
    overtaken('30');
    expect(bench.wakeAt).toBe(bench.now + 8_000);
    bench.wake();
    // On the connection that was answered: the other one may be the reason.
    expect(bench.posts).toMatchObject([{ rid: 101, attempt: 2, lane: 1 }]);
    bench.answer(101, '<s>before</s>', {}, 2);
    expect(bench.delivered).toEqual(['before', 'news']);
  });

  it('is given more time at each try, since it may just be long', () => {
    overtaken('300');
    const pauses: number[] = [];
    for (let attempt = 2; attempt < 7; attempt += 1) {
      const before = bench.now;
      bench.wake();
      expect(bench.posts).toMatchObject([{ rid: 101, attempt }]);
      pauses.push(bench.now - before);
      bench.sent(101, attempt);
    }
    expect(pauses).toEqual([8_000, 16_000, 32_000, 64_000, 128_000]);
    expect(bench.ended).toBeUndefined();
  });

  it('is asked for in time by whoever may be silent for a short time only', () => {
    overtaken('10');
    expect(bench.wakeAt).toBe(bench.now + 7_000);
  });
});

describe('polling', () => {
  const GRANT = { sid: 's', ver: '1.11', wait: '0', hold: '1', requests: '2', polling: '5' };

  function poll(grant: Record<string, string> = GRANT): void {
    bench = new Bench({ polling: true });
    bench.tell({ type: 'start' });
    expect(bench.asked.wait).toBe('0');
    bench.answer(100, '<features/>', grant);
    bench.tell({ type: 'flush' });
    expect(bench.posts).toMatchObject([{ rid: 101, lane: 0 }]);
    bench.sent(101);
  }

  it('asks over one connection, and not sooner after an empty answer than the interval granted', () => {
    poll();
    // However long the request was on its way, the manager counts from when it came.
    bench.now += 3_000;
    bench.answer(101);
    bench.tell({ type: 'flush' });
    expect(bench.posts).toEqual([]);
    expect(bench.wakeAt).toBe(bench.now + 5_000);
    bench.wake();
    expect(bench.posts).toMatchObject([{ rid: 102, lane: 0 }]);
  });

  it('asks again at once where there was something', () => {
    poll();
    bench.answer(101, '<s>news</s>');
    bench.tell({ type: 'flush' });
    expect(bench.posts).toMatchObject([{ rid: 102 }]);
  });

  it('sends at once, whatever the interval', () => {
    poll();
    bench.answer(101);
    bench.write('1');
    expect(bench.posts).toMatchObject([{ rid: 102, lane: 0 }]);
  });

  it('asks once a second where no interval is granted', () => {
    const { polling: _, ...grant } = GRANT;
    poll(grant);
    bench.answer(101);
    bench.tell({ type: 'flush' });
    expect(bench.wakeAt).toBe(bench.now + 1_000);
  });

  it('asks before the manager would take it for gone', () => {
    poll({ ...GRANT, polling: '60', inactivity: '10' });
    bench.answer(101);
    bench.tell({ type: 'flush' });
    expect(bench.wakeAt).toBeLessThan(bench.now + 10_000);
  });

  it('is what a manager can ask for by granting one request at a time', () => {
    bench.open({ ...PROSODY, requests: '1' });
    bench.write('1');
    expect(bench.posts).toEqual([]);
    bench.answer(101);
    bench.tell({ type: 'flush' });
    expect(bench.posts).toMatchObject([{ rid: 102, lane: 0 }]);
  });
});

describe('the certificate', () => {
  it('must stay the same within a session', () => {
    const tls = { protocol: 'TLSv1.3', fingerprint: 'AA' };
    bench.open().write('1');
    const answer = (rid: number, fingerprint: string) =>
      bench.tell({
        type: 'answered',
        rid,
        attempt: 1,
        body: decodeBody(encodeBody({}, '')),
        facts: { ...FACTS, tls: { ...tls, fingerprint } },
      });
    answer(101, 'AA');
    expect(bench.machine.reading(bench.now).tls).toEqual({ protocol: 'TLSv1.3' });
    answer(102, 'BB');
    expect(bench.ended?.code).toBe('network.other-certificate');
    expect(bench.posts).toEqual([]);
  });

  it('may be another one by the same issuer', () => {
    bench.open();
    for (const [rid, fingerprint] of [
      [101, 'AA'],
      [102, 'BB'],
    ] as const) {
      bench.tell({
        type: 'answered',
        ...{ rid, attempt: 1, body: decodeBody(encodeBody({}, '')) },
        facts: { ...FACTS, tls: { protocol: 'TLSv1.3', issuer: 'A Company', fingerprint } },
      });
      bench.tell({ type: 'flush' });
    }
    expect(bench.machine.state).toBe('open');
  });

  it('is the one it was where a resumed connection shows none', () => {
    const seen = { protocol: 'TLSv1.3', issuer: 'A Company', fingerprint: 'AA' };
    bench.open();
    for (const [rid, tls] of [
      [101, seen],
      [102, { protocol: 'TLSv1.3' }],
    ] as const) {
      const body = decodeBody(encodeBody({}, ''));
      bench.tell({ type: 'answered', rid, attempt: 1, body, facts: { ...FACTS, tls } });
      bench.tell({ type: 'flush' });
    }
    expect(bench.machine.tls).toEqual(seen);
    expect(bench.machine.state).toBe('open');
  });

  it('ends the session once, whatever else the answer with another one says', () => {
    const facts = (fingerprint: string) => ({
      ...FACTS,
      tls: { protocol: 'TLSv1.3', fingerprint },
    });
    bench.open();
    const body = decodeBody(encodeBody({}, ''));
    bench.tell({ type: 'answered', rid: 101, attempt: 1, body, facts: facts('AA') });
    bench.tell({ type: 'terminate', payload: '' });
    bench.tell({ type: 'failed', rid: 102, attempt: 1, problem: HTML, facts: facts('BB') });
    expect(bench.effects.filter((effect) => effect.type === 'ended')).toHaveLength(1);
  });
});

describe('key sequences', () => {
  it('announce a key with the first request and show the next with every other', () => {
    bench = new Bench({ keySecret: 'secret' });
    bench.tell({ type: 'start' });
    expect(bench.asked.newkey).toMatch(/^[\da-f]{40}$/u);
    expect(bench.asked.key).toBeUndefined();
    const { newkey } = bench.asked;
    bench.answer(100, '', { sid: 's', ...EJABBERD });
    bench.tell({ type: 'flush' });
    const { key = '' } = bench.asked;
    expect(createHash('sha1').update(key).digest('hex')).toBe(newkey);
  });

  it('are left out where they were not asked for', () => {
    bench.tell({ type: 'start' });
    expect(bench.asked.newkey).toBeUndefined();
  });
});

describe('secrets', () => {
  it('shows no sid where the manager repeats it as its authid', () => {
    bench.open({ ...PROSODY, authid: 'secret' });
    expect(JSON.stringify(bench.machine.reading(bench.now))).not.toContain('secret');
  });
});
