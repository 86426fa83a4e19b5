/**
 * Where the window was and whether it was maximised, kept in a small file between starts. What is read is
 * checked: a display may be gone, and a file may be damaged.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Display, Rectangle } from 'electron';
import { z } from 'zod';

const windowStateSchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() }),
  maximized: z.boolean(),
});
/** `bounds` are those of the window when it is not maximised. */
export type WindowState = z.infer<typeof windowStateSchema>;

/** The smallest window that is of use, in device-independent pixels. */
export const MINIMUM_SIZE = { width: 360, height: 480 } as const;

/** How much of the window's top must lie on a display for a pointer to get hold of it. */
const GRIP = { width: 120, height: 32 } as const;

/** The kept state, or undefined where there is none that can be read. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Replaces the file as a whole, so that no half-written one is ever read. */
export function writeWindowState(file: string, state: WindowState): void {
  const written = `${file}.new`;
  writeFileSync(written, JSON.stringify(state));
  renameSync(written, file);
}

/**
 * The bounds to open the window with: the kept ones where they can be reached on these displays, made to
 * fit; otherwise only a size, for the system to place.
 */
export function usableBounds(
  kept: Rectangle | undefined,
  displays: readonly Pick<Display, 'workArea'>[],
): Partial<Rectangle> & { width: number; height: number } {
  const areas = displays.map(({ workArea }) => workArea);
  const largest = {
    width: Math.max(MINIMUM_SIZE.width, ...areas.map(({ width }) => width)),
    height: Math.max(MINIMUM_SIZE.height, ...areas.map(({ height }) => height)),
  };
  const wanted = kept ?? { width: 1100, height: 760 };
  const size = {
    width: Math.min(Math.max(wanted.width, MINIMUM_SIZE.width), largest.width),
    height: Math.min(Math.max(wanted.height, MINIMUM_SIZE.height), largest.height),
  };
  if (!kept) return size;
  const bounds = { x: kept.x, y: kept.y, ...size };
  return areas.some((area) => canBeGripped(bounds, area)) ? bounds : size;
}

function canBeGripped(bounds: Rectangle, area: Rectangle): boolean {
  const left = Math.max(bounds.x, area.x);
  const right = Math.min(bounds.x + bounds.width, area.x + area.width);
  const isTopInside = bounds.y >= area.y && bounds.y + GRIP.height <= area.y + area.height;
  return right - left >= GRIP.width && isTopInside;
}
