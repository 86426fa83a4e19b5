import { describe, expect, it } from 'vitest';
import { describeDifferences, differences } from './differences.ts';

const expected = ['a', 'b', 'c', 'd'];

describe('the differences between what was sent and what has come', () => {
  it('are none where every message is there once and in order', () => {
    const found = differences(expected, expected);
    expect(found).toEqual({ lost: [], doubled: [], reordered: [] });
    expect(describeDifferences('peer', found)).toEqual([]);
  });

  it.each([
    ['lost', ['a', 'd'], { lost: ['b', 'c'], doubled: [], reordered: [] }],
    ['doubled', ['a', 'b', 'a', 'c', 'd', 'd'], { lost: [], doubled: ['a', 'd'], reordered: [] }],
    ['late', ['a', 'c', 'b', 'd'], { lost: [], doubled: [], reordered: ['b'] }],
    ['early', ['d', 'a', 'b', 'c'], { lost: [], doubled: [], reordered: ['a', 'b', 'c'] }],
    ['foreign', ['a', 'x', 'b', 'c', 'd'], { lost: [], doubled: [], reordered: ['x'] }],
  ])('name messages that are %s', (_what, actual, found) => {
    expect(differences(actual, expected)).toEqual(found);
  });

  it('are told with their number and the first few', () => {
    const many = Array.from({ length: 7 }, (_, index) => `m${index}`);
    expect(describeDifferences('peer', differences([], many))).toEqual([
      'peer: 7 lost (m0, m1, m2, m3, m4)',
    ]);
  });
});
