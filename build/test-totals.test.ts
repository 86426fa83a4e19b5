import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addTotals, playwrightTotals, totalsLine, vitestTotals } from './test-totals.ts';

describe('the totals of a test run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-totals-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function report(value: unknown): string {
    const file = join(folder, 'report.json');
    writeFileSync(file, JSON.stringify(value));
    return file;
  }

  it('counts what Vitest passed, failed, skipped and left to do', () => {
    const file = report({
      numPassedTests: 5,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
    });
    expect(vitestTotals(file)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  it('counts a flaky Playwright test as failed', () => {
    const file = report({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 } });
    expect(playwrightTotals(file)).toEqual({ passed: 4, failed: 2, skipped: 2 });
  });

  it('are unknown without a report', () => {
    expect(vitestTotals(join(folder, 'none.json'))).toBeUndefined();
    expect(playwrightTotals(report({}))).toBeUndefined();
  });

  it('add up to one line', () => {
    const sum = addTotals(
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 3, failed: 1, skipped: 0 },
    );
    expect(totalsLine(sum)).toBe('4 passed, 1 failed, 2 skipped');
  });
});
