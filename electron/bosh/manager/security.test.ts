/**
 * Attacks on the manager over real HTTP: each is refused with a reason, its memory stays bounded, and a session
 * beside it goes on as if nothing had happened.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeBody } from '../protocol/body.ts';
import { KeySequence } from '../protocol/key-sequence.ts';
import { MANAGER_SERVER_OPTIONS } from './http-edge.ts';
import { echoUpstream } from './testing/scripted-upstream.ts';
import {
  afterwards,
  creation,
  endWithEachTest,
  ServedManager,
  type Wire,
} from './testing/served-manager.ts';

endWithEachTest();

const BODY = `<body xmlns='http://jabber.org/protocol/httpbind'`;
const MIB = 1024 * 1024;

const conditionOf = (text: string) => / condition='([^']+)'/u.exec(text)?.[1];

/** Somebody else's session, which no attack may touch. */
class Bystander {
  readonly #world: ServedManager;
  readonly #sid: string;
  #rid = 100;

  private constructor(world: ServedManager, sid: string) {
    this.#world = world;
    this.#sid = sid;
  }

  static async start(world: ServedManager): Promise<Bystander> {
    return new Bystander(world, await world.open());
  }

  /** Sends a stanza and has it back. */
  async expectUnharmed(): Promise<void> {
    this.#rid += 1;
    const stanza = `<n>${this.#rid}</n>`;
    const { text } = await this.#world.post(encodeBody({ sid: this.#sid, rid: this.#rid }, stanza));
    expect(text).toContain(stanza);
  }
}

async function attacked(
  options: Parameters<typeof ServedManager.start>[0] = {},
): Promise<{ world: ServedManager; bystander: Bystander }> {
  const world = await ServedManager.start(options);
  return { world, bystander: await Bystander.start(world) };
}

describe('guessing a sid', () => {
  it('finds nothing, and every wrong guess looks the same', async () => {
    const { world, bystander } = await attacked();
    const sid = await world.open();
    const last = sid.endsWith('A') ? 'E' : 'A';
    const guesses = [
      ...[sid.slice(0, -1) + last, sid.slice(0, -1), `${sid}A`, sid.toLowerCase(), '', ' '],
      ...[`${sid} `, '__proto__', 'constructor', '%00', `${sid}&#0;`, 'x'.repeat(5_000)],
    ].filter((guess) => guess !== sid);
    const wire = await world.connect();
    for (let count = 0; count < 500; count += 1) {
      guesses.push(Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url'));
    }
    const answers = new Set<string>();
    for (const guess of guesses) {
      wire.post(encodeBody({ rid: 101, sid: guess, type: 'terminate' }, ''));
      const { status, text } = await wire.next();
      expect(status).toBe(200);
      answers.add(conditionOf(text) ?? text);
    }
    expect([...answers].sort()).toEqual(['bad-request', 'item-not-found']);
    await bystander.expectUnharmed();
    const { text } = await world.post(encodeBody({ sid, rid: 101 }, '<a/>'));
    expect(text).toContain('<a/>');
  });
});

describe('guessing on and on', () => {
  it('is not listened to any more, from that address, for a while', async () => {
    const world = await ServedManager.start(
      { limits: { refusalsPerMinute: 50 } },
      { peerOf: ({ headers }) => ({ address: String(headers['x-from'] ?? 'a'), secure: false }) },
    );
    const bystander = await Bystander.start(world);
    const statuses: number[] = [];
    for (let count = 0; count < 60; count += 1) {
      const guess = encodeBody({ rid: 101, sid: `guess${count}` }, '');
      const { status, headers } = await world.post(guess, { 'X-From': '203.0.113.9' });
      statuses.push(status);
      if (status === 429) expect(headers['retry-after']).toBe('60');
    }
    expect(statuses).toEqual([...Array(51).fill(200), ...Array(9).fill(429)]);
    await bystander.expectUnharmed();
  });
});

describe('a request put into a session from another connection', () => {
  it('by somebody who saw the sid and the rid is refused for want of the key, and nothing of it is sent', async () => {
    const upstream = echoUpstream();
    const { world, bystander } = await attacked({ upstream });
    const keys = new KeySequence('secret', 100);
    const sid = await world.open({ ...keys.attributesOf(100) });
    const victim = upstream.stream;
    await world.post(encodeBody({ sid, rid: 101, ...keys.attributesOf(101) }, '<mine/>'));
    const seen = keys.attributesOf(101);
    const injected = encodeBody({ sid, rid: 102, ...seen }, '<evil/>');
    expect(conditionOf((await world.post(injected)).text)).toBe('item-not-found');
    expect(victim.written).toEqual(['<mine/>']);
    await bystander.expectUnharmed();
  });

  it('over plain HTTP is cut where the session was begun over TLS', async () => {
    const upstream = echoUpstream();
    const world = await ServedManager.start(
      { upstream },
      {
        peerOf: ({ headers }) => ({
          address: '192.0.2.1',
          secure: headers['x-forwarded-proto'] === 'https',
        }),
      },
    );
    const { text } = await world.post(creation(), { 'X-Forwarded-Proto': 'https' });
    const sid = / sid='([^']+)'/u.exec(text)?.[1];
    const attack = world.post(encodeBody({ sid, rid: 101 }, '<evil/>'));
    await expect(attack).rejects.toThrow('closed without an answer');
    const mine = encodeBody({ sid, rid: 101 }, '<mine/>');
    expect((await world.post(mine, { 'X-Forwarded-Proto': 'https' })).text).toContain('<mine/>');
    expect(upstream.stream.written).toEqual(['<mine/>']);
  });

  it('with a rid far away ends that session and no other', async () => {
    const { world, bystander } = await attacked();
    const sid = await world.open();
    const far = await world.post(encodeBody({ sid, rid: 5_000 }, '<evil/>'));
    expect(conditionOf(far.text)).toBe('item-not-found');
    await bystander.expectUnharmed();
  });
});

describe('a rid sent again with other bytes', () => {
  it('gets neither the answer nor the place of the request it copies', async () => {
    const upstream = echoUpstream();
    const { world, bystander } = await attacked({ upstream });
    const sid = await world.open();
    const victim = upstream.stream;
    const mine = encodeBody({ sid, rid: 101 }, '<secret/>');
    expect((await world.post(mine)).text).toContain('<secret/>');
    const answered = await world.post(encodeBody({ sid, rid: 101 }, '<evil/>'));
    expect(conditionOf(answered.text)).toBe('bad-request');
    expect(answered.text).not.toContain('secret');
    const holder = await world.connect();
    holder.post(encodeBody({ sid, rid: 102 }, ''));
    while (world.manager.readings().held === 0) await new Promise(setImmediate);
    const held = await world.post(encodeBody({ sid, rid: 102 }, '<evil/>'));
    expect(conditionOf(held.text)).toBe('bad-request');
    victim.listener.onElement('<news/>');
    expect((await holder.next()).text).toContain('<news/>');
    expect(victim.written).toEqual(['<secret/>']);
    await bystander.expectUnharmed();
  });
});

describe('a flood', () => {
  it('of new sessions stops at the limit of its address', async () => {
    const world = await ServedManager.start(
      { limits: { sessionsPerAddress: 20, creationsPerMinute: 1_000 } },
      { peerOf: ({ headers }) => ({ address: String(headers['x-from'] ?? 'a'), secure: false }) },
    );
    const bystander = await Bystander.start(world);
    const wire = await world.connect();
    const refused = new Set<string | undefined>();
    for (let count = 0; count < 200; count += 1) {
      wire.post(creation(), { 'X-From': '203.0.113.9' });
      const { text } = await wire.next();
      if (!text.includes(`sid='`)) refused.add(conditionOf(text));
    }
    expect([...refused]).toEqual(['policy-violation']);
    expect(world.manager.readings().sessions).toBe(21);
    await bystander.expectUnharmed();
  });

  it('of requests ends its own session as a violation', async () => {
    const { world, bystander } = await attacked({ limits: { requestsPerSecond: 20 } });
    const sid = await world.open();
    const wire = await world.connect();
    let condition: string | undefined;
    for (let rid = 101; rid < 400 && condition === undefined; rid += 1) {
      wire.post(encodeBody({ sid, rid }, '<a/>'));
      condition = conditionOf((await wire.next()).text);
    }
    expect(condition).toBe('policy-violation');
    await bystander.expectUnharmed();
  });

  it('of copies of a long answer ends its own session as a violation', async () => {
    const { world, bystander } = await attacked({ limits: { requestsPerSecond: 100 } });
    const sid = await world.open();
    const wire = await world.connect();
    const body = encodeBody({ sid, rid: 101 }, `<a>${'x'.repeat(200_000)}</a>`);
    let condition: string | undefined;
    for (let count = 0; count < 100 && condition === undefined; count += 1) {
      wire.post(body);
      condition = conditionOf((await wire.next()).text);
    }
    expect(condition).toBe('policy-violation');
    await bystander.expectUnharmed();
  });

  it('of answers nobody reads is cut, and they are kept for who does', async () => {
    const upstream = echoUpstream();
    const { world, bystander } = await attacked({
      upstream,
      limits: { unsentBytes: 2 * MIB, requestsPerSecond: 100_000 },
    });
    const sid = await world.open();
    upstream.onWrite = ({ listener }, xml) =>
      listener.onElement(xml === '<long/>' ? `<a>${'x'.repeat(200_000)}</a>` : xml);
    const body = encodeBody({ sid, rid: 101 }, '<long/>');
    const { text } = await world.post(body);
    const wire = await world.connect();
    const [served] = await Promise.all([
      new Promise<Socket>((resolve) => {
        world.server.once('request', ({ socket }) => resolve(socket));
      }),
      wire.socket.pause(),
      ...Array.from({ length: 200 }, () => wire.post(body)),
    ]);
    if (!served.destroyed) await once(served, 'close');
    await bystander.expectUnharmed();
    expect((await world.post(body)).text).toBe(text);
  });

  it('of long texts for sessions that are none costs next to nothing', async () => {
    const { world, bystander } = await attacked();
    const wire = await world.connect();
    const elements = '<a b="c"/>'.repeat(90_000);
    for (const head of [`sid='unheard-of'`, '']) {
      wire.post(`${BODY} rid='1' ${head}>${elements}</body>`);
      expect(['item-not-found', 'bad-request']).toContain(conditionOf((await wire.next()).text));
    }
    await bystander.expectUnharmed();
  });
});

describe('a slow body', () => {
  it('is given up when its time is over', async () => {
    const { world, bystander } = await attacked({ limits: { bodySeconds: 0.2 } });
    const wires = await Promise.all(Array.from({ length: 50 }, () => world.connect()));
    for (const { socket } of wires) {
      socket.write('POST /http-bind HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n<body');
    }
    await bystander.expectUnharmed();
    for (const wire of wires) {
      const { text, headers } = await wire.next();
      expect(conditionOf(text)).toBe('bad-request');
      expect(headers.connection).toBe('close');
      await wire.closed;
    }
    await bystander.expectUnharmed();
  });

  it('whose head never ends is given up by the server, with the options for it', async () => {
    const server = createServer({
      ...MANAGER_SERVER_OPTIONS,
      ...{ headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 },
    });
    afterwards(() => server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('POST /http-bind HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('408');
    socket.destroy();
    expect(MANAGER_SERVER_OPTIONS.headersTimeout).toBeLessThanOrEqual(20_000);
    expect(MANAGER_SERVER_OPTIONS.requestTimeout).toBeLessThanOrEqual(60_000);
  });
});

describe('a giant body', () => {
  it('that says its length is refused before it comes', async () => {
    const { world, bystander } = await attacked();
    const wire = await world.connect();
    wire.socket.write(
      `POST /http-bind HTTP/1.1\r\nHost: x\r\nContent-Length: ${4_000 * MIB}\r\n\r\n<body`,
    );
    expect(conditionOf((await wire.next()).text)).toBe('bad-request');
    await bystander.expectUnharmed();
  });

  it('that is a little too long is refused, and its connection can be used again', async () => {
    const { world } = await attacked({ limits: { bodyBytes: 10_000 } });
    const wire = await world.connect();
    wire.post('x'.repeat(20_000));
    expect(conditionOf((await wire.next()).text)).toBe('bad-request');
    wire.post(creation());
    expect((await wire.next()).text).toContain(`sid='`);
  });

  it('without end is refused at the limit, thrown away for a while and cut', async () => {
    const { world, bystander } = await attacked({ limits: { bodyBytes: 100_000 } });
    const wire = await world.connect();
    wire.socket.write('POST /http-bind HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    let sent = 0;
    const more = (): void => {
      while (!wire.socket.destroyed && sent < 100 * MIB) {
        sent += 10_000;
        if (!wire.socket.write(`2710\r\n${'x'.repeat(10_000)}\r\n`)) return;
      }
    };
    wire.socket.on('drain', more);
    more();
    expect(conditionOf((await wire.next()).text)).toBe('bad-request');
    await wire.closed;
    expect(sent).toBeLessThan(50 * MIB);
    await bystander.expectUnharmed();
  });

  it('of which there are many makes room for the small ones of others', async () => {
    const { world, bystander } = await attacked({
      limits: { bodyBytes: MIB, incomingBytes: 4 * MIB },
    });
    const wires = await Promise.all(Array.from({ length: 12 }, () => world.connect()));
    for (const { socket } of wires) {
      socket.write(`POST /http-bind HTTP/1.1\r\nHost: x\r\nContent-Length: ${MIB}\r\n\r\n`);
      socket.write('x'.repeat(MIB - 10));
    }
    const busy = await Promise.any(wires.map((wire: Wire) => wire.next()));
    expect(busy.status).toBe(503);
    expect(busy.headers['retry-after']).toBe('2');
    await bystander.expectUnharmed();
  });

  it('that is small while it is compressed is refused at the limit', async () => {
    const details: string[] = [];
    const { world, bystander } = await attacked({
      onEvent: (event) => 'detail' in event && details.push(event.detail),
    });
    const bomb = gzipSync(Buffer.alloc(60 * MIB));
    expect(bomb.length).toBeLessThan(MIB);
    const { text } = await world.post(bomb, { 'Content-Encoding': 'gzip' });
    expect(conditionOf(text)).toBe('bad-request');
    expect(details).toEqual([`gzip: Cannot create a Buffer larger than ${MIB} bytes`]);
    await bystander.expectUnharmed();
  });
});

describe('hostile XML', () => {
  const laughs = Array.from(
    { length: 10 },
    (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
  ).join('');

  it.each([
    ['a billion laughs', `<!DOCTYPE b [<!ENTITY l0 "lol">${laughs}]>${BODY} rid='1'>&l10;</body>`],
    [
      'an external entity',
      `<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]>${BODY}>&x;</body>`,
    ],
    ['an external DTD', `<!DOCTYPE body SYSTEM "http://192.0.2.1/x.dtd">${BODY} rid='1'/>`],
    ['an unknown entity', `${BODY} rid='1'><a>&unheard-of;</a></body>`],
    ['elements nested deep', `${BODY} rid='1' sid='SID'>${'<a>'.repeat(50_000)}`],
    ['very many elements', `${BODY} rid='1' sid='SID'>${'<a/>'.repeat(100_000)}</body>`],
    [
      'very many attributes',
      `${BODY} rid='1' sid='SID'><a ${Array.from({ length: 10_000 }, (_, i) => `a${i}=''`).join(' ')}/></body>`,
    ],
    ['the same attribute twice', `${BODY} rid='1' sid='SID' sid='SID'><a/></body>`],
    ['a very long name', `${BODY} rid='1' sid='SID'><${'a'.repeat(900_000)}`],
    ['a comment', `${BODY} rid='1' sid='SID'><!-- x --></body>`],
    ['a processing instruction', `${BODY} rid='1' sid='SID'><?php x ?></body>`],
    ['a partial element', `${BODY} rid='1' sid='SID'><stream:stream></body>`],
    ['text of the body’s own', `${BODY} rid='1' sid='SID'>text</body>`],
    ['a null', `${BODY} rid='1' sid='SID'><a>\u0000</a></body>`],
    ['another root', `<html xmlns='http://jabber.org/protocol/httpbind' rid='1' sid='SID'/>`],
    ['another namespace', `<body xmlns='urn:x' rid='1' sid='SID'/>`],
    ['nothing', ''],
    ['no XML', 'rid=1&sid=SID'],
  ])('as %s is refused, and the session it names lives', async (_what, text) => {
    const { world, bystander } = await attacked();
    const sid = await world.open();
    const answer = await world.post(text.replaceAll('SID', sid));
    expect(answer.status).toBe(200);
    expect(conditionOf(answer.text)).toBe('bad-request');
    const { text: echo } = await world.post(encodeBody({ sid, rid: 101 }, '<a/>'));
    expect(echo).toContain('<a/>');
    await bystander.expectUnharmed();
  });
});

describe('what attackers leave behind', () => {
  it('is nothing: sessions, streams and memory are free again', async () => {
    const upstream = echoUpstream();
    const { world, bystander } = await attacked({
      upstream,
      limits: { sessionsPerAddress: 10_000, creationsPerMinute: 100_000 },
      terms: { inactivity: 1, polling: 0 },
    });
    const keepAlive = setInterval(() => bystander.expectUnharmed(), 300);
    afterwards(() => clearInterval(keepAlive));
    const wire = await world.connect();
    for (let count = 0; count < 300; count += 1) {
      wire.post(creation());
      await wire.next();
    }
    expect(world.manager.readings().sessions).toBe(301);
    while (world.manager.readings().sessions > 1) await new Promise((go) => setTimeout(go, 20));
    expect(world.manager.readings()).toMatchObject({ streams: 1, ended: { inactivity: 300 } });
    expect(upstream.streams.filter(({ closed }) => !closed)).toHaveLength(1);
  });
});
