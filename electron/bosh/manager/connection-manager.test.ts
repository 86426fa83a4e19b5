/** Sessions side by side: who gets one, what keeps them apart, and how the manager goes out of service. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { networkOf } from './address-book.ts';
import { ManagerSession } from './session.ts';
import { ManagerBench } from './testing/manager-bench.ts';
import { echoUpstream, ScriptedUpstream } from './testing/scripted-upstream.ts';

afterEach(() => {
  vi.useRealTimers();
});

const XMLNS = `xmlns='http://jabber.org/protocol/httpbind'`;

describe('a session creation request', () => {
  it('gets a sid of 128 random bits, never the same', async () => {
    const bench = new ManagerBench();
    const sids = await Promise.all(Array.from({ length: 50 }, () => bench.open()));
    expect(new Set(sids).size).toBe(50);
    for (const sid of sids) expect(Buffer.from(sid, 'base64url')).toHaveLength(16);
  });

  it.each([
    ['no domain', { to: undefined }, 'improper-addressing'],
    ['an empty domain', { to: '' }, 'improper-addressing'],
    ['a wait that is no number', { wait: 'x' }, 'bad-request'],
    ['a rid that is too large', { rid: '9007199254740992' }, 'bad-request'],
    ['a rid of 0', { rid: 0 }, 'bad-request'],
    ['no rid', { rid: undefined }, 'bad-request'],
    ['an attribute that is very long', { from: 'x'.repeat(3_000) }, 'bad-request'],
  ])('with %s is refused', async (_what, attributes, condition) => {
    const bench = new ManagerBench();
    const refused = bench.create(attributes);
    expect(await refused.attributes()).toMatchObject({ type: 'terminate', condition });
    expect(bench.manager.readings()).toMatchObject({ sessions: 0, refused: { [condition]: 1 } });
  });

  it('of a legacy client is refused by a status', async () => {
    const bench = new ManagerBench();
    expect(bench.create({ ver: undefined, wait: 'x' }).given?.status).toBe(400);
    expect(bench.create({ ver: undefined, rid: 0 }).given?.status).toBe(400);
    expect(bench.create({ rid: 0 }).given?.status).toBe(200);
  });

  it('over plain HTTP is told where else to go, where that is wished', async () => {
    const secureUrl = 'https://example.org/bosh?a&b';
    const bench = new ManagerBench({ secureUrl });
    const told = bench.create({}, { secure: false });
    expect(await told.attributes()).toMatchObject({ condition: 'see-other-uri' });
    expect(await told.payload()).toBe('<uri>https://example.org/bosh?a&amp;b</uri>');
    expect(await bench.open()).not.toBe('');
  });

  it('is refused when there are as many sessions as there may be, and says so', async () => {
    const bench = new ManagerBench({ limits: { sessions: 2 } });
    await bench.open();
    const sid = await bench.open();
    const refused = bench.create();
    expect(await refused.attributes()).toMatchObject({ condition: 'undefined-condition' });
    expect(await refused.payload()).toContain('<too-many-sessions ');
    bench.post(sid, 101, '', { type: 'terminate' });
    expect(await bench.open()).not.toBe('');
  });

  it('is refused to an address that has as many sessions as it may, and to no other', async () => {
    const bench = new ManagerBench({ limits: { sessionsPerAddress: 2 } });
    await bench.open();
    const sid = await bench.open();
    const refused = bench.create();
    expect(await refused.attributes()).toMatchObject({ condition: 'policy-violation' });
    expect(await bench.open({}, { address: '192.0.2.2' })).not.toBe('');
    bench.post(sid, 101, '', { type: 'terminate' });
    expect(await bench.open()).not.toBe('');
  });

  it('is refused to an address that asks too often, until a minute has passed', async () => {
    const clock = vi.spyOn(performance, 'now');
    clock.mockReturnValue(1_000);
    const bench = new ManagerBench({ limits: { creationsPerMinute: 2 } });
    for (let count = 0; count < 2; count += 1) {
      bench.post(await bench.open(), 101, '', { type: 'terminate' });
    }
    expect(await bench.create().attributes()).toMatchObject({ condition: 'policy-violation' });
    clock.mockReturnValue(61_001);
    expect(await bench.open()).not.toBe('');
    clock.mockRestore();
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('a request', () => {
  it('of a session that never was is refused', async () => {
    const bench = new ManagerBench();
    const refused = bench.post('unheard-of', 101);
    expect(await refused.attributes()).toMatchObject({
      type: 'terminate',
      condition: 'item-not-found',
    });
  });

  it('of a session that is over is refused in the same words', async () => {
    const bench = new ManagerBench();
    const sid = await bench.open();
    bench.post(sid, 101, '', { type: 'terminate' });
    expect(bench.post(sid, 102).given).toEqual(bench.post('unheard-of', 102).given);
  });

  it('over plain HTTP for a session over TLS is cut without a word, and the session lives', async () => {
    const bench = new ManagerBench();
    const sid = await bench.open();
    const cut = bench.send(`<body rid='101' sid='${sid}' type='terminate' ${XMLNS}/>`, {
      secure: false,
    });
    expect(cut).toMatchObject({ isCut: true, given: undefined });
    expect(await bench.post(sid, 101, '<a/>').payload()).toBe('<a/>');
  });

  it('with a bad attribute is refused, and its session lives', async () => {
    const bench = new ManagerBench();
    const sid = await bench.open();
    const refused = bench.post(sid, 101, '', { pause: 'x' });
    expect(await refused.attributes()).toMatchObject({ condition: 'bad-request' });
    expect(await bench.post(sid, 101, '<a/>').payload()).toBe('<a/>');
  });

  it('gets payloads that come in one go in one answer', async () => {
    const bench = new ManagerBench();
    const held = bench.post(await bench.open(), 101);
    bench.upstream.stream.listener.onElement('<a/>');
    bench.upstream.stream.listener.onElement('<b/>');
    expect(await held.payload()).toBe('<a/><b/>');
  });

  it('keeps its place where an upstream answers while it is written to', async () => {
    const upstream = echoUpstream();
    upstream.onWrite = (stream, xml) => stream.listener.onElement(xml);
    const bench = new ManagerBench({}, upstream);
    const sid = await bench.open();
    const first = bench.post(sid, 101);
    const second = bench.post(sid, 102, '<a/>');
    expect(await first.payload()).toBe('');
    expect(await second.payload()).toBe('<a/>');
  });
});

describe('a server that takes no more', () => {
  it('holds up its session until there is room', async () => {
    const upstream = echoUpstream();
    const bench = new ManagerBench({}, upstream);
    const sid = await bench.open();
    upstream.stream.hasRoom = false;
    bench.post(sid, 101, '<a/>');
    bench.post(sid, 102, '<b/>');
    expect(upstream.stream.written).toEqual(['<a/>']);
    upstream.stream.hasRoom = true;
    upstream.stream.listener.onDrain();
    expect(upstream.stream.written).toEqual(['<a/>', '<b/>']);
  });
});

describe('a client that does not fetch', () => {
  it('holds up its server, and nobody else’s', async () => {
    const upstream = echoUpstream();
    const bench = new ManagerBench({ limits: { bufferedLength: 1_000 } }, upstream);
    await bench.open();
    const slow = upstream.stream;
    const sid = await bench.open();
    slow.listener.onElement(`<a>${'x'.repeat(1_000)}</a>`);
    expect(slow.reading).toBe(false);
    expect(upstream.stream.reading).toBe(true);
    expect(await bench.post(sid, 101, '<b/>').payload()).toBe('<b/>');
  });
});

describe('an upstream that throws', () => {
  it('ends the session it was opened for, and no other', async () => {
    const upstream = echoUpstream();
    const bench = new ManagerBench({}, upstream);
    const healthy = await bench.open();
    upstream.onWrite = (stream, xml) => {
      if (xml === '<boom/>') throw new Error('boom');
      stream.listener.onElement(xml);
    };
    const sid = await bench.open();
    const boom = bench.post(sid, 101, '<boom/>');
    expect(await boom.attributes()).toMatchObject({ condition: 'internal-server-error' });
    expect(bench.events).toContainEqual(expect.objectContaining({ type: 'fault' }));
    expect(await bench.post(healthy, 101, '<a/>').payload()).toBe('<a/>');
  });
});

describe('a session that breaks', () => {
  it.each([1, 2])('ends alone, however broken it is (%i)', async (times) => {
    const bench = new ManagerBench();
    const healthy = await bench.open();
    const sid = await bench.open();
    const held = bench.post(sid, 101);
    const handle = vi.spyOn(ManagerSession.prototype, 'handle');
    for (let count = 0; count < times; count += 1) {
      handle.mockImplementationOnce(() => {
        throw new Error('broken');
      });
    }
    bench.post(sid, 102, '<a/>');
    handle.mockRestore();
    expect(bench.events).toContainEqual({
      type: 'ended',
      session: expect.any(String),
      reason: 'internal-server-error',
    });
    expect(await bench.post(sid, 103).attributes()).toMatchObject({ condition: 'item-not-found' });
    if (times === 1) expect((await held.attributes()).condition).toBe('internal-server-error');
    expect(await bench.post(healthy, 101, '<a/>').payload()).toBe('<a/>');
  });
});

describe('a session', () => {
  it('ends when its time comes, and its stream with it', async () => {
    vi.useFakeTimers();
    const bench = new ManagerBench();
    await bench.open();
    vi.advanceTimersByTime(59_000);
    expect(bench.manager.readings().sessions).toBe(1);
    vi.advanceTimersByTime(2_000);
    expect(bench.manager.readings()).toMatchObject({ sessions: 0, ended: { inactivity: 1 } });
    expect(bench.upstream.stream.closed).toBe(true);
  });

  it('tells the log of its life without a secret', async () => {
    const bench = new ManagerBench();
    const sid = await bench.open();
    bench.post(sid, 101, '<secret/>', { type: 'terminate' });
    expect(bench.events).toMatchObject([
      { type: 'created', address: '192.0.2.1', to: 'example.org' },
      { type: 'ended', reason: 'terminated' },
    ]);
    expect(JSON.stringify(bench.events)).not.toContain(sid);
    expect(JSON.stringify(bench.events)).not.toContain('secret');
  });
});

describe('a manager that goes out of service', () => {
  it('tells every client, takes no new one, and is done when all know', async () => {
    const bench = new ManagerBench();
    const held = bench.post(await bench.open(), 101);
    const silent = await bench.open();
    let isDone = false;
    const drained = bench.manager.drain(60_000).then(() => {
      isDone = true;
    });
    expect(await held.attributes()).toMatchObject({ condition: 'system-shutdown' });
    expect(await bench.create().attributes()).toMatchObject({ condition: 'system-shutdown' });
    expect(isDone).toBe(false);
    const next = bench.post(silent, 101);
    expect(await next.attributes()).toMatchObject({ condition: 'system-shutdown' });
    await drained;
    expect(bench.upstream.streams.every(({ closed }) => closed)).toBe(true);
  });

  it('delivers what waits first', async () => {
    const bench = new ManagerBench();
    const sid = await bench.open();
    bench.upstream.stream.listener.onElement('<last/>');
    const drained = bench.manager.drain(60_000);
    expect(await bench.post(sid, 101).payload()).toBe('<last/>');
    await drained;
  });

  it('waits for nobody longer than its grace', async () => {
    const bench = new ManagerBench();
    await bench.open();
    await bench.manager.drain(1);
    expect(bench.manager.readings().sessions).toBe(1);
  });

  it('is done at once where there is nobody', async () => {
    await new ManagerBench().manager.drain(60_000);
  });
});

describe('a manager that is closed', () => {
  it('closes every stream, answers every request and takes no more', async () => {
    const bench = new ManagerBench();
    const held = bench.post(await bench.open(), 101);
    await bench.manager.close();
    expect(await held.attributes()).toMatchObject({ condition: 'system-shutdown' });
    expect(bench.upstream.stream.closed).toBe(true);
    expect(await bench.create().attributes()).toMatchObject({ condition: 'system-shutdown' });
  });
});

describe('the readings', () => {
  it('count what there is', async () => {
    const bench = new ManagerBench({}, new ScriptedUpstream());
    bench.create();
    expect(bench.manager.readings()).toEqual({
      ...{ sessions: 1, held: 1, buffered: 0, streams: 1, requests: 1, created: 1 },
      ...{ ended: {}, refused: {} },
    });
  });
});
