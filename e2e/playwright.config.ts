/** The end-to-end specs in Chromium (`npm run test:e2e`), and the screenshots (`npm run screenshots`). */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defineConfig } from '@playwright/test';

export default defineConfig({
  outputDir: '../build/out/e2e',
  globalSetup: './global-setup.ts',
  // One after the other: they share two servers, and a machine of two cores.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [['line'], ['json']] : [['line']],
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: [
        ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
        ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
      ],
    },
  },
  projects: [
    { name: 'chromium', testDir: 'specs' },
    { name: 'screenshots', testDir: 'screenshots' },
  ],
});

/** The system's Chromium, wherever it is on the path. */
function chromium(): string {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((program) => isExecutable(program));
  if (found === undefined) throw new Error('Chromium is not installed; npm test installs it.');
  return found;
}

function isExecutable(program: string): boolean {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
