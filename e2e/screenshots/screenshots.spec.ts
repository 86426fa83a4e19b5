/** `npm run screenshots`: every screen, light and dark, wide and narrow, into build/out/screenshots. */
import { join } from 'node:path';
import { root } from '../../build/bundle.ts';
import { test } from '../specs/fixtures.ts';
import { visitScreens } from '../specs/screens.ts';

const folder = join(root, 'build/out/screenshots');

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 400]) {
    test(`screenshots, ${colorScheme}, ${width} px`, async ({ holdfast, servers, connectPeer }) => {
      test.slow();
      const { page } = holdfast;
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await visitScreens(page, await servers('prosody'), connectPeer, async (screen) => {
        await page.screenshot({
          path: join(folder, `${screen}-${colorScheme}-${width}.png`),
          animations: 'disabled',
        });
      });
    });
  }
}
