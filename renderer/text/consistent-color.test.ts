import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { consistentHue, initialsOf } from './consistent-color.ts';
import { sha1 } from './sha1.ts';

describe('SHA-1', () => {
  it('is what every other implementation says, at every length around a block', () => {
    for (let length = 0; length < 200; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + length) % 256);
      const expected = createHash('sha1').update(bytes).digest('hex');
      expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(expected);
    }
  });
});

describe('the colour of a name', () => {
  it('has the angles of the test vectors (XEP-0392 §13.2)', () => {
    expect(consistentHue('Romeo')).toBeCloseTo(327.255249, 6);
    expect(consistentHue('juliet@capulet.lit')).toBeCloseTo(209.4104, 6);
    expect(consistentHue('😺')).toBeCloseTo(331.199341, 6);
    expect(consistentHue('council')).toBeCloseTo(359.994507, 6);
  });
});

describe('initials', () => {
  it('are of the first and the last word', () => {
    expect(initialsOf('Anna Maria Köhler')).toBe('AK');
    expect(initialsOf('ops')).toBe('O');
  });

  it('are of the local part of an address', () => {
    expect(initialsOf('anna.koehler@example.org')).toBe('AK');
    expect(initialsOf('bob@example.org')).toBe('B');
  });

  it('never cut a character in two', () => {
    expect(initialsOf('👩‍🚀 Sally')).toBe('👩‍🚀S');
    expect(initialsOf('e\u0301mile')).toBe('E\u0301');
  });

  it('are there whatever the name is', () => {
    expect(initialsOf('???')).toBe('?');
    expect(initialsOf('')).toBe('');
  });
});
