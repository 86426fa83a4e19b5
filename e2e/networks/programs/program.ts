/**
 * A real program that stands in a network, such as a proxy: started on a free loopback port in a folder of
 * its own, and gone with it. The files beside this one say how each of them is run.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SupervisedProcess, startSupervised } from '../../processes/supervised-process.ts';
import { freePorts } from '../../servers/free-ports.ts';

/** Where a program listens and keeps its files; known before its configuration is written. */
export interface Place {
  readonly port: number;
  readonly folder: string;
}

export interface ProgramPlan {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Written before the start, by their names within the folder. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Program extends Place {
  /** What it printed. */
  readonly logFile: string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** The address everything here listens on. */
export const HOST = '127.0.0.1';
/** The longest a program may take until its port answers, in ms. */
const START_MS = 30_000;
const LOOK_AGAIN_MS = 20;

/** Resolves when its port takes connections. @throws Error with the tail of its log where it never does. */
export async function startProgram(
  name: string,
  plan: (place: Place) => ProgramPlan,
): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), `holdfast-${name}-`));
  const logFile = join(folder, 'program.log');
  let running: SupervisedProcess | undefined;
  try {
    // Some of them give up being root, and still have to read and write here.
    await chmod(folder, 0o777);
    const [port = 0] = await freePorts(1);
    const place = { port, folder };
    const { program, arguments: parameters, environment = {}, files = {} } = plan(place);
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
    const started = await startSupervised(
      {
        program: 'sh',
        arguments: ['-c', 'echo starting; exec "$0" "$@"', program, ...parameters],
        ...{ folder, environment, logFile, removeWithParent: [folder] },
      },
      /^starting$/u,
    );
    running = started.process;
    await portAnswers(port, running, name);
    const { stop } = running;
    return {
      ...place,
      logFile,
      async stop() {
        await stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await running?.kill();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function portAnswers(port: number, running: SupervisedProcess, name: string): Promise<void> {
  let ended: string | undefined;
  void running.exited.then((detail) => {
    ended = detail;
  });
  const deadline = performance.now() + START_MS;
  while (!(await answers(port))) {
    if (ended !== undefined) throw new Error(`${name} ended before it was ready: ${ended}`);
    if (performance.now() > deadline) throw new Error(`${name} does not listen on its port`);
    await sleep(LOOK_AGAIN_MS);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
