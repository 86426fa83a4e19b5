import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeySequence, newKeySecret } from './key-sequence.ts';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

describe('KeySequence', () => {
  it('begins with newkey alone, and every key hashes to the one before, across renewals', () => {
    const sequence = new KeySequence('a secret', 1_000);
    const first = sequence.attributesOf(1_000);
    expect(first.key).toBeUndefined();
    let expected = first.newkey;
    let renewals = 0;
    for (let rid = 1_001; rid < 3_000; rid += 1) {
      const { key = '', newkey } = sequence.attributesOf(rid);
      expect(sha1(key)).toBe(expected);
      if (newkey !== undefined) renewals += 1;
      expected = newkey ?? key;
    }
    expect(renewals).toBeGreaterThan(3);
  });

  it('makes sequences that are long and of lengths that cannot be guessed', () => {
    const lengthOf = (secret: string) => {
      const sequence = new KeySequence(secret, 1);
      let rid = 2;
      while (sequence.attributesOf(rid).newkey === undefined) rid += 1;
      return rid;
    };
    const lengths = Array.from({ length: 20 }, () => lengthOf(newKeySecret()));
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(256);
    expect(new Set(lengths).size).toBeGreaterThan(5);
  });

  it('gives a rid the same key in another process', () => {
    const secret = newKeySecret();
    const one = new KeySequence(secret, 5);
    const two = new KeySequence(secret, 5);
    one.attributesOf(2_000);
    expect(two.attributesOf(700)).toEqual(one.attributesOf(700));
  });

  it('gives other keys for another secret', () => {
    expect(new KeySequence(newKeySecret(), 5).attributesOf(5)).not.toEqual(
      new KeySequence(newKeySecret(), 5).attributesOf(5),
    );
  });
});
