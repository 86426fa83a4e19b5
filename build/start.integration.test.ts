import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildBundles, root, staleBundles } from './bundle.ts';

const READY = /^Holdfast is ready at (http:\/\/127\.0\.0\.1:\d+)\/#token=([\w-]{43})$/u;

let folder: string;
let child: ChildProcess | undefined;

beforeAll(() => buildBundles(staleBundles(['page', 'browser', 'desktop']), () => {}));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
});

afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true });
});

/** `npm start -- …` without npm, on a machine without a display. */
function start(...parameters: string[]) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...environment } = process.env;
  const started = spawn(
    process.execPath,
    [join(root, 'build/start.ts'), '--data-dir', folder, ...parameters],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environment, cwd: tmpdir() },
  );
  child = started;
  const lines: string[] = [];
  const output = createInterface({ input: started.stdout });
  output.on('line', (line) => lines.push(line));
  return {
    lines,
    ready: once(output, 'line').then(([line]) => READY.exec(line) ?? []),
    errors: text(started.stderr),
    exit: once(started, 'exit'),
    stop: () => started.kill('SIGTERM'),
  };
}

describe('npm start -- --browser', () => {
  it('prints one line, serves a page that can be opened, and ends well', async () => {
    const { lines, ready, exit, stop } = start('--browser', '--no-open', '--port', '0');
    const [, origin = '', token] = await ready;
    const page = await fetch(origin);
    expect(await page.text()).toContain('<title>Holdfast</title>');
    const session = await fetch(`${origin}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ token }),
    });
    expect(session.status).toBe(200);
    const command = await fetch(`${origin}/commands/health.report`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: session.headers.getSetCookie()[0]?.split(';')[0] ?? '',
        origin,
      },
      body: JSON.stringify({ accountId: 'nobody' }),
    });
    expect(await command.json()).toMatchObject({ ok: false, problem: { source: 'input' } });
    stop();
    expect(await exit).toEqual([0, null]);
    expect(lines).toHaveLength(1);
  });
});

describe.runIf(process.platform === 'linux')('npm start where Electron cannot be used', () => {
  it('says why in one line and opens the browser shell', async () => {
    const { ready, errors, exit, stop } = start('--no-open');
    expect(await ready).toHaveLength(3);
    stop();
    await exit;
    expect((await errors).split('\n')[0]).toBe(
      'Electron cannot be used here, because there is no display. Opening Holdfast in the browser instead.',
    );
  });

  it('says why in one line and ends where nothing else will do', async () => {
    const { lines, errors, exit } = start('--desktop');
    expect(await exit).toEqual([1, null]);
    expect(await errors).toBe('Electron cannot be used here, because there is no display.\n');
    expect(lines).toEqual([]);
  });
});
