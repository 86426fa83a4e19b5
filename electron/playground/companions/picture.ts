/**
 * Pictures of the companions, drawn when they are needed: a sun over hills in three colours, as a PNG
 * (ISO/IEC 15948). Nothing to load, and each is told apart at a glance.
 */
import { crc32, deflateSync } from 'node:zlib';
import type { Picture } from '../server/profile.ts';

/** Of both sides, in pixels. */
const SIZE = 96;

type Colour = readonly [red: number, green: number, blue: number];

/** What tells one picture from another. */
export interface Landscape {
  /** In degrees, 0 to 359: the colour of the sky; the hills have the one across. */
  readonly hue: number;
  /** Where the sun stands, from 0 (the start of the sky) to 1. */
  readonly sun: number;
}

export function drawPicture({ hue, sun }: Landscape): Picture {
  const sky = colour(hue, 0.55, 0.78);
  const light = colour(hue + 30, 0.9, 0.92);
  const far = colour(hue + 170, 0.35, 0.55);
  const near = colour(hue + 190, 0.45, 0.36);
  const centre = [SIZE * (0.2 + 0.6 * sun), SIZE * 0.36] as const;
  const rows: Buffer[] = [];
  for (let y = 0; y < SIZE; y++) {
    const row = Buffer.alloc(1 + SIZE * 3);
    for (let x = 0; x < SIZE; x++) {
      const ridge = SIZE * (0.62 - 0.08 * Math.sin((x / SIZE) * 5 + hue));
      const shore = SIZE * (0.8 - 0.05 * Math.sin((x / SIZE) * 7 + hue / 2));
      const isSun = Math.hypot(x - centre[0], y - centre[1]) < SIZE * 0.15;
      const shown = y > shore ? near : y > ridge ? far : isSun ? light : lighter(sky, y / SIZE);
      row.set(shown, 1 + x * 3);
    }
    rows.push(row);
  }
  return { bytes: png(Buffer.concat(rows)), size: SIZE };
}

function lighter(base: Colour, share: number): Colour {
  const lift = (value: number) => Math.round(value + (255 - value) * share * 0.5);
  return [lift(base[0]), lift(base[1]), lift(base[2])];
}

/** From hue, saturation and lightness (CSS Color 4 §7.1). */
function colour(hue: number, saturation: number, lightness: number): Colour {
  const part = (offset: number) => {
    const position = (offset + hue / 30) % 12;
    const chroma = saturation * Math.min(lightness, 1 - lightness);
    const value = lightness - chroma * Math.max(-1, Math.min(position - 3, 9 - position, 1));
    return Math.round(value * 255);
  };
  return [part(0), part(8), part(4)];
}

/** Rows of RGB with a filter byte of 0 each. */
function png(rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  // 8 bits a sample, truecolour.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
