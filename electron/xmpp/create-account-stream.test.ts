/** Signing in, resuming and falling back, against a domain in memory that speaks as the specifications say. */
import xml from '@xmpp/xml';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryJournal, type MemoryJournal } from '../bosh/client/testing/memory-journal.ts';
import type { AccountStream, AccountStreamOptions } from './account-stream.ts';
import { createAccountStream } from './create-account-stream.ts';
import type { LostStream } from './extensions/stream-management.ts';
import type { StreamJournal, StreamStart } from './stream-journal.ts';
import { PASSWORD, ScriptedDomain } from './testing/scripted-domain.ts';
import type { TriedFeature, Verdict } from './verdict.ts';
import type { FastToken } from './xmpp-client.ts';

const JID = 'juliet@domain.example';

let domain: ScriptedDomain;
let streams: AccountStream[];
beforeEach(() => {
  domain = new ScriptedDomain();
  streams = [];
});
afterEach(async () => {
  await Promise.all(streams.map((stream) => stream.detach()));
  vi.useRealTimers();
});

/** From now on timers run as ever, and can be hurried. */
function holdTheClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
}

/** Once the server has this request, which it leaves without an answer, the time for it passes. */
async function timePassesOn(request: string): Promise<void> {
  await domain.until(() => domain.requests.some(({ name }) => name === request));
  vi.advanceTimersByTime(5_000);
}

interface Attempt {
  readonly stream: AccountStream;
  readonly journal: MemoryJournal;
  /** What the session began with. */
  readonly starts: StreamStart[];
  /** What the server said it has handled. */
  readonly acknowledged: number[];
  /** For each session that ended, whether it was closed in order. */
  readonly closed: (boolean | undefined)[];
  /** Stanzas that were told processed. */
  readonly processed: { rid: number; stanzas: number | undefined }[];
  readonly verdicts: Map<TriedFeature, Verdict>;
  readonly tokens: (FastToken | undefined)[];
  /** Bodies, in the order they came. */
  readonly heard: string[];
  hears(body: string): Promise<void>;
}

function signIn(options: Partial<AccountStreamOptions> = {}): Attempt {
  const memory = createMemoryJournal();
  const starts: StreamStart[] = [];
  const processed: Attempt['processed'] = [];
  const acknowledged: number[] = [];
  const closed: Attempt['closed'] = [];
  const journal: StreamJournal = {
    ...memory,
    begin(record, start = {}) {
      starts.push(start);
      return memory.begin(record);
    },
    acknowledged: (handled) => acknowledged.push(handled),
    end(isClosed) {
      closed.push(isClosed);
      return memory.end();
    },
    processed(rid, stanzas) {
      processed.push({ rid, stanzas });
      return memory.processed(rid);
    },
  };
  const verdicts = new Map<TriedFeature, Verdict>();
  const tokens: (FastToken | undefined)[] = [];
  const stream = createAccountStream({
    ...{ jid: JID, password: PASSWORD, resource: 'Holdfast.1', reason: 'test', journal },
    ...{ endpoint: 'https://domain.example/http-bind', http: domain.manager },
    onVerdict: (feature, verdict) => verdicts.set(feature, verdict),
    onToken: (token) => tokens.push(token),
    ...options,
  });
  streams.push(stream);
  const heard: string[] = [];
  const waiting = new Map<string, () => void>();
  stream.onStanza((stanza) => {
    const body = stanza.is('message') ? stanza.getChildText('body') : null;
    if (body === null) return;
    heard.push(body);
    waiting.get(body)?.();
  });
  stream.start();
  return {
    ...{
      stream,
      journal: memory,
      starts,
      processed,
      acknowledged,
      closed,
      verdicts,
      tokens,
      heard,
    },
    hears: (body) =>
      heard.includes(body)
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.set(body, resolve);
          }),
  };
}

async function ready(options?: Partial<AccountStreamOptions>): Promise<Attempt> {
  const attempt = signIn(options);
  await attempt.stream.ready;
  return attempt;
}

const rungOf = ({ stream }: Attempt) => stream.health().rung?.name;
const requestNames = () => domain.requests.map(({ name }) => name);
const verdictsOf = ({ verdicts }: Attempt) =>
  Object.fromEntries([...verdicts].map(([feature, { works }]) => [feature, works]));
const chat = (body: string) =>
  xml('message', { to: 'romeo@domain.example', type: 'chat', id: body }, xml('body', {}, body));
const nextTurns = async (turns: number) => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('signing in', () => {
  it('goes by SASL where nothing else is offered', async () => {
    const attempt = await ready();
    expect(attempt.stream.jid).toBe(`${JID}/Holdfast.1`);
    expect(rungOf(attempt)).toBe('login');
    expect(requestNames()).toEqual(['auth', 'response']);
    expect(attempt.starts).toEqual([{}]);
  });

  it('says who asks, so that the server can offer what this account may use', async () => {
    await ready();
    expect(domain.manager.requests[0]).toContain(`from='${JID}'`);
  });

  it('believes no server that does not prove that it knows the password', async () => {
    domain.provesNothing = true;
    await expect(signIn().stream.ready).rejects.toMatchObject({
      problem: { code: 'server.unproven' },
    });
  });

  it('signs out with presence that wants no answer', async () => {
    const { stream } = await ready();
    await stream.terminate();
    expect(domain.manager.requests.at(-1)).toMatch(
      /^<body [^>]*type='terminate'[^>]*><presence [^>]*type="unavailable"[^>]*\/><\/body>$/u,
    );
  });

  it('asks for a polling session where it is told to', async () => {
    await ready({ polling: true });
    expect(domain.manager.requests[0]).toContain("wait='0'");
  });
});

describe('letting go', () => {
  const paused = () => domain.manager.requests.some((request) => request.includes(" pause='120'"));

  it('asks the manager to keep the session as long as it would, and waits for no answer', async () => {
    const { stream } = await ready();
    await stream.detach();
    expect(paused()).toBe(true);
  });

  it('asks for no pause that is shorter than the silence that is allowed anyway', async () => {
    domain.manager.granted = { ...domain.manager.granted, inactivity: '120' };
    const { stream } = await ready();
    await stream.detach();
    expect(paused()).toBe(false);
  });

  it('asks for none where there is no session yet', async () => {
    const { stream } = signIn();
    await stream.detach();
    expect(paused()).toBe(false);
  });
});

describe('SASL2 with Bind 2 (XEP-0388, XEP-0386)', () => {
  beforeEach(() => {
    domain.offers.sasl2 = true;
  });

  it('signs in and binds without a restart', async () => {
    const attempt = await ready({ agentId: '0b0e5b1c-94c9-4f0e-8d7a-64ac2d5a6f11' });
    expect(attempt.stream.jid).toBe(`${JID}/Holdfast.1/from-the-server`);
    expect(requestNames()).toEqual(['authenticate', 'response']);
    expect(domain.manager.requests.join('')).not.toContain('xmpp:restart');
    const agent = domain.requests[0]?.getChild('user-agent');
    expect(agent?.attrs.id).toBe('0b0e5b1c-94c9-4f0e-8d7a-64ac2d5a6f11');
    expect(agent?.getChildText('software')).toBe('Holdfast');
    expect(verdictsOf(attempt)).toEqual({ sasl2: true });
    expect(rungOf(attempt)).toBe('login');
  });

  it('knows the features that follow, and binds nothing twice', async () => {
    const attempt = await ready();
    expect(attempt.stream.features).toBeDefined();
    expect(domain.manager.requests.join('')).not.toContain('urn:ietf:params:xml:ns:xmpp-bind');
  });

  it('binds as before where the server has no Bind 2', async () => {
    domain.offers.bind2 = false;
    const attempt = await ready();
    expect(attempt.stream.jid).toBe(`${JID}/Holdfast.1`);
    expect(requestNames()).toEqual(['authenticate', 'response']);
    expect(verdictsOf(attempt)).toEqual({ sasl2: true });
  });

  it('believes no server that does not prove that it knows the password', async () => {
    domain.provesNothing = true;
    await expect(signIn().stream.ready).rejects.toMatchObject({
      problem: { code: 'server.unproven' },
    });
  });

  it('tells a wrong password from a way that does not work', async () => {
    const attempt = signIn({ password: 'wrong' });
    await expect(attempt.stream.ready).rejects.toMatchObject({
      problem: { code: 'server.not-authorized', retry: 'never' },
    });
    expect(attempt.verdicts.size).toBe(0);
  });

  it('gives up where it is not answered, and does without it the next time', async () => {
    holdTheClock();
    domain.silentOn = 'authenticate';
    const first = signIn();
    await timePassesOn('authenticate');
    await expect(first.stream.ready).rejects.toMatchObject({
      problem: {
        code: 'server.feature-silent',
        retry: 'now',
        detail: expect.stringContaining('5 s'),
      },
    });
    const [verdict] = first.verdicts.values();
    expect(verdict).toMatchObject({ works: false, reason: 'no answer within 5 s' });
    domain.requests.length = 0;
    await ready({ verdicts: Object.fromEntries(first.verdicts) });
    expect(requestNames()).toEqual(['auth', 'response']);
  });

  it('gives up at once where it ends the session', async () => {
    domain.crashesOn = 'authenticate';
    const attempt = signIn();
    await expect(attempt.stream.ended).resolves.toMatchObject({ code: 'server.feature-silent' });
    expect(verdictsOf(attempt)).toEqual({ sasl2: false });
  });

  it('is tried again where the endpoint looks different, or a week has passed', async () => {
    domain.crashesOn = 'authenticate';
    const first = signIn();
    await first.stream.ended;
    domain.crashesOn = undefined;
    const verdicts = Object.fromEntries(first.verdicts);
    const week = 7 * 24 * 60 * 60 * 1000 + 1;
    const old = { ...first.verdicts.get('sasl2'), at: Date.now() - week } as Verdict;
    domain.requests.length = 0;
    await ready({ verdicts: { sasl2: old } });
    domain.manager.granted = { ...domain.manager.granted, ver: '1.12' };
    await ready({ verdicts });
    expect(requestNames()).toEqual(['authenticate', 'response', 'authenticate', 'response']);
  });

  it('is tried, whatever was seen, where there is no other way in', async () => {
    domain.offers.sasl = false;
    domain.crashesOn = 'authenticate';
    const first = signIn();
    await expect(first.stream.ended).resolves.toMatchObject({
      code: 'endpoint.internal-server-error',
    });
    domain.crashesOn = undefined;
    const again = await ready({ verdicts: Object.fromEntries(first.verdicts) });
    expect(verdictsOf(again)).toEqual({ sasl2: true });
  });

  it('learns nothing from a network that is down', async () => {
    const attempt = signIn();
    await domain.until(() => domain.requests.length > 0);
    domain.manager.unreachable = true;
    await attempt.stream.detach();
    expect(attempt.verdicts.size).toBe(0);
  });
});

describe('a token (XEP-0484)', () => {
  beforeEach(() => {
    domain.offers.sasl2 = true;
  });

  async function token(): Promise<FastToken> {
    const { tokens } = await ready();
    const given = tokens.at(-1);
    if (!given) throw new Error('no token was given');
    domain.requests.length = 0;
    return given;
  }

  it('is asked for, and given for next time', async () => {
    const { mechanism, expiry } = await token();
    expect(mechanism).toBe('HT-SHA-256-NONE');
    expect(Date.parse(expiry)).toBeGreaterThan(Date.now());
  });

  it('takes the place of the password in one round trip', async () => {
    const attempt = await ready({ token: await token(), password: 'not needed' });
    expect(requestNames()).toEqual(['authenticate']);
    expect(domain.requests[0]?.getChild('fast')).toBeDefined();
    expect(rungOf(attempt)).toBe('fast');
    expect(verdictsOf(attempt)).toEqual({ fast: true, sasl2: true });
  });

  it('gives way to the password where it is refused, and is asked for anew', async () => {
    const old = await token();
    domain.tokens.clear();
    const attempt = await ready({ token: old });
    expect(requestNames()).toEqual(['authenticate', 'authenticate', 'response']);
    expect(rungOf(attempt)).toBe('login');
    expect(attempt.tokens[0]).toBeUndefined();
    expect(attempt.tokens.at(-1)?.token).not.toBe(old.token);
  });

  it('is not shown to a server that offers no tokens', async () => {
    const given = await token();
    domain.offers.fast = false;
    const attempt = await ready({ token: given });
    expect(domain.requests.join('')).not.toContain('urn:xmpp:fast:0');
    expect(rungOf(attempt)).toBe('login');
  });

  it('must be known to the server too', async () => {
    const given = await token();
    domain.provesNothing = true;
    await expect(signIn({ token: given }).stream.ready).rejects.toMatchObject({
      problem: { code: 'server.unproven' },
    });
  });

  it('alone is to blame where SASL2 is known to work', async () => {
    const { verdicts, tokens } = await ready();
    domain.crashesOn = 'authenticate';
    const given = tokens.at(-1);
    const attempt = signIn({
      verdicts: Object.fromEntries(verdicts),
      ...(given && { token: given }),
    });
    await attempt.stream.ended;
    expect(verdictsOf(attempt)).toEqual({ fast: false });
  });
});

describe.each([
  ['after SASL', false],
  ['inline in SASL2', true],
])('stream management (XEP-0198), %s', (_how, sasl2) => {
  beforeEach(() => {
    domain.offers.management = true;
    domain.offers.sasl2 = sasl2;
  });

  /** What the host would have kept of the stream of this attempt. */
  function lostStream(
    { stream, starts }: Attempt,
    counts: Pick<LostStream, 'received' | 'sent'>,
    ...last: string[]
  ): NonNullable<AccountStreamOptions['lost']> {
    const kept = starts.at(-1)?.stream;
    if (!kept) throw new Error('no stream was kept');
    return {
      ...{ id: kept.id, maxMs: kept.maxMs, jid: stream.jid, ...counts, unprocessed: [] },
      last: last.map((body, index) => ({
        ...{ stanza: chat(body), messageId: body },
        number: counts.sent - last.length + 1 + index,
      })),
    };
  }

  it('is enabled, and what it takes to resume goes to the journal with the session', async () => {
    const { starts } = await ready();
    expect(starts).toEqual([
      {
        stream: {
          ...{ id: expect.stringContaining('secret'), maxMs: 300_000 },
          ...{ isResumed: false, sent: 0 },
        },
      },
    ]);
    const elements = domain.requests.map(String).join('');
    expect(elements).toContain('<enable xmlns="urn:xmpp:sm:3" resume="true"/>');
  });

  it('is left alone where the manager is known to crash on it', async () => {
    const { maxpause: _, 'xmpp:restartlogic': __, ...granted } = domain.manager.granted;
    domain.manager.granted = { ...granted, ver: '1.6', authid: 'x' };
    const { starts } = await ready();
    expect(starts).toEqual([{}]);
    expect(domain.requests.join('')).not.toContain('urn:xmpp:sm:3');
  });

  it('is used through a manager that acknowledges, whatever server is behind it', async () => {
    domain.manager.granted = { ...domain.manager.granted, ack: '1' };
    const { starts } = await ready();
    expect(starts[0]?.stream).toBeDefined();
  });

  it('is not asked for again where the server keeps no streams', async () => {
    domain.keepsNoStream = true;
    const first = await ready();
    expect(first.starts).toEqual([{}]);
    domain.requests.length = 0;
    await ready({ verdicts: Object.fromEntries(first.verdicts) });
    expect(domain.requests.join('')).not.toContain('urn:xmpp:sm:3');
  });

  it('asks with a message what the server has handled, and tells the journal', async () => {
    const { stream, acknowledged } = await ready();
    stream.send(xml('presence'));
    stream.send(chat('one'));
    stream.send(chat('two'));
    await vi.waitFor(() => expect(acknowledged).toHaveLength(1));
    // The presence and the message it was asked with.
    expect(acknowledged).toEqual([2]);
    expect(requestNames().filter((name) => name === 'r')).toHaveLength(1);
  });

  it('says of a session that ended whether its stream was closed in order', async () => {
    const one = await ready();
    await one.stream.terminate();
    const two = await ready();
    domain.loseSession();
    await two.stream.ended;
    expect([...one.closed, ...two.closed]).toEqual([true, false]);
  });

  it('counts the stanzas of each payload when it is processed', async () => {
    const { processed, hears } = await ready();
    domain.deliver('one');
    domain.deliver('two');
    await hears('two');
    await nextTurns(2);
    expect(processed.map(({ stanzas }) => stanzas)).toEqual([2]);
  });

  it('says how much came when it signs out, so that nothing is delivered again', async () => {
    const { stream, hears } = await ready();
    domain.deliver('one');
    await hears('one');
    expect(domain.unacknowledged).toBe(1);
    await stream.terminate();
    expect(domain.requests.at(-1)?.toString()).toBe('<a xmlns="urn:xmpp:sm:3" h="1"/>');
  });

  it('says after a re-attach how much came: the process before may have died before it answered', async () => {
    const first = await ready();
    domain.deliver('one');
    domain.ask();
    await first.hears('one');
    await nextTurns(2);
    await first.stream.detach();
    const record = first.journal.record();
    if (!record) throw new Error('no session was kept');
    await ready({ resume: { record, unprocessed: [], received: 1 } });
    await domain.until(() => requestNames().includes('a'));
    expect(domain.requests.at(-1)?.attrs.h).toBe('1');
  });

  it('resumes: what was not handled goes back, what was not received comes again', async () => {
    const first = await ready();
    first.stream.send(chat('a'));
    domain.deliver('one');
    await first.hears('one');
    await domain.until(() => domain.messages.includes('a'));
    domain.loseSession();
    await first.stream.ended;
    domain.deliver('two');
    const lost = lostStream(first, { received: 1, sent: 3 }, 'a', 'b', 'c');
    const second = await ready({ lost });
    await second.hears('two');
    expect(second.heard).toEqual(['two']);
    expect(second.stream.jid).toBe(first.stream.jid);
    expect(rungOf(second)).toBe('resume');
    expect(verdictsOf(second)).toMatchObject({ 'stream-management': true });
    expect(second.starts[0]).toMatchObject({
      ...{ arrived: ['a'], missing: ['b', 'c'] },
      stream: { isResumed: true, sent: 1, id: lost.id },
    });
    second.stream.send(chat('b'));
    await domain.until(() => domain.messages.includes('b'));
    expect(domain.messages).toEqual(['a', 'b']);
  });

  it('keeps what comes with the resumption before it is delivered', async () => {
    const first = await ready();
    domain.loseSession();
    await first.stream.ended;
    domain.deliver('one');
    domain.deliver('two');
    const { starts, processed, hears } = await ready({
      lost: lostStream(first, { received: 0, sent: 0 }),
    });
    await hears('two');
    await nextTurns(2);
    expect(starts[0]?.payload?.payload).toMatch(/one.*two/u);
    expect(starts[0]?.payload?.rid).toBeLessThan(0);
    expect(processed).toContainEqual({ rid: starts[0]?.payload?.rid, stanzas: 2 });
  });

  it('delivers first what the lost session left, which had counted already', async () => {
    const first = await ready();
    domain.deliver('one');
    await first.hears('one');
    domain.loseSession();
    await first.stream.ended;
    domain.deliver('two');
    const payload = `<message xmlns='jabber:client' from='${JID}'><body>one</body></message>`;
    const lost = {
      ...lostStream(first, { received: 1, sent: 0 }),
      unprocessed: [{ rid: 77, payload }],
    };
    const second = await ready({ lost });
    await second.hears('two');
    await nextTurns(2);
    expect(second.heard).toEqual(['one', 'two']);
    expect(second.processed).toContainEqual({ rid: 77, stanzas: 1 });
    await second.stream.terminate();
    expect(domain.requests.at(-1)?.attrs.h).toBe('2');
  });

  it('sends other stanzas again that did not arrive', async () => {
    const first = await ready();
    domain.loseSession();
    await first.stream.ended;
    const subscribe = xml('presence', { type: 'subscribe', to: 'romeo@domain.example' });
    const lost = {
      ...lostStream(first, { received: 0, sent: 1 }),
      last: [{ stanza: subscribe, number: 1 }],
    };
    await ready({ lost });
    await domain.until(() => domain.others.some(({ attrs }) => attrs.type === 'subscribe'));
  });

  it('is not resumed where the server has forgotten the stream', async () => {
    const first = await ready();
    domain.forgetStream();
    await first.stream.ended;
    const second = signIn({ lost: lostStream(first, { received: 0, sent: 0 }) });
    await expect(second.stream.ready).rejects.toMatchObject({
      problem: { code: 'server.not-resumed', retry: 'now' },
    });
    expect(second.starts).toEqual([]);
    expect(second.verdicts.get('stream-management')).toBeUndefined();
  });

  it('is not believed where the server counts otherwise than we do', async () => {
    const first = await ready();
    domain.loseSession();
    await first.stream.ended;
    domain.miscounts = 5;
    const second = signIn({ lost: lostStream(first, { received: 0, sent: 0 }) });
    await expect(second.stream.ready).rejects.toMatchObject({
      problem: { code: 'server.not-resumed' },
    });
    expect(second.verdicts.get('stream-management')).toMatchObject({
      works: false,
      reason: expect.stringContaining('between 0 and 0'),
    });
  });

  it('keeps nothing of the negotiation that could be used to sign in', async () => {
    const { journal } = await ready();
    const kept = JSON.stringify(journal.record()?.unanswered);
    expect(kept).not.toContain('authenticate');
    // A request to restart the stream may still be without an answer; it tells nothing.
    expect(kept).not.toMatch(/urn:(?!xmpp:xbosh)/u);
  });

  it('tells no SM-ID and no token', async () => {
    const logged: string[] = [];
    const first = await ready({ log: (line) => logged.push(line) });
    domain.loseSession();
    const ended = await first.stream.ended;
    const told = JSON.stringify([logged, ended, first.stream.health()]);
    expect(told).not.toContain('secret');
    for (const token of domain.tokens) expect(told).not.toContain(token);
  });
});

describe.each([
  ['is silent', 'silentOn'],
  ['ends the session', 'crashesOn'],
] as const)('stream management, where the server %s on it', (_how, does) => {
  beforeEach(() => {
    domain.offers.management = true;
    holdTheClock();
  });

  it('is done without the next time', async () => {
    domain[does] = 'enable';
    const first = signIn();
    if (does === 'silentOn') await timePassesOn('enable');
    await expect(first.stream.ready).rejects.toMatchObject({
      problem: { code: 'server.feature-silent', detail: expect.stringContaining('XEP-0198') },
    });
    await first.stream.ended;
    await ready({ verdicts: Object.fromEntries(first.verdicts) });
  });

  it('resumes nothing', async () => {
    const first = await ready();
    const { id = '', maxMs = 0 } = first.starts[0]?.stream ?? {};
    domain.loseSession();
    await first.stream.ended;
    domain[does] = 'resume';
    const lost = { id, maxMs, jid: first.stream.jid, received: 0, sent: 0 };
    const second = signIn({ lost: { ...lost, last: [], unprocessed: [] } });
    if (does === 'silentOn') await timePassesOn('resume');
    await expect(second.stream.ready).rejects.toMatchObject({
      problem: { code: 'server.feature-silent' },
    });
    await second.stream.ended;
    expect(verdictsOf(second)).toEqual({ 'stream-management': false });
  });
});
