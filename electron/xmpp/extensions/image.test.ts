import { expect, test } from 'vitest';
import { imageFromBase64, imageHash, LARGEST_IMAGE } from './image.ts';

const encoded = (start: string, length = 32) => {
  const bytes = Buffer.alloc(length);
  bytes.write(start, 'latin1');
  return bytes.toString('base64');
};

test.each([
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff\xe0', 'image/jpeg'],
  ['GIF89a', 'image/gif'],
  ['GIF87a', 'image/gif'],
  ['RIFF\x00\x00\x00\x00WEBP', 'image/webp'],
])('bytes that begin with %j are %s', (start, type) => {
  expect(imageFromBase64(encoded(start))).toMatchObject({ type });
});

test.each(['<svg xmlns="http://www.w3.org/2000/svg">', 'RIFF\x00\x00\x00\x00WAVE', 'BM', ''])(
  'bytes that begin with %j are no image we show',
  (start) => {
    expect(imageFromBase64(encoded(start))).toBeUndefined();
  },
);

test('the hash is worked out from the bytes', () => {
  const text = encoded('GIF89a', 6);
  expect(imageFromBase64(text)).toEqual({
    hash: '25c9b37ae36a0a08318d4dca7ca57ea98d776821',
    type: 'image/gif',
    bytes: new Uint8Array(Buffer.from('GIF89a')),
  });
  expect(imageFromBase64(`\n  ${text.slice(0, 4)}\n  ${text.slice(4)}\n`)).toEqual(
    imageFromBase64(text),
  );
});

test('an image of exactly the limit is taken, one byte more is not', () => {
  expect(imageFromBase64(encoded('GIF89a', LARGEST_IMAGE))?.bytes).toHaveLength(LARGEST_IMAGE);
  expect(imageFromBase64(encoded('GIF89a', LARGEST_IMAGE + 1))).toBeUndefined();
  expect(imageFromBase64('A'.repeat(LARGEST_IMAGE * 2))).toBeUndefined();
});

test('what is no Base64 is no image', () => {
  expect(imageFromBase64('%%%')).toBeUndefined();
  expect(imageFromBase64('')).toBeUndefined();
});

test('a hash is read in either case and written in lower case', () => {
  expect(imageHash(' 01B87FCD030B72895FF8E88DB57EC525450F000D ')).toBe(
    '01b87fcd030b72895ff8e88db57ec525450f000d',
  );
  for (const text of ['', '01b8', '../../etc/passwd', undefined, 'g'.repeat(40)]) {
    expect(imageHash(text)).toBeUndefined();
  }
});
