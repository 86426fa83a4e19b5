/** What a person does about certificates, by role and name. */
import { expect, type Locator, type Page } from '@playwright/test';

/** Opens what stands in the way; a certificate that may be trusted by an exception. */
export async function showCertificate(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Show certificate' }).click();
  return page.getByRole('alertdialog', { name: 'Trust this certificate?' });
}

/** Chooses a file as the one of an authority. */
export async function chooseAuthorityFile(
  page: Page,
  within: Page | Locator,
  file: string | Buffer,
): Promise<void> {
  const chosen = page.waitForEvent('filechooser');
  await within.getByRole('button', { name: 'Add authority file' }).click();
  const chooser = await chosen;
  await chooser.setFiles(
    typeof file === 'string' ? file : { name: 'own.pem', mimeType: 'text/plain', buffer: file },
  );
}

/** Waits for the certificate of a server of the tests, which signed its own, and adds it as an authority. */
export async function trustServer(page: Page, server: { certificate: string }): Promise<void> {
  const dialog = await showCertificate(page);
  await chooseAuthorityFile(page, dialog, server.certificate);
  await expect(dialog).toBeHidden();
}
