/** Makes the page throw while it shows something, as a fault in it would, by breaking what it relies on. */
import { expect, type Locator, type Page } from '@playwright/test';

/** Whatever shows a time of day throws from now on. @returns mends it */
export async function breakTimes(page: Page): Promise<() => Promise<void>> {
  const kept = await page.evaluateHandle(() => {
    const { prototype } = Intl.DateTimeFormat;
    const format = Object.getOwnPropertyDescriptor(prototype, 'format');
    Object.defineProperty(prototype, 'format', {
      configurable: true,
      get() {
        throw new Error('no time for "Marlow"');
      },
    });
    return { format };
  });
  return () =>
    kept.evaluate(({ format }) => {
      if (format) Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', format);
    });
}

/** The frame itself throws as soon as the count of unread messages changes: when an unread chat is opened, or before. */
export async function breakFrame(page: Page): Promise<void> {
  const chats = page.getByRole('list', { name: 'Chats' }).getByRole('link');
  const link = await chats.filter({ hasText: 'unread' }).first().getAttribute('href');
  await page.evaluate((hash) => {
    Object.defineProperty(document, 'title', {
      get: () => 'Holdfast',
      set() {
        throw new Error('no title');
      },
    });
    location.hash = hash;
  }, link ?? '');
}

/** What stands where something has stopped. */
export async function fault(page: Page, what: 'window' | 'part'): Promise<Locator> {
  const screen =
    what === 'window'
      ? page.getByRole('main', { name: 'This window has stopped' })
      : page.getByRole('region', { name: 'This part of the window has stopped' });
  await expect(screen.getByRole('alert')).toContainText('The fault is in Holdfast itself');
  return screen;
}
