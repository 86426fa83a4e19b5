/**
 * `npm run e2e:desktop`: the same specs in real Electron, or one line that says why that cannot be here.
 * Counts with the other tests through the same Playwright report.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../build/bundle.ts';
import { findElectronRuntime, thisMachine } from '../build/electron-runtime.ts';

const runtime = findElectronRuntime(thisMachine(root, (line) => console.error(line)));
if ('reason' in runtime) {
  console.log(`SKIPPED: Electron cannot be used here, because ${runtime.reason}.`);
} else {
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/@playwright/test/cli.js'),
      ...['test', '--config', join(root, 'e2e/playwright.config.ts'), '--project=chromium'],
      ...process.argv.slice(2),
    ],
    {
      stdio: 'inherit',
      env: { ...process.env, HOLDFAST_SHELL: 'desktop', HOLDFAST_ELECTRON: runtime.program },
    },
  );
  process.exitCode = status ?? 1;
}
