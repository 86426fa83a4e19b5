/** The two ends of the contract: what a shell offers the page, and what the host offers a shell. */
import type { CommandInput, CommandName, CommandOutput, CommandResult } from './commands.ts';
import type { HostEvent } from './events.ts';

/**
 * The page's only way out, one per window. Each command is a verb of its own;
 * it rejects with a `ProblemError`.
 */
export interface Bridge {
  readonly commands: {
    readonly [N in CommandName]: (input: CommandInput<N>) => Promise<CommandOutput<N>>;
  };
  /** Listens to the host, a `snapshot` first. Returns how to stop. */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /** Whether the shell's own link to the host stands (the browser shell can lose it). */
  onLink(listener: (connected: boolean) => void): () => void;
}

/** The application as a shell sees it. Never throws: bad input and failures become a `CommandResult`. */
export interface HostPort {
  /** Checks the input against the contract, then runs the command. */
  run(name: string, input: unknown): Promise<CommandResult>;
  /** Calls with a `snapshot` event at once, then with every event after it, none missed between. */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /** An avatar image by account and SHA-1, or undefined. */
  readAvatar(
    accountId: string,
    hash: string,
  ): Promise<{ type: string; bytes: Uint8Array } | undefined>;
  /**
   * The computer is about to sleep: every session asks to be kept for as long as its server grants. Resolves
   * when all have, within about a second.
   */
  sleep(): Promise<void>;
  /** It is awake again: every connection is tried at once. */
  wake(): void;
  /** Stops work without ending the BOSH sessions, so that the next start re-attaches. */
  close(): Promise<void>;
}
