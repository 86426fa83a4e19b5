/** The bridge of the desktop shell: what its preload offers, with failures as errors again. */
import type { Bridge } from '../../shared/contract/bridge.ts';
import { commandNames } from '../../shared/contract/commands.ts';
import type { DesktopApi } from '../../shared/contract/desktop-api.ts';
import { ProblemError } from '../../shared/problem.ts';

declare global {
  interface Window {
    /** Offered by the desktop shell's preload. */
    readonly holdfast?: DesktopApi;
  }
}

/** Its link never breaks: page and host end together. */
export function createDesktopBridge(api: DesktopApi): Bridge {
  const verbs = commandNames.map((name) => [
    name,
    async (input: never) => {
      const result = await api.commands[name](input);
      if (!result.ok) throw new ProblemError(result.problem);
      return result.value;
    },
  ]);
  return {
    commands: Object.fromEntries(verbs) as Bridge['commands'],
    subscribe: (listener) => api.subscribe(listener),
    onLink(listener) {
      listener(true);
      return () => {};
    },
  };
}
