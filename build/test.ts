/**
 * `npm test`: every check and every test, one stage after the other, and one line of totals at the end.
 * A stage that fails does not stop the next ones; the exit code says whether any failed.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provision } from './provision.ts';
import {
  addTotals,
  NO_TOTALS,
  playwrightTotals,
  type Totals,
  totalsLine,
  vitestTotals,
} from './test-totals.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
/** No stage comes near this; it ends one that hangs. */
const STAGE_LIMIT_MS = 30 * 60_000;

interface Stage {
  readonly name: string;
  /** Node script with its parameters, from the repository's folder. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** How the stage's own report counts; without one the stage counts as one. */
  readonly totals?: (outcome: { report: string; output: string }) => Totals | undefined;
}

const stages: readonly Stage[] = [
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  { name: 'lint', command: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'] },
  { name: 'layers', command: ['build/layers.ts'] },
  { name: 'unused', command: ['node_modules/knip/bin/knip.js'] },
  vitest('unit'),
  { name: 'build', command: ['build/bundle.ts'] },
  vitest('integration'),
  {
    name: 'e2e',
    command: [
      ...['node_modules/@playwright/test/cli.js', 'test'],
      ...['--config', 'e2e/playwright.config.ts', '--project=chromium'],
    ],
    totals: ({ report }) => playwrightTotals(report),
  },
  {
    name: 'e2e:desktop',
    command: ['e2e/desktop.ts'],
    totals: ({ report, output }) =>
      /^SKIPPED: /mu.test(output) ? { ...NO_TOTALS, skipped: 1 } : playwrightTotals(report),
  },
];

let totals = NO_TOTALS;
try {
  const results: string[] = [];
  try {
    await provision();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    totals = { ...NO_TOTALS, failed: 1 };
    results.push('FAILED  provision');
  }
  for (const stage of stages) {
    const counted = await runStage(stage);
    totals = addTotals(totals, counted);
    results.push(`${counted.failed > 0 ? 'FAILED' : 'ok'}  ${stage.name}: ${totalsLine(counted)}`);
  }
  console.log(`\n${results.join('\n')}`);
} finally {
  rmSync(reports, { recursive: true, force: true });
}
console.log(totalsLine(totals));
process.exitCode = totals.failed > 0 ? 1 : 0;

function vitest(project: string): Stage {
  return {
    name: project,
    command: [
      ...['node_modules/vitest/vitest.mjs', 'run', '--config', 'build/vitest.config.ts'],
      ...['--project', project, '--reporter=default', '--reporter=json'],
      `--outputFile.json=${reportFile(project)}`,
    ],
    totals: ({ report }) => vitestTotals(report),
  };
}

function reportFile(name: string): string {
  return join(reports, `${name.replace(':', '-')}.json`);
}

/** Never throws: a stage that could not be counted is one failure. */
async function runStage(stage: Stage): Promise<Totals> {
  console.log(`\n=== ${stage.name}`);
  const began = performance.now();
  const { succeeded, output } = await run(stage);
  console.log(`=== ${stage.name} took ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  const one = succeeded ? { ...NO_TOTALS, passed: 1 } : { ...NO_TOTALS, failed: 1 };
  if (!stage.totals) return one;
  const counted = stage.totals({ report: reportFile(stage.name), output }) ?? NO_TOTALS;
  // Such as a file that could not be loaded, or a report that was never written.
  const silent = counted.failed === 0 && (!succeeded || counted === NO_TOTALS);
  return silent ? { ...counted, failed: 1 } : counted;
}

function run(stage: Stage): Promise<{ succeeded: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, stage.command, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        ...stage.environment,
        // Tools that start `node` get this one.
        PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
        PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile(stage.name),
      },
    });
    const limit = setTimeout(() => child.kill('SIGKILL'), STAGE_LIMIT_MS);
    const stopWithUs = () => child.kill('SIGTERM');
    process.once('SIGTERM', stopWithUs).once('SIGINT', stopWithUs);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      process.stdout.write(text);
    });
    child.on('error', (error) => console.error(String(error)));
    child.on('close', (code) => {
      clearTimeout(limit);
      process.off('SIGTERM', stopWithUs).off('SIGINT', stopWithUs);
      resolve({ succeeded: code === 0, output });
    });
  });
}
