import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWindowState, usableBounds, writeWindowState } from './window-state.ts';

const left = { workArea: { x: 0, y: 0, width: 1920, height: 1040 } };
const right = { workArea: { x: 1920, y: 0, width: 2560, height: 1440 } };

describe('the bounds of a window', () => {
  it('are a size for the system to place, the first time', () => {
    expect(usableBounds(undefined, [left])).toEqual({ width: 1100, height: 760 });
  });

  it('are the kept ones, on any display', () => {
    const kept = { x: 2000, y: 100, width: 900, height: 700 };
    expect(usableBounds(kept, [left, right])).toEqual(kept);
  });

  it.each([
    ['on a display that is gone', { x: 2000, y: 100, width: 900, height: 700 }],
    ['above the display', { x: 100, y: -40, width: 900, height: 700 }],
    ['below the display', { x: 100, y: 1030, width: 900, height: 700 }],
    ['left of the display but for a sliver', { x: -880, y: 100, width: 900, height: 700 }],
  ])('forget a place %s', (_words, kept) => {
    expect(usableBounds(kept, [left])).toEqual({ width: 900, height: 700 });
  });

  it('fit the displays, and are never too small to use', () => {
    expect(usableBounds({ x: 0, y: 0, width: 5000, height: 5000 }, [left])).toEqual({
      x: 0,
      y: 0,
      width: 1920,
      height: 1040,
    });
    expect(usableBounds({ x: 0, y: 0, width: 1, height: 1 }, [left])).toEqual({
      x: 0,
      y: 0,
      width: 360,
      height: 480,
    });
  });
});

describe('the file', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'window-state-'));
    file = join(folder, 'window.json');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back what was written, and leaves nothing beside it', () => {
    const state = { bounds: { x: -1, y: 2, width: 3, height: 4 }, maximized: true };
    writeWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
    expect(readdirSync(folder)).toEqual(['window.json']);
  });

  it.each(['', '{', 'null', '{"bounds":{"x":"left"},"maximized":false}', '{"maximized":true}'])(
    'is as good as none where it holds %j',
    (text) => {
      writeFileSync(file, text);
      expect(readWindowState(file)).toBeUndefined();
    },
  );
});
