/** Step 1: what the proxy settings say about this address. */
import { problemOf } from '../../../../shared/problem.ts';
import { fact, failed, type Step } from '../step.ts';

export const proxySettings: Step<'proxy-settings'> = {
  id: 'proxy-settings',
  pointless: () => undefined,

  async examine({ path, target }) {
    try {
      const route = await path.route(target.href);
      if (route.kind === 'direct') {
        return {
          reading: { route },
          state: 'good',
          result: 'No proxy is set for this address. Holdfast connects directly.',
        };
      }
      return {
        reading: { route },
        state: 'good',
        result: `Requests go through the proxy ${route.host}:${route.port}.`,
        facts: fact('Kind of proxy', route.scheme),
      };
    } catch (error) {
      return failed<'proxy-settings'>({ problem: problemOf(error) });
    }
  },
};
