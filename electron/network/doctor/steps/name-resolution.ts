/**
 * Step 2: whether the names can be found. Through a proxy that is the proxy's name; the server's is the
 * proxy's business, and networks that hide outside names from their computers are common.
 */
import { isIP } from 'node:net';
import { problemOf } from '../../../../shared/problem.ts';
import { within } from '../../clock.ts';
import { addressOf } from '../open-path.ts';
import { proxyOf } from '../readings.ts';
import { type Examination, fact, failed, type Outcome, type Step } from '../step.ts';

const lookupMs = 15_000;
const mostShown = 4;

export const nameResolution: Step<'name-resolution'> = {
  id: 'name-resolution',
  pointless: () => undefined,

  async examine(examination) {
    const { target, readings } = examination;
    const proxy = proxyOf(readings);
    const server = addressOf(target).host;
    if (proxy === undefined) return look(examination, server, 'server');
    const found = await look(examination, proxy.host, 'proxy');
    if (found.state === 'bad') return found;
    const isServerUnknownHere = (await look(examination, server, 'server')).state === 'bad';
    if (!isServerUnknownHere) return found;
    return {
      ...found,
      reading: { ...found.reading, isServerUnknownHere },
      result: `This computer cannot look up ${server} itself; the proxy does that.`,
    };
  },
};

async function look(
  { path, clock, signal }: Examination,
  host: string,
  of: 'server' | 'proxy',
): Promise<Outcome<'name-resolution'>> {
  if (isIP(host) !== 0) {
    return {
      reading: { host, of, addresses: [host] },
      state: 'good',
      result: `The address ${host} is a number: no name has to be looked up.`,
    };
  }
  try {
    const addresses = await within(lookupMs, clock, signal, (stop) =>
      Promise.race([path.lookup(host), aborted(stop)]),
    );
    const [first = ''] = addresses;
    return {
      reading: { host, of, addresses },
      state: 'good',
      result: `The name ${host} was found: ${first}.`,
      facts: fact('Addresses', addresses.slice(0, mostShown).join(', ')),
    };
  } catch (error) {
    if (signal.aborted) throw error;
    const problem = { ...problemOf(error), ...words(host, of) };
    return failed<'name-resolution'>({ host, of, addresses: [], problem });
  }
}

function words(host: string, of: 'server' | 'proxy') {
  return of === 'server'
    ? {
        message: `The name ${host} could not be found.`,
        advice: 'Check that this computer is online and that the address is spelled correctly.',
      }
    : {
        message: `The name of the proxy, ${host}, could not be found.`,
        advice: 'Check the proxy settings of this computer.',
      };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
