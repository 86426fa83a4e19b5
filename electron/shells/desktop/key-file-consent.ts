/** Asks, once, whether secrets may lie in a key file on a computer without a keychain. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dialog } from 'electron';

/** Whether the person agreed, now or before; a refusal is not kept, so that it is asked again the next time. */
export function createKeyFileConsent(folder: string): () => Promise<boolean> {
  const agreed = join(folder, 'key-file-agreed');
  let asking: Promise<boolean> | undefined;

  async function ask(): Promise<boolean> {
    const { response } = await dialog.showMessageBox({
      type: 'question',
      title: 'Holdfast',
      message: 'This computer has no keychain that Holdfast can use.',
      detail:
        'Holdfast can keep your password encrypted in a file, with the key in another file beside it. Other programs that you run could read both. Without this you cannot stay signed in.',
      buttons: ['Keep it in a file', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    });
    if (response === 0) writeFileSync(agreed, '', { mode: 0o600 });
    return response === 0;
  }

  return () => {
    if (existsSync(agreed)) return Promise.resolve(true);
    // Two accounts that need it at once are one question.
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
