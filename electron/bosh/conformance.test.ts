/** Holds CONFORMANCE.md to what it says: each row names tests that exist, or gives a reason. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript6';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SPECIFICATIONS = ['XEP-0124', 'XEP-0206', 'XEP-0156'];
const LEVELS = ['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'NOT RECOMMENDED', 'MAY'];

interface Row {
  readonly specification: string;
  readonly section: string;
  readonly requirement: string;
  readonly level: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
  readonly deviation: string;
}

/** The rows of all tables, each with the specification its heading names. */
function rowsOf(markdown: string): Row[] {
  const rows: Row[] = [];
  let specification = '';
  for (const line of markdown.split('\n')) {
    specification = /^## (XEP-\d{4})/u.exec(line)?.[1] ?? specification;
    if (!line.startsWith('|') || /^\| (?:§|---) /u.test(line)) continue;
    const [section = '', requirement = '', level = '', shown = '', deviation = ''] = line
      .slice(1)
      .split('|')
      .map((cell) => cell.trim());
    const tests = shown === '' ? [] : shown.split('<br>').map(testOf);
    rows.push({ specification, section, requirement, level, tests, deviation });
  }
  return rows;
}

function testOf(text: string): Row['tests'][number] {
  const [file = '', ...title] = text.split('→');
  return { file: file.trim(), title: title.join('→').trim() };
}

/** What is wrong with a row; empty where nothing is. */
function faultsOf(row: Row): string[] {
  const faults = row.tests.flatMap(({ file, title }) => {
    const path = resolve(ROOT, file);
    if (!/\.(?:test|contract)\.ts$/u.test(file) || !existsSync(path)) return [`no file ${file}`];
    return titlesIn(path).some((written) => names(written, title)) ? [] : [`no test “${title}”`];
  });
  if (row.tests.length === 0 && row.deviation === '') faults.push('neither a test nor a reason');
  if (!LEVELS.includes(row.level)) faults.push(`no level ${row.level}`);
  if (row.section === '' || row.requirement === '') faults.push('says nothing');
  return faults;
}

const known = new Map<string, readonly string[]>();

/** The names of the tests in a file that run, as they are written. */
function titlesIn(path: string): readonly string[] {
  const before = known.get(path);
  if (before) return before;
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  known.set(path, titles);
  return titles;
}

/** `it`, `test`, `it.each(…)` and the like; not one that is skipped. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'it' || callee.text === 'test';
  if (ts.isCallExpression(callee)) return isTest(callee.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  return !['skip', 'todo', 'fails'].includes(callee.name.text) && isTest(callee.expression);
}

/** Whether a test written under this name runs under the other: with its `%s` or what stands in for it. */
function names(written: string, title: string): boolean {
  if (written === title) return true;
  const parts = written.split(/%(?:\.\d+)?[a-zA-Z#]|\$[\w.]+/u);
  if (parts.length === 1) return false;
  const literal = parts.map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/gu, '\\$&'));
  return new RegExp(`^${literal.join('.+')}$`, 'u').test(title);
}

const rows = rowsOf(readFileSync(resolve(import.meta.dirname, 'CONFORMANCE.md'), 'utf8'));

describe.each(SPECIFICATIONS)('the table of %s', (specification) => {
  const own = rows.filter((row) => row.specification === specification);

  it('is not empty', () => {
    expect(own.length).toBeGreaterThan(0);
  });

  it.each(own.map((row) => [row.section, row.requirement, row] as const))(
    '§%s %s: has a test or a reason',
    (_section, _requirement, row) => {
      expect(faultsOf(row)).toEqual([]);
    },
  );
});

describe('a table', () => {
  const FILE = 'bosh/conformance.test.ts';
  const faults = (shown: string, deviation = '', level = 'MUST') =>
    rowsOf(
      `## XEP-0124\n| § | a |\n| --- | --- |\n| 1 | x | ${level} | ${shown} | ${deviation} |`,
    ).flatMap(faultsOf);

  it('may name a test by its words, or by what stands in for a part of them', () => {
    expect(faults(`${FILE} → is not empty`)).toEqual([]);
    expect(faults(`${FILE} → §%s %s: has a test or a reason`)).toEqual([]);
    expect(faults(`${FILE} → §5 Speaks HTTP: has a test or a reason`)).toEqual([]);
    expect(faults('', 'because')).toEqual([]);
  });

  it.each([
    [`${FILE} → is nowhere`, '', 'MUST', 'no test “is nowhere”'],
    [`${FILE} → is not`, '', 'MUST', 'no test “is not”'],
    [`${FILE} → a table`, '', 'MUST', 'no test “a table”'],
    [`${FILE} → is not empty <br> ${FILE} → x`, '', 'MUST', 'no test “x”'],
    ['bosh/nowhere.test.ts → is not empty', '', 'MUST', 'no file bosh/nowhere.test.ts'],
    ['bosh/protocol/body.ts → x', 'because', 'MUST', 'no file bosh/protocol/body.ts'],
    ['', '', 'MUST', 'neither a test nor a reason'],
    ['', 'because', 'OUGHT', 'no level OUGHT'],
  ])('must not say: %s | %s | %s', (shown, deviation, level, fault) => {
    expect(faults(shown, deviation, level)).toEqual([fault]);
  });
});
