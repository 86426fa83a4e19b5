import { expect, it } from 'vitest';
import { imageFromBase64 } from '../../xmpp/extensions/image.ts';
import { drawPicture } from './picture.ts';

it('draws an image that Holdfast takes for an avatar, the same each time', () => {
  const once = drawPicture({ hue: 20, sun: 0.4 });
  expect(imageFromBase64(once.bytes.toString('base64'))?.type).toBe('image/png');
  expect(drawPicture({ hue: 20, sun: 0.4 }).bytes.equals(once.bytes)).toBe(true);
  expect(drawPicture({ hue: 21, sun: 0.4 }).bytes.equals(once.bytes)).toBe(false);
});
