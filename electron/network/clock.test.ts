import { describe, expect, it } from 'vitest';
import { problemOf } from '../../shared/problem.ts';
import { systemClock, within } from './clock.ts';
import { createManualClock } from './testing/manual-clock.ts';

const { signal } = new AbortController();
const untilAborted = (stop: AbortSignal) =>
  new Promise<never>((_, reject) => {
    stop.addEventListener('abort', () => reject(new Error('aborted')));
  });

describe('within', () => {
  it('hands over what the work brings', async () => {
    expect(await within(10, createManualClock(), signal, async () => 7)).toBe(7);
  });

  it('stops the work when the time is over, and says so', async () => {
    const clock = createManualClock();
    const work = within(1_000, clock, signal, untilAborted).catch(problemOf);
    clock.advance(999);
    clock.advance(1);
    expect(await work).toMatchObject({ code: 'network.timeout', detail: 'after 1000 ms' });
  });

  it('stops the work when it is called off, which is no timeout', async () => {
    const stop = new AbortController();
    const work = within(1_000, createManualClock(), stop.signal, untilAborted);
    stop.abort();
    await expect(work).rejects.toThrow('aborted');
  });

  it('leaves the work’s own failure as it is', async () => {
    const failing = within(1_000, systemClock, signal, async () => {
      throw new Error('its own');
    });
    await expect(failing).rejects.toThrow('its own');
  });
});
