/** Step 3: a bare connection to the server, or to the proxy and through it (CONNECT, RFC 9110 §9.3.6). */
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import { within } from '../clock.ts';
import type { Route } from '../network-path.ts';
import { addressOf, openTcp, openTunnel } from '../open-path.ts';
import { proxyChallenge } from '../proxy-challenge.ts';
import { proxyOf } from '../readings.ts';
import { type Examination, fact, failed, type Outcome, type Step } from '../step.ts';

const connectMs = 15_000;

export const connection: Step<'connection'> = {
  id: 'connection',
  pointless(readings) {
    if (readings['proxy-settings']?.problem) return 'The proxy settings could not be read.';
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
    const tunnels = proxy !== undefined && /^https?$/.test(proxy.scheme);
    if (reached.state === 'bad' || !tunnels || target.protocol === 'http:') return reached;
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
  proxy: Extract<Route, { kind: 'proxy' }>,
  reading: Outcome<'connection'>['reading'],
): Promise<Outcome<'connection'>> {
  const { host, port } = addressOf(target);
  const began = clock.now();
  try {
    const answer = await within(connectMs, clock, signal, (stop) =>
      openTunnel(proxy, target, stop),
    );
    answer.socket.destroy();
    const { status, headers } = answer;
    const asked = { ...reading, tookMs: clock.now() - began };
    const challenge = proxyChallenge(headers);
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
    const problem = refused(status, `${host}:${port}`, reading.address);
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

function refused(status: number, address: string, proxy: string): Problem {
  const cannotReach = status === 502 || status === 503 || status === 504;
  return {
    code: cannotReach ? 'network.proxy-cannot-reach' : 'network.proxy-denied',
    source: 'network',
    message: cannotReach
      ? `The proxy ${proxy} could not reach ${address}.`
      : `The proxy ${proxy} lets no connection to ${address} through.`,
    advice: cannotReach
      ? 'Check the address of the server. If it is right, ask whoever runs the network.'
      : `Ask whoever runs the network to allow HTTPS to ${address}.`,
    retry: 'later',
    detail: `CONNECT was answered with HTTP ${status}`,
  };
}
