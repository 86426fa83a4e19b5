import { beforeEach, describe, expect, it } from 'vitest';
import { EndpointPace } from './endpoint-pace.ts';

const HERE = 'https://here.example/bosh';

let now: number;
let pace: EndpointPace;

beforeEach(() => {
  now = 1_000_000;
  pace = new EndpointPace(() => now);
});

describe('accounts on one endpoint', () => {
  it('count a round of failures once, however many of them fail in it', () => {
    expect(pace.failed(HERE)).toBe(1);
    pace.pauseUntil(HERE, now + 2_000);
    now += 1_000;
    expect(pace.failed(HERE)).toBe(1);
    now += 1_000;
    expect(pace.failed(HERE)).toBe(2);
  });

  it('wait for as long as the longest of their pauses', () => {
    pace.failed(HERE);
    pace.pauseUntil(HERE, now + 2_000);
    pace.pauseUntil(HERE, now + 500);
    now += 1_000;
    expect(pace.failed(HERE)).toBe(1);
  });

  it('all go on as soon as it works for one, and begin to count anew', () => {
    const gone: string[] = [];
    pace.wait(HERE, () => gone.push('one'));
    const leave = pace.wait('https://here.example/other-path', () => gone.push('two'));
    pace.wait('https://there.example/bosh', () => gone.push('elsewhere'));
    pace.failed(HERE);
    pace.works(HERE);
    leave();
    pace.works(HERE);
    expect(gone).toEqual(['one', 'two', 'one']);
    expect(pace.failed(HERE)).toBe(1);
  });
});
