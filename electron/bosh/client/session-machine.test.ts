import { beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../shared/problem.ts';
import { decodeBody, encodeBody } from '../protocol/body.ts';
import type { SessionEffect, SessionEvent } from './session-events.ts';
import { SessionMachine } from './session-machine.ts';

const RESET: Problem = {
  code: 'network.reset',
  source: 'network',
  message: 'The connection was reset.',
  advice: '',
  retry: 'now',
};
const HTML: Problem = { ...RESET, code: 'network.html-answer' };
const FACTS = { bytesSent: 300, bytesReceived: 200 };
const PROSODY = { ver: '1.6', authid: 's', wait: '60', hold: '1', requests: '2', polling: '5' };
const EJABBERD = {
  ver: '1.11',
  authid: 's',
  wait: '60',
  hold: '1',
  requests: '2',
  maxpause: '120',
};

type Post = Extract<SessionEffect, { type: 'post' }>;

class Bench {
  readonly machine = new SessionMachine({
    endpoint: 'https://example.org/http-bind',
    to: 'example.org',
    lang: 'en',
    firstRid: 100,
    random: () => 0.5,
  });
  now = 1_000_000;
  effects: readonly SessionEffect[] = [];
  /** When the machine wants to be woken. */
  wakeAt: number | undefined;

  /** Tells the machine; what it asks for is in `effects`, and its own bookkeeping is carried out. */
  tell(event: SessionEvent): readonly SessionEffect[] {
    const all = [...this.machine.handle(event, this.now)];
    for (const effect of [...all]) {
      if (effect.type === 'append') {
        all.push(...this.tell({ type: 'appended', rid: effect.request.rid }));
      }
      if (effect.type === 'commit') all.push(...this.tell({ type: 'committed', rid: effect.rid }));
    }
    const wake = all.findLast((effect) => effect.type === 'wake-at');
    if (wake) this.wakeAt = wake.at;
    this.effects = all;
    return all;
  }

  get posts(): Post[] {
    return this.effects.filter((effect): effect is Post => effect.type === 'post');
  }

  get delivered(): string[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'deliver' ? effect.payload.map((element) => element.text()) : [],
    );
  }

  get ended(): Problem | undefined {
    const effect = this.effects.find((e) => e.type === 'ended');
    return effect?.type === 'ended' ? effect.problem : undefined;
  }

  answer(rid: number, payload = '', attributes: Record<string, string> = {}, attempt = 1): void {
    const body = decodeBody(encodeBody(attributes, payload));
    this.tell({ type: 'answered', rid, attempt, body, facts: FACTS });
  }

  sent(rid: number, attempt = 1): void {
    this.tell({ type: 'sent', rid, attempt });
  }

  fail(rid: number, attempt = 1, problem = RESET): void {
    this.tell({ type: 'failed', rid, attempt, problem });
  }

  /** The whole of a repeat is with the kernel, and the pause after it is over. */
  sentLongAgo(rid: number, attempt: number): readonly SessionEffect[] {
    this.sent(rid, attempt);
    this.now = this.wakeAt ?? this.now;
    return this.tell({ type: 'wake' });
  }

  write(...stanzas: string[]): void {
    for (const stanza of stanzas) {
      this.tell({ type: 'write', payload: `<s>${stanza}</s>`, messageIds: [stanza] });
    }
    this.tell({ type: 'flush' });
  }

  /** Signs in; afterwards rid 101 is held on lane 0. */
  open(manager: Record<string, string> = PROSODY): this {
    this.tell({ type: 'start' });
    this.sent(100);
    this.answer(100, '', { sid: 'secret', ...manager });
    this.tell({ type: 'flush' });
    this.tell({ type: 'bound', jid: 'a@example.org/r' });
    this.sent(101);
    this.now += 1_000;
    return this;
  }
}

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
    expect(decodeBody(bench.posts[0]?.body ?? '').attributes['xmpp:restart']).toBe('true');
    expect(bench.posts[0]?.body).not.toContain('<iq/>');
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
    bench.sent(102);
    bench.answer(102, '', { type: 'error' });
    bench.now = bench.wakeAt ?? 0;
    bench.tell({ type: 'wake' });
    expect(bench.posts.map((post) => post.rid)).toEqual([101]);
    bench.sentLongAgo(101, 2);
    expect(bench.posts.map((post) => post.rid)).toEqual([102]);
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
    bench.now = bench.wakeAt ?? 0;
    bench.tell({ type: 'retry-now' });
    bench.answer(101, '', { type: 'terminate', condition: 'item-not-found' }, 2);
  }

  it('goes on where the manager knows the later one', () => {
    broken();
    expect(bench.ended).toBeUndefined();
    bench.sent(102, 2);
    bench.answer(102, '<s>news</s>', {}, 2);
    expect(bench.effects).toContainEqual({ type: 'commit', rid: 101, payload: undefined });
    expect(bench.delivered).toEqual(['news']);
    expect(bench.machine.state).toBe('open');
  });

  it('goes on where it answered the later one first', () => {
    bench.open().write('1');
    bench.fail(101);
    bench.fail(102);
    bench.now = bench.wakeAt ?? 0;
    bench.tell({ type: 'retry-now' });
    bench.sentLongAgo(101, 2);
    bench.answer(102, '<s>news</s>', {}, 2);
    bench.answer(101, '', { type: 'terminate', condition: 'item-not-found' }, 2);
    expect(bench.ended).toBeUndefined();
    expect(bench.delivered).toEqual(['news']);
  });

  it('does not let the forgotten one keep the window closed', () => {
    broken();
    bench.write('2');
    bench.sentLongAgo(102, 2);
    expect(bench.posts).toMatchObject([{ rid: 103 }]);
  });

  it('ends where it knows neither, and takes neither for arrived', () => {
    broken();
    bench.answer(102, '', { type: 'terminate', condition: 'item-not-found' }, 2);
    expect(bench.effects.filter((effect) => effect.type === 'commit')).toEqual([]);
    expect(bench.ended).toMatchObject({ code: 'endpoint.item-not-found' });
  });
});

describe('going on with a recorded session', () => {
  it('posts the unanswered bodies again, unchanged and in order', () => {
    const machine = new SessionMachine({
      endpoint: 'https://example.org/http-bind',
      to: 'example.org',
      lang: 'en',
      firstRid: 1,
      random: () => 0.5,
      record: {
        endpoint: 'https://example.org/http-bind',
        sid: 'secret',
        jid: 'a@example.org/r',
        granted: { ver: '1.6', authid: 's', hold: 1, requests: 2, wait: 60 },
        nextRid: 103,
        unanswered: [
          { rid: 101, body: encodeBody({ rid: 101, sid: '' }, ''), messageIds: [] },
          { rid: 102, body: encodeBody({ rid: 102, sid: '' }, '<s>1</s>'), messageIds: ['1'] },
        ],
        lastAnswerAt: 5,
      },
    });
    const posts = [
      ...machine.handle({ type: 'start' }, 10),
      ...machine.handle({ type: 'sent', rid: 101, attempt: 1 }, 10),
      ...machine.handle({ type: 'wake' }, 20),
    ].filter((effect) => effect.type === 'post');
    expect(posts).toMatchObject([
      { rid: 101, body: encodeBody({ rid: 101, sid: 'secret' }, '') },
      { rid: 102, body: encodeBody({ rid: 102, sid: 'secret' }, '<s>1</s>') },
    ]);
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

  it('is not asked of a manager that does not grant it', () => {
    bench.open();
    bench.tell({ type: 'pause', seconds: 60 });
    expect(bench.posts).toEqual([]);
    expect(bench.machine.state).toBe('open');
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

  it('ends, so that the next session can poll, where that does not help', () => {
    bench.open().write('1');
    bench.sent(102);
    stall(1);
    bench.sentLongAgo(101, 2);
    bench.sent(102, 2);
    stall(2);
    expect(bench.ended?.code).toBe('network.one-connection');
  });

  it('polls over one connection, at the interval granted', () => {
    const polling = new SessionMachine({
      endpoint: 'https://example.org/http-bind',
      to: 'example.org',
      lang: 'en',
      firstRid: 100,
      random: () => 0.5,
      polling: true,
    });
    const body = (attributes: Record<string, string>) => decodeBody(encodeBody(attributes, ''));
    const post = polling.handle({ type: 'start' }, 0).find((effect) => effect.type === 'post');
    expect(decodeBody(post?.body ?? '').attributes.wait).toBe('0');
    const created = body({ sid: 's', wait: '0', hold: '1', requests: '2', polling: '5' });
    polling.handle({ type: 'answered', rid: 100, attempt: 1, body: created, facts: FACTS }, 10);
    expect(polling.handle({ type: 'flush' }, 20)).toContainEqual(
      expect.objectContaining({ type: 'post', rid: 101, lane: 0 }),
    );
    const effects = [
      ...polling.handle(
        { type: 'answered', rid: 101, attempt: 1, body: body({}), facts: FACTS },
        30,
      ),
      ...polling.handle({ type: 'flush' }, 40),
    ];
    expect(effects.filter((effect) => effect.type === 'post')).toEqual([]);
    expect(effects).toContainEqual({ type: 'wake-at', at: 20 + 5_000 });
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
  });
});

describe('key sequences', () => {
  it('announce a key with the first request and show the next with every other', () => {
    const machine = new SessionMachine({
      endpoint: 'https://example.org/http-bind',
      to: 'example.org',
      lang: 'en',
      firstRid: 100,
      random: () => 0.5,
      keySecret: 'secret',
    });
    const post = machine.handle({ type: 'start' }, 0).find((effect) => effect.type === 'post');
    expect(decodeBody(post?.body ?? '').attributes.newkey).toMatch(/^[\da-f]{40}$/u);
    const body = decodeBody(encodeBody({ sid: 's', ...EJABBERD }, ''));
    machine.handle({ type: 'answered', rid: 100, attempt: 1, body, facts: FACTS }, 1);
    const next = machine.handle({ type: 'flush' }, 2).find((effect) => effect.type === 'post');
    expect(decodeBody(next?.body ?? '').attributes.key).toMatch(/^[\da-f]{40}$/u);
  });
});

describe('secrets', () => {
  it('shows no sid where the manager repeats it as its authid', () => {
    bench.open({ ...PROSODY, authid: 'secret' });
    expect(JSON.stringify(bench.machine.reading(bench.now))).not.toContain('secret');
  });
});
