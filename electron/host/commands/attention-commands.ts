/** What a page says of the person in front of it. */
import type { Attention } from '../attention.ts';
import type { Handlers } from '../dispatch.ts';

export function attentionCommands(attention: Attention): Pick<Handlers, 'attention.here'> {
  return {
    async 'attention.here'() {
      attention.look();
      return {};
    },
  };
}
