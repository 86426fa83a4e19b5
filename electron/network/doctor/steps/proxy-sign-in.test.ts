import { describe, expect, it } from 'vitest';
import type { HttpExchange, HttpResponse } from '../../http-exchange.ts';
import { networkProblem } from '../../network-problem.ts';
import type { Readings } from '../readings.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { proxySignIn } from './proxy-sign-in.ts';

const route = { scheme: 'http', host: 'proxy.example', port: 3128 } as const;

function readings(tunnel?: { status: number; schemes: string[]; realm?: string }): Readings {
  const connection = { to: 'proxy', address: 'proxy.example:3128', ...(tunnel && { tunnel }) };
  return { 'proxy-settings': { route }, connection } as Readings;
}
const asked = readings({ status: 407, schemes: ['ntlm', 'basic'], realm: 'Company' });

/** An exchange through the proxy, as the account's own goes. */
const exchange = (send: () => Promise<Partial<HttpResponse>>): HttpExchange => ({
  send: async () => (await send()) as HttpResponse,
  close: async () => {},
});

const examine = (http: HttpExchange, of: Readings) =>
  proxySignIn.examine(trialExamination('https://chat.example/bosh', http, { readings: of }));

const nobody = exchange(() => Promise.reject(networkProblem('network.proxy-auth')));

describe('signing in to the proxy', () => {
  it('is not needed', async () => {
    const outcome = await examine(nobody, readings({ status: 200, schemes: [] }));
    expect(outcome.result).toBe('The proxy asks for no name and password.');
  });

  it('works with what Holdfast has', async () => {
    const outcome = await examine(
      exchange(async () => ({ status: 200, headers: {} })),
      asked,
    );
    expect(outcome).toMatchObject({
      state: 'good',
      result: 'The proxy accepts the name and password that Holdfast has for it.',
    });
  });

  it('works where what comes behind the proxy does not', async () => {
    const outcome = await examine(
      exchange(() => Promise.reject(networkProblem('network.tls'))),
      asked,
    );
    expect(outcome.state).toBe('good');
  });

  it.each([
    ['the exchange fails', nobody, ['ntlm', 'basic'], 'Company'],
    [
      'the answer is 407',
      exchange(async () => ({
        status: 407,
        headers: { 'proxy-authenticate': 'Digest realm="Hall"' },
      })),
      ['digest'],
      'Hall',
    ],
  ])('is needed where %s', async (_name, http, schemes, realm) => {
    expect(await examine(http, asked)).toMatchObject({
      state: 'bad',
      reading: { schemes, realm, problem: { code: 'network.proxy-auth' } },
    });
  });

  it('is no matter without a proxy', () => {
    expect(proxySignIn.pointless({ 'proxy-settings': { route: 'direct' } }, {} as never)).toBe(
      'No proxy is in use.',
    );
  });
});
