/** Step 3: a bare connection to the server, or to the proxy and through it (CONNECT, RFC 9110 §9.3.6). */
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import { proxyHostPort } from '../../../../shared/proxy.ts';
import { within } from '../../clock.ts';
import { refusedTunnel } from '../../proxies/proxy-problem.ts';
import type { ProxyRoute } from '../../proxies/route.ts';
import { addressOf, askForTunnel, openTcp } from '../open-path.ts';
import { challengeOf } from '../proxy-challenge.ts';
import { proxyOf } from '../readings.ts';
import { type Examination, fact, failed, type Outcome, type Step } from '../step.ts';

const connectMs = 15_000;

export const connection: Step<'connection'> = {
  id: 'connection',
  pointless(readings) {
    const names = readings['name-resolution'];
    if (!names?.problem) return undefined;
    return names.of === 'proxy'
      ? 'The name of the proxy could not be found.'
      : 'The name of the server could not be found.';
  },

  async examine(examination) {
    const { target, readings } = examination;
    const proxy = proxyOf(readings);
    const { host, port } = proxy ?? addressOf(target);
    const address = `${host}:${port}`;
    const reached = await reach(examination, host, port, proxy ? 'proxy' : 'server');
    const tunnels = proxy !== undefined && proxy.scheme !== 'socks5';
    if (reached.state === 'bad' || !tunnels) return reached;
    return tunnel(examination, proxy, { ...reached.reading, address });
  },
};

async function reach(
  { clock, signal }: Examination,
  host: string,
  port: number,
  to: 'server' | 'proxy',
): Promise<Outcome<'connection'>> {
  const address = `${host}:${port}`;
  const began = clock.now();
  try {
    const socket = await within(connectMs, clock, signal, (stop) => openTcp(host, port, stop));
    const tookMs = clock.now() - began;
    const { remoteAddress } = socket;
    socket.destroy();
    return {
      reading: { to, address, tookMs },
      state: 'good',
      result: `The ${to} accepts connections at ${address}.`,
      facts: fact('Reached', remoteAddress),
    };
  } catch (error) {
    if (signal.aborted) throw error;
    const problem = problemOf(error);
    const told = to === 'proxy' ? unreachableProxy(problem, address) : problem;
    return failed<'connection'>({ to, address, problem: told }, fact('Address', address));
  }
}

async function tunnel(
  { target, clock, signal }: Examination,
  proxy: ProxyRoute,
  reading: Outcome<'connection'>['reading'],
): Promise<Outcome<'connection'>> {
  const { host, port } = addressOf(target);
  const began = clock.now();
  try {
    const answer = await within(connectMs, clock, signal, (stop) =>
      askForTunnel(proxy, target, stop),
    );
    const { status, reason, headers } = answer;
    const asked = { ...reading, tookMs: clock.now() - began };
    const challenge = challengeOf(headers);
    const found = { ...asked, tunnel: { status, ...challenge } };
    const facts = [
      ...fact('Answer of the proxy', `HTTP ${status}`),
      ...fact('Via', headers.via),
      ...fact('Server', headers.server),
    ];
    if (status >= 200 && status < 300) {
      return {
        reading: found,
        state: 'good',
        result: `The proxy lets connections to ${host}:${port} through.`,
        facts,
      };
    }
    if (status === 407) {
      return {
        reading: found,
        state: 'limited',
        result: 'The proxy asks for a name and password first.',
        facts: [...facts, ...fact('Ways to sign in', challenge.schemes.join(', '))],
      };
    }
    const problem = refused(proxy, status, reason, `${host}:${port}`);
    return failed<'connection'>({ ...found, problem }, facts);
  } catch (error) {
    if (signal.aborted) throw error;
    const problem: Problem = {
      code: 'network.proxy-hung-up',
      source: 'network',
      message: `The proxy ${reading.address} gave no answer when asked for ${host}:${port}.`,
      advice:
        'Ask whoever runs the network whether the proxy lets HTTPS connections to this server through.',
      retry: 'later',
      detail: problemOf(error).code,
    };
    return failed<'connection'>({ ...reading, problem });
  }
}

function unreachableProxy(problem: Problem, address: string): Problem {
  return {
    ...problem,
    code: 'network.proxy-unreachable',
    message: `The proxy ${address} cannot be reached.`,
    advice:
      'Check the proxy settings of this computer: they may belong to another network. Or ask whoever runs the network.',
    detail: [problem.code, problem.detail].filter(Boolean).join(': '),
  };
}

function refused(proxy: ProxyRoute, status: number, reason: string, address: string): Problem {
  const { problem } = refusedTunnel(proxy, status, reason);
  const name = proxyHostPort(proxy);
  if (problem.code === 'network.proxy-gateway') {
    return {
      ...problem,
      message: `The proxy ${name} could not reach ${address}.`,
      advice: 'Check the address of the server. If it is right, ask whoever runs the network.',
    };
  }
  if (problem.code === 'network.proxy-refused') {
    return {
      ...problem,
      message: `The proxy ${name} lets no connection to ${address} through.`,
      advice: `Ask whoever runs the network to allow HTTPS to ${address}.`,
    };
  }
  return problem;
}
