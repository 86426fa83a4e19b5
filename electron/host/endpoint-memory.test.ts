import { describe, expect, it } from 'vitest';
import type { EndpointsRepository, StoredVerdict } from '../store/store.ts';
import { EndpointMemory } from './endpoint-memory.ts';

const HERE = 'https://here/bosh';

function setUp(endpoints?: EndpointsRepository) {
  const kept = new Map<string, StoredVerdict>();
  const log: string[] = [];
  const memory = new EndpointMemory({
    accountId: 'a',
    endpoints: endpoints ?? {
      verdicts: async (_account, url) =>
        [...kept].filter(([key]) => key.startsWith(url)).map(([, verdict]) => verdict),
      decide: async (_account, url, verdict) => {
        kept.set(`${url} ${verdict.feature}`, verdict);
      },
    },
    log: (line) => log.push(line),
    now: () => 1_000,
  });
  return { memory, log };
}

const silent = { works: false, at: 1_000, reason: 'no answer within 5 s', fingerprint: 'f' };

describe('what is known of an endpoint', () => {
  it('is what was learned there, and nothing of another', async () => {
    const { memory, log } = setUp();
    memory.learn(HERE, 'sasl2', silent);
    expect((await memory.recall(HERE)).sasl2).toMatchObject(silent);
    expect(await memory.recall('https://there/bosh')).toEqual({});
    expect(log).toEqual(['sasl2 does not work here: no answer within 5 s']);
  });

  it('is no reason to stop where it cannot be kept', async () => {
    const { memory, log } = setUp({
      verdicts: async () => [],
      decide: () => Promise.reject(new Error('disk full')),
    });
    memory.learn(HERE, 'fast', silent);
    await memory.recall(HERE);
    expect(log.at(-1)).toBe('the verdict on fast was not kept');
  });
});
