import { describe, expect, it } from 'vitest';
import { table } from '../table.ts';
import { type Figures, percentile, ratios } from './figures.ts';

const figures: Figures = {
  p50: 2,
  p95: 4,
  p99: 8,
  burst: 1000,
  senderSent: 100,
  senderReceived: 100,
  receiverSent: 100,
  receiverReceived: 100,
  bytes: 400,
};

describe('the figures of the benchmark', () => {
  it('take the nearest rank as the percentile', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('compare one kind of client with another', () => {
    expect(ratios(figures, { ...figures, p50: 1, burst: 2000 })).toMatchObject({
      p50: 2,
      p95: 1,
      burst: 0.5,
    });
  });

  it('stand in columns, names to the left and numbers to the right', () => {
    expect(
      table([
        ['', 'ms'],
        ['Holdfast', '2'],
        ['TCP', '1.25'],
      ]),
    ).toBe('            ms\nHoldfast     2\nTCP       1.25');
  });
});
