import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../command/holdfast.ts', import.meta.url));

const running = new Set<ReturnType<typeof spawn>>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

/** `holdfast relay …` */
function start(...parameters: string[]) {
  const child = spawn(process.execPath, [PROGRAM, 'relay', ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const lines: Record<string, unknown>[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => {
    lines.push(JSON.parse(line));
  });
  const exit = once(child, 'close').then(([status]) => status as number);
  const logged = async (msg: string) => {
    for (;;) {
      const line = lines.find((one) => one.msg === msg);
      if (line) return line;
      await Promise.race([
        once(output, 'line'),
        exit.then(() => Promise.reject(new Error('ended'))),
      ]);
    }
  };
  return { child, logged, lines, exit, errors: text(child.stderr) };
}

const ANYWHERE = ['--listen', '127.0.0.1:0', '--monitor', '127.0.0.1:0'];

describe('holdfast relay', () => {
  it('says in a line of its log where it is, and ends when it is told to', async () => {
    const { child, logged, lines, exit } = start('--domain', 'example.org', ...ANYWHERE);
    const { boshUrl, monitorUrl } = await logged('serving');
    expect((await fetch(String(boshUrl))).status).toBe(200);
    expect((await fetch(`${monitorUrl}/health`)).status).toBe(200);
    child.kill('SIGHUP');
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(lines.map(({ msg }) => msg).slice(-3)).toEqual(['asked to stop', 'draining', 'stopped']);
  });

  it('says in a line what is wrong with its command line', async () => {
    const { exit, errors, lines } = start();
    expect(await exit).toBe(2);
    expect(await errors).toMatch(/^No domain is named.*--domain example\.org\n$/u);
    expect(lines).toEqual([]);
  });

  it('says in a line why it cannot start', async () => {
    const { exit, errors } = start('--domain', 'example.org', '--ca', '/nowhere.pem', ...ANYWHERE);
    expect(await exit).toBe(1);
    expect(await errors).toMatch(/^The file \/nowhere\.pem cannot be read\..*\n$/u);
  });

  it('takes no more sessions than it may open files for', async () => {
    const { child, logged, exit } = start(
      ...['--domain', 'example.org', '--sessions', '1000000', ...ANYWHERE],
    );
    await logged('serving');
    const { sessions, files } = await logged(
      'fewer sessions than asked for: each needs two files, and this process may open only so many (ulimit -n, LimitNOFILE)',
    );
    expect(Number(sessions)).toBeLessThan(Number(files) / 2);
    child.kill('SIGINT');
    expect(await exit).toBe(0);
  });
});
