/** What the desktop shell's preload puts on `window.holdfast`; the page makes its Bridge from it. */
import type { CommandInput, CommandName, CommandResult } from './commands.ts';
import type { HostEvent } from './events.ts';

export interface DesktopApi {
  /** Results instead of rejections: an error loses its fields between preload and page. */
  readonly commands: {
    readonly [N in CommandName]: (input: CommandInput<N>) => Promise<CommandResult<N>>;
  };
  /** Listens to the host, a `snapshot` first. Returns how to stop. */
  subscribe(listener: (event: HostEvent) => void): () => void;
}
