import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { browserCommand } from './open-browser.ts';

const MODULES = {
  shell: new URL('shell.ts', import.meta.url).href,
  folderLock: new URL('../../store/folder-lock.ts', import.meta.url).href,
  fakeHost: new URL('../host.fake.ts', import.meta.url).href,
};

let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'browser-shell-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true });
});

/** The shell with a host that says on standard error when it is closed, as a process of its own. */
function start(...parameters: string[]) {
  const script = `
    const { runBrowserShell } = await import(${JSON.stringify(MODULES.shell)});
    const { createFakeHost } = await import(${JSON.stringify(MODULES.fakeHost)});
    const { lockFolder } = await import(${JSON.stringify(MODULES.folderLock)});
    await runBrowserShell({
      parameters: process.argv.slice(1),
      pageFolder: ${JSON.stringify(folder)},
      startHost: async (dataFolder, log) => {
        const lock = lockFolder(dataFolder);
        const close = async () => {
          lock.release();
          log('closed ' + dataFolder);
        };
        return Object.assign(createFakeHost(), { close });
      },
    });`;
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      script,
      '--',
      '--no-open',
      '--data-dir',
      join(folder, 'data'),
      ...parameters,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.push(child);
  const lines: Interface = createInterface({ input: child.stdout });
  return {
    child,
    lines,
    errors: text(child.stderr),
    nextLine: async () => String((await once(lines, 'line'))[0]),
    exit: once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  };
}

const READY = /^Holdfast is ready at (http:\/\/127\.0\.0\.1:\d+)\/#token=[\w-]{43}$/u;

// Each starts processes, which takes its time on a busy machine.
describe('the browser shell', { timeout: 60_000 }, () => {
  it('prints one line once it can be used, and nothing else on standard output', async () => {
    const { child, lines, nextLine, exit } = start();
    const origin = READY.exec(await nextLine())?.[1] ?? '';
    expect((await fetch(`${origin}/events`)).status).toBe(401);
    const more: string[] = [];
    lines.on('line', (line) => more.push(line));
    child.kill('SIGTERM');
    await exit;
    expect(more).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'closes the host and ends well on %s',
    async (signal) => {
      const { child, nextLine, errors, exit } = start();
      const origin = READY.exec(await nextLine())?.[1] ?? '';
      // A connection that is kept open must not hold it up.
      await fetch(`${origin}/events`);
      child.kill(signal);
      expect(await exit).toEqual([0, null]);
      expect(await errors).toBe(`closed ${join(folder, 'data')}\n`);
    },
  );

  it('says in one line that the data folder is in use', async () => {
    const first = start();
    await first.nextLine();
    const second = start();
    expect((await second.exit)[0]).toBe(1);
    expect(await second.errors).toContain(join(folder, 'data'));
    expect(await second.errors).toMatch(/^[^\n]+\n$/u);
  });

  it('starts again after being killed', async () => {
    const first = start();
    await first.nextLine();
    first.child.kill('SIGKILL');
    await first.exit;
    expect(await start().nextLine()).toMatch(READY);
  });

  it('says in one line what is wrong with the command line, and touches nothing', async () => {
    const { errors, exit } = start('--port', 'http');
    expect((await exit)[0]).toBe(2);
    expect(await errors).toMatch(/^--port takes a number .*\n$/u);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('says in one line that the port is in use', async () => {
    const first = start();
    const origin = READY.exec(await first.nextLine())?.[1] ?? '';
    const second = start('--port', new URL(origin).port, '--data-dir', join(folder, 'other'));
    expect((await second.exit)[0]).toBe(1);
    expect(await second.errors).toMatch(/Holdfast cannot use port \d+\. Choose another port.*\n/u);
  });

  it('explains itself', async () => {
    const { lines, exit } = start('--help');
    const printed: string[] = [];
    lines.on('line', (line) => printed.push(line));
    expect((await exit)[0]).toBe(0);
    expect(printed.join('\n')).toContain('--data-dir DIR');
  });

  it.skipIf(process.platform === 'win32')('prints another link on SIGUSR2', async () => {
    const { child, nextLine } = start();
    const first = await nextLine();
    child.kill('SIGUSR2');
    const second = await nextLine();
    expect(second).toMatch(READY);
    expect(second).not.toBe(first);
  });
});

describe('the default browser', () => {
  it.each(['linux', 'darwin', 'win32'] as const)('gets the link whole on %s', (platform) => {
    const url = 'http://127.0.0.1:1/#token=a&b';
    expect(browserCommand(platform, url)[1].at(-1)).toBe(url);
  });
});
