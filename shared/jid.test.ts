import { describe, expect, it } from 'vitest';
import { bareJid, isBareUserJid, parseJid } from './jid.ts';

describe('parseJid', () => {
  it('takes an address apart and lower-cases what compares without case', () => {
    expect(parseJid('Juliet@Example.ORG./Balcony')).toEqual({
      local: 'juliet',
      domain: 'example.org',
      resource: 'Balcony',
    });
  });

  it('keeps a slash inside the resource', () => {
    expect(parseJid('a@b/c/d@e')?.resource).toBe('c/d@e');
  });

  it.each(['', '@b', 'a@', 'a b@c', 'a@b@c', 'a@b/', `${'x'.repeat(1024)}@b`])(
    'refuses %j',
    (text) => {
      expect(parseJid(text)).toBeUndefined();
    },
  );
});

describe('bareJid', () => {
  it('drops the resource', () => {
    expect(bareJid('a@b/c')).toBe('a@b');
    expect(bareJid('B/c')).toBe('b');
  });
});

describe('isBareUserJid', () => {
  it('wants a person, not a device or a server', () => {
    expect(isBareUserJid('a@b')).toBe(true);
    expect(isBareUserJid('a@b/c')).toBe(false);
    expect(isBareUserJid('b')).toBe(false);
  });
});
