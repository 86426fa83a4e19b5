import { beforeEach, describe, expect, it, vi } from 'vitest';
import { problemOf } from '../../shared/problem.ts';
import type { ProxyQuestion } from '../../shared/proxy.ts';
import type { Log } from './log.ts';
import { ProxyKeyRing } from './proxy-key-ring.ts';
import { testSecrets } from './testing/opened-host.ts';

const office = { scheme: 'http', host: 'proxy.example', port: 3128 } as const;
const hotel = { scheme: 'https', host: 'other.example', port: 443 } as const;
const asks = { proxy: office, realm: 'Office', scheme: 'basic' };
const me = { username: 'me', password: 'secret' };

describe('what proxies want to hear', () => {
  let kept: Map<string, string>;
  let shown: (ProxyQuestion | undefined)[];
  let answers: number;
  let keptProxies: readonly string[];
  let lines: string[];
  let ring: ProxyKeyRing;

  function open(log: Log = (line) => lines.push(line)): ProxyKeyRing {
    return new ProxyKeyRing({
      kept: {
        list: async () => [...kept.keys()],
        get: async (proxy) => kept.get(proxy),
        put: async (proxy, sealed) => void kept.set(proxy, sealed),
        remove: async (proxy) => void kept.delete(proxy),
      },
      secrets: testSecrets,
      onQuestion: (question) => shown.push(question),
      onKept: (proxies) => {
        keptProxies = proxies;
      },
      onAnswer: () => {
        answers += 1;
      },
      log,
    });
  }

  beforeEach(() => {
    [kept, shown, answers, lines, keptProxies] = [new Map(), [], 0, [], []];
    ring = open();
  });

  const waiting = () => shown.at(-1);
  const answer = (credentials = me, keep = false) =>
    ring.answer(waiting()?.id ?? '', credentials, keep);

  it('is asked of the person once, with the proxy and its realm', async () => {
    ring.ask(asks);
    ring.ask(asks);
    expect(shown).toEqual([{ ...asks, id: expect.any(String) }]);
    await answer();
    expect(waiting()).toBeUndefined();
    expect(answers).toBe(1);
    expect(await ring.find(office)).toEqual(me);
    expect(await ring.find(hotel)).toBeUndefined();
  });

  it('is asked one proxy after the other', async () => {
    ring.ask(asks);
    ring.ask({ proxy: hotel, scheme: 'digest' });
    expect(shown).toHaveLength(1);
    await answer();
    expect(waiting()).toMatchObject({ proxy: hotel });
  });

  it('is forgotten with this process unless the person wants it kept', async () => {
    ring.ask(asks);
    await answer(me, false);
    expect(await open().find(office)).toBeUndefined();
    ring.ask(asks, await ring.find(office));
    await answer(me, true);
    expect(await open().find(office)).toEqual(me);
    expect([...kept.keys()]).toEqual(['http://proxy.example:3128']);
    expect(JSON.stringify([...kept.values()])).not.toContain('secret');
  });

  it('is the same object until somebody says it anew', async () => {
    ring.ask(asks);
    await answer(me, true);
    const later = open();
    const [one, two] = await Promise.all([later.find(office), later.find(office)]);
    expect(one).toBe(two);
  });

  it('is forgotten and asked again, with the name, where the proxy refuses it', async () => {
    ring.ask(asks);
    await answer(me, true);
    const refused = await ring.find(office);
    ring.ask(asks, refused);
    expect(waiting()).toMatchObject({ refused: 'me' });
    expect(await ring.find(office)).toBeUndefined();
    await vi.waitFor(() => expect(kept.size).toBe(0));
    // The other connection was refused the same.
    ring.ask(asks, refused);
    expect(shown).toHaveLength(3);
  });

  it('is not asked where somebody has said it while the question was on its way', async () => {
    ring.ask(asks);
    await answer();
    ring.ask(asks);
    ring.ask(asks, { ...me, password: 'an old one' });
    expect(waiting()).toBeUndefined();
    expect(await ring.find(office)).toEqual(me);
  });

  it('is not asked again where the person declined, until they try by themselves', () => {
    ring.ask(asks);
    ring.decline(waiting()?.id ?? '');
    ring.ask(asks);
    expect(waiting()).toBeUndefined();
    expect(answers).toBe(0);
    ring.reconsider();
    ring.ask(asks);
    expect(waiting()).toMatchObject(asks);
  });

  it('is said once: a second answer is refused', async () => {
    ring.ask(asks);
    const { id = '' } = waiting() ?? {};
    await answer();
    const error = await ring.answer(id, me, false).catch((thrown: unknown) => thrown);
    expect(problemOf(error).code).toBe('input.no-proxy-question');
    expect(() => ring.decline(id)).toThrow();
  });

  it('is told of while it is kept, and forgotten where the person wants that', async () => {
    ring.ask(asks);
    await answer(me, true);
    expect(keptProxies).toEqual(['http://proxy.example:3128']);
    await ring.forget('http://proxy.example:3128');
    expect(keptProxies).toEqual([]);
    expect(await ring.find(office)).toBeUndefined();
  });

  it('is asked again where what was kept cannot be read', async () => {
    kept.set('http://proxy.example:3128', 'not sealed by us');
    expect(await ring.find(office)).toBeUndefined();
  });

  it('is in no log', async () => {
    ring.ask(asks);
    await answer(me, true);
    ring.ask(asks, await ring.find(office));
    expect(lines.join('\n')).toContain('http://proxy.example:3128 asks for basic');
    expect(lines.join('\n')).not.toMatch(/secret|\bme\b/);
  });
});
