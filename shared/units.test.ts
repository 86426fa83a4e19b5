import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCounted,
  formatDuration,
  formatInstant,
  formatRemaining,
} from './units.ts';

describe('formatDuration', () => {
  it.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [0.42, '0.4 ms'],
    [4, '4 ms'],
    [3.7, '3.7 ms'],
    [38.4, '38 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [3_240, '3.2 s'],
    [9_960, '10 s'],
    [49_000, '49 s'],
    [59_900, '60 s'],
    [119_400, '119 s'],
    [120_000, '2 min'],
    [125_000, '2 min 5 s'],
    [11_520_000, '3 h 12 min'],
    [7_200_000, '2 h'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe('formatRemaining', () => {
  it('rounds up, so that 0 means over', () => {
    expect(formatRemaining(1)).toBe('1 s');
    expect(formatRemaining(48_001)).toBe('49 s');
    expect(formatRemaining(90_000)).toBe('90 s');
    expect(formatRemaining(125_000)).toBe('2 min 5 s');
    expect(formatRemaining(0)).toBe('0 s');
    expect(formatRemaining(-1)).toBe('0 s');
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1.0 KB'],
    [1_240, '1.2 KB'],
    [48_200, '48 KB'],
    [999_600, '1.0 MB'],
    [3_400_000, '3.4 MB'],
    [12_000_000_000, '12 GB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatCounted', () => {
  it('agrees in number', () => {
    expect(formatCounted(0, 'request')).toBe('0 requests');
    expect(formatCounted(1, 'request')).toBe('1 request');
    expect(formatCounted(1_200, 'request')).toBe('1,200 requests');
  });
});

describe('formatInstant', () => {
  it('is ISO 8601 in UTC, and says where a moment is none', () => {
    expect(formatInstant(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(formatInstant(Number.NaN)).toBe('unknown');
    expect(formatInstant(1e18)).toBe('unknown');
  });
});
