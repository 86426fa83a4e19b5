/**
 * A place without any network: a namespace of Linux's (network_namespaces(7)) that has loopback and nothing else.
 * Programs started in it reach each other and nobody besides.
 */
import { startSupervised } from '../processes/supervised-process.ts';

export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
}

export interface NoNetwork {
  /** The same command, to be run there. */
  inside(command: Command): Command;
  stop(): Promise<void>;
}

/** @param folder for its log; the namespace goes away with this process. */
export async function startNoNetwork(folder: string): Promise<NoNetwork> {
  const isRoot = process.getuid?.() === 0;
  const { process: holder } = await startSupervised(
    {
      program: 'unshare',
      arguments: [
        ...(isRoot ? [] : ['--user', '--map-root-user']),
        ...['--net', 'sh', '-c', 'ip link set lo up && echo up && exec sleep infinity'],
      ],
      ...{ folder, environment: {}, logFile: `${folder}/no-network.log`, removeWithParent: [] },
    },
    /^up$/u,
  );
  const where = ['--target', String(holder.pid), '--net'];
  const who = isRoot ? [] : ['--user', '--preserve-credentials'];
  return {
    inside: ({ program, arguments: parameters }) => ({
      program: 'nsenter',
      arguments: [...where, ...who, '--', program, ...parameters],
    }),
    stop: () => holder.stop(),
  };
}
