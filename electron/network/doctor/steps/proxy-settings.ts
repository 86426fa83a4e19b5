/**
 * Step 1: what the proxy settings say about this address. Where they name several ways, the first one that
 * can be reached is the one that is used, and examined.
 */
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import { proxyHostPort } from '../../../../shared/proxy.ts';
import { within } from '../../clock.ts';
import type { Route } from '../../proxies/route.ts';
import type { FoundRoutes } from '../../proxies/route-finder.ts';
import { openTcp } from '../open-path.ts';
import { type Examination, fact, type Outcome, type Step } from '../step.ts';

const settingsMs = 30_000;
const reachMs = 5_000;

export const proxySettings: Step<'proxy-settings'> = {
  id: 'proxy-settings',
  pointless: () => undefined,

  async examine(examination) {
    const { path, target, clock, signal } = examination;
    let found: FoundRoutes;
    try {
      found = await within(settingsMs, clock, signal, () => path.routes(target));
    } catch (error) {
      if (signal.aborted) throw error;
      return unreadable(problemOf(error));
    }
    const { routes, problem } = found;
    if (problem) return unreadable(problemOf(problem));
    const [first = 'direct', ...others] = routes;
    if (others.length === 0) return usable(first, routes);
    for (const route of routes) {
      if (await isReachable(examination, route)) return usable(route, routes);
    }
    return usable(first, routes);
  },
};

function usable(route: Route, routes: readonly Route[]): Outcome<'proxy-settings'> {
  const facts = routes.length > 1 ? fact('Ways, in order', routes.map(nameOf).join(', ')) : [];
  const [first] = routes;
  if (route !== first) {
    return {
      reading: { route },
      state: 'limited',
      result: `The proxy ${nameOf(first ?? 'direct')} cannot be reached; the next way is used: ${nameOf(route)}.`,
      advice: 'Nothing has to be done, as long as there is another way.',
      facts,
    };
  }
  return {
    reading: { route },
    state: 'good',
    result:
      route === 'direct'
        ? 'No proxy is set for this address. Holdfast connects directly.'
        : `Requests go through the proxy ${nameOf(route)}.`,
    facts: [...(route === 'direct' ? [] : fact('Kind of proxy', route.scheme)), ...facts],
  };
}

/** Holdfast connects directly then, which may work too. */
function unreadable(problem: Problem): Outcome<'proxy-settings'> {
  return {
    reading: { route: 'direct', problem },
    state: 'limited',
    result: `${problem.message} Holdfast connects directly.`,
    advice: problem.advice,
    facts: fact('Detail', problem.detail),
  };
}

async function isReachable({ clock, signal }: Examination, route: Route): Promise<boolean> {
  if (route === 'direct') return true;
  try {
    const open = (stop: AbortSignal) => openTcp(route.host, route.port, stop);
    (await within(reachMs, clock, signal, open)).destroy();
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}

function nameOf(route: Route): string {
  return route === 'direct' ? 'none' : proxyHostPort(route);
}
