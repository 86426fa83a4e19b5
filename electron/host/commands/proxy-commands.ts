/** The way out: each account's choice of proxy, and what proxies want to hear. */

import type { Handlers } from '../dispatch.ts';
import { parseProxySetting } from '../proxy-setting.ts';
import type { CommandContext } from './command-context.ts';

type Names = 'accounts.setProxy' | 'proxies.answer' | 'proxies.decline' | 'proxies.forget';

export function proxyCommands(context: CommandContext): Pick<Handlers, Names> {
  const { proxyKeys } = context;
  return {
    async 'accounts.setProxy'({ accountId, proxy }) {
      const runtime = context.runtime(accountId);
      const setting = parseProxySetting(proxy);
      proxyKeys.reconsider();
      await runtime.setProxy(setting);
      return {};
    },
    async 'proxies.answer'({ id, username, password, keep }) {
      await proxyKeys.answer(id, { username, password }, keep);
      return {};
    },
    async 'proxies.forget'({ proxy }) {
      await proxyKeys.forget(proxy);
      return {};
    },
    async 'proxies.decline'({ id }) {
      proxyKeys.decline(id);
      return {};
    },
  };
}
