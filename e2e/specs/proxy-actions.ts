/** What a person does about proxies, by role and name. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { ProxyAddress } from '../../shared/proxy.ts';
import { place } from './actions.ts';

export type ChosenProxy = ProxyAddress | { readonly pac: string } | 'system' | 'none';

const kinds = { http: 'HTTP', https: 'HTTPS (TLS to the proxy)', socks5: 'SOCKS5' } as const;

/** Fills in the choice of proxy, in the sign-in form or in the dialog. */
export async function chooseProxy(page: Page, within: Locator, chosen: ChosenProxy): Promise<void> {
  // A list's button is named by what is chosen, then by its label.
  const pick = async (label: string, option: string) => {
    await within.getByRole('button', { name: RegExp(` ${label}$`, 'u') }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  if (chosen === 'none') return pick('Proxy', 'No proxy');
  if (chosen === 'system') return pick('Proxy', 'As this computer is set up');
  if ('pac' in chosen) {
    await pick('Proxy', 'Chosen by a script (PAC)');
    await within.getByRole('textbox', { name: 'Address of the script' }).fill(chosen.pac);
    return;
  }
  await pick('Proxy', 'This proxy');
  await pick('Kind of proxy', kinds[chosen.scheme]);
  await within.getByRole('textbox', { name: 'Name of the proxy' }).fill(chosen.host);
  await within.getByRole('textbox', { name: 'Port' }).fill(String(chosen.port));
}

/** Changes the proxy of the only account. Leaves the accounts open. */
export async function changeProxy(page: Page, chosen: ChosenProxy): Promise<void> {
  await place(page, 'Accounts').click();
  await page.getByRole('button', { name: 'Change proxy' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change proxy' });
  await chooseProxy(page, dialog, chosen);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
}

/** The question of a proxy, once it is asked. */
export function proxyQuestion(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Sign in to the proxy' });
}

/** Answers it. */
export async function answerProxy(
  page: Page,
  { name, password }: { readonly name: string; readonly password: string },
  keep = true,
): Promise<void> {
  const dialog = proxyQuestion(page);
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByLabel('Password').fill(password);
  const remember = dialog.getByRole('checkbox', { name: 'Remember on this computer' });
  if ((await remember.isChecked()) !== keep) {
    await dialog.getByText('Remember on this computer').click();
  }
  await dialog.getByRole('button', { name: 'Sign in' }).click();
}
