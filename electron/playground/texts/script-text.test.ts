import { describe, expect, it } from 'vitest';
import { readPast, readScenes } from './script-text.ts';

describe('a text', () => {
  it('is read scene by scene, with who speaks', () => {
    expect(readScenes('= one\nInes: Hello\nBo: Ho!¶Ho!\n= two\n< Well\n')).toEqual([
      {
        heading: 'one',
        lines: [
          { speaker: 'Ines', text: 'Hello' },
          { speaker: 'Bo', text: 'Ho!\nHo!' },
        ],
      },
      { heading: 'two', lines: [{ speaker: '<', text: 'Well' }] },
    ]);
  });

  it('with a line that nobody speaks is a mistake', () => {
    expect(() => readScenes('just so')).toThrow('just so');
  });
});

describe('a past', () => {
  const anchor = Date.UTC(2026, 4, 4);

  it('has its times from the day it is told from', () => {
    const past = readPast('= 2 18:30\n< Hello\n> Hello to you\n', anchor);
    expect(past.map(({ outgoing }) => outgoing)).toEqual([false, true]);
    expect(past[0]?.at).toBe(Date.UTC(2026, 4, 2, 18, 30));
    expect(past[1]?.at).toBeGreaterThan(Date.UTC(2026, 4, 2, 18, 30));
  });
});
