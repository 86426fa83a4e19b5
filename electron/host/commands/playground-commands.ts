/** The playground: opening it, and the network it is seen through. */
import type { Handlers } from '../dispatch.ts';
import type { CommandContext } from './command-context.ts';

type Names = 'playground.open' | 'playground.network';

export function playgroundCommands(context: CommandContext): Pick<Handlers, Names> {
  return {
    async 'playground.open'() {
      return { accountId: await context.openPlayground() };
    },
    async 'playground.network'({ network }) {
      await context.setPlaygroundNetwork(network);
      return {};
    },
  };
}
