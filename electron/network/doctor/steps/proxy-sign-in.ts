/** Step 4: whether the proxy wants a name and password, and takes those Holdfast has. */
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import { within } from '../../clock.ts';
import { challengeOf } from '../proxy-challenge.ts';
import { proxyOf } from '../readings.ts';
import { fact, failed, type Step } from '../step.ts';

const answerMs = 20_000;

export const proxySignIn: Step<'proxy-sign-in'> = {
  id: 'proxy-sign-in',
  pointless(readings) {
    if (proxyOf(readings) === undefined) return 'No proxy is in use.';
    return readings.connection === undefined || readings.connection.problem
      ? 'The proxy does not let the connection through.'
      : undefined;
  },

  async examine({ path, target, readings, clock, signal }) {
    const tunnel = readings.connection?.tunnel;
    const asked = { schemes: tunnel?.schemes ?? [], ...realmOf(tunnel?.realm) };
    if (tunnel !== undefined && tunnel.status !== 407) {
      return {
        reading: asked,
        state: 'good',
        result: 'The proxy asks for no name and password.',
      };
    }
    try {
      const response = await within(answerMs, clock, signal, (stop) =>
        path.http.send({
          ...{ method: 'GET', url: target.href, lane: 0, signal: stop },
          ...{ timeoutMs: 2 * answerMs, maxBytes: 1024 * 1024 },
        }),
      );
      if (response.status === 407) {
        const challenge = challengeOf(response.headers);
        return failed<'proxy-sign-in'>(
          { ...challenge, problem: signInNeeded },
          facts(challenge.schemes, challenge.realm),
        );
      }
    } catch (error) {
      if (signal.aborted) throw error;
      const problem = problemOf(error);
      const isProxys = problem.code.startsWith('network.proxy-');
      if (isProxys) {
        const told = problem.code === signInNeeded.code ? { ...problem, ...signInNeeded } : problem;
        return failed<'proxy-sign-in'>(
          { ...asked, problem: told },
          facts(asked.schemes, asked.realm),
        );
      }
      // The proxy let it through; what happened behind it is for the next steps to say.
    }
    return {
      reading: asked,
      state: 'good',
      result:
        tunnel === undefined
          ? 'The proxy asks for no name and password.'
          : 'The proxy accepts the name and password that Holdfast has for it.',
      facts: facts(asked.schemes, asked.realm),
    };
  },
};

function facts(schemes: readonly string[], realm: string | undefined) {
  return [...fact('Ways to sign in', schemes.join(', ')), ...fact('Realm', realm)];
}

function realmOf(realm: string | undefined): { realm?: string } {
  return realm === undefined ? {} : { realm };
}

const signInNeeded: Problem = {
  code: 'network.proxy-auth',
  source: 'network',
  message:
    'The proxy of this network asks for a name and password, and Holdfast has none it takes.',
  advice: 'Enter the name and password for the proxy, or ask whoever runs the network for them.',
  retry: 'never',
};
