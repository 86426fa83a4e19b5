/** Runs `holdfast doctor` as a person does in a terminal, or a script with `--json`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../../build/bundle.ts';
import { type DoctorRun, doctorRunSchema } from '../../shared/doctor.ts';

const program = join(root, 'electron/shells/command/holdfast.ts');

export interface RunningDoctor {
  readonly child: ChildProcess;
  /** Resolves when its output contains this. */
  said(text: string): Promise<void>;
  readonly ended: Promise<{ readonly status: number; readonly output: string }>;
}

/** @param environment besides this process's own. */
export function startDoctor(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningDoctor {
  const child = spawn(process.execPath, [program, 'doctor', ...parameters], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const waiting = new Map<string, () => void>();
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const [wanted, resolve] of waiting) if (output.includes(wanted)) resolve();
  });
  return {
    child,
    said: (text) => new Promise((resolve) => waiting.set(text, resolve)),
    ended: once(child, 'close').then(([status]) => ({ status: status as number, output })),
  };
}

/** The whole examination as `--json` prints it. */
export async function examineByCommand(
  parameters: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly run: DoctorRun }> {
  const { status, output } = await startDoctor([...parameters, '--json'], environment).ended;
  return { status, run: doctorRunSchema.parse(JSON.parse(output)) };
}
