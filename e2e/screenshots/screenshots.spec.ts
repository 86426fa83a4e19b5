/** `npm run screenshots`: every screen, light and dark, wide and narrow, into build/out/screenshots. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { root } from '../../build/bundle.ts';
import { test } from '../specs/fixtures.ts';
import { visitPlayground, visitScreens } from '../specs/screens.ts';

const folder = join(root, 'build/out/screenshots');

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 400]) {
    const setUp = async (page: Page) => {
      test.slow();
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      return async (screen: string): Promise<void> => {
        const path = join(folder, `${screen}-${colorScheme}-${width}.png`);
        await page.screenshot({ path, animations: 'disabled' });
      };
    };

    test(`screenshots, ${colorScheme}, ${width} px`, async ({ holdfast, servers, connectPeer }) => {
      const show = await setUp(holdfast.page);
      await visitScreens(holdfast.page, await servers('prosody'), connectPeer, show);
    });

    test(`screenshots of the playground, ${colorScheme}, ${width} px`, async ({ holdfast }) => {
      await visitPlayground(holdfast.page, await setUp(holdfast.page));
    });
  }
}
