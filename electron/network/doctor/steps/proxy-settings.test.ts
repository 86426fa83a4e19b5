import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../shared/problem.ts';
import { createNodeHttpExchange } from '../../node-http-exchange.ts';
import { directPath, type Route } from '../network-path.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { proxySettings } from './proxy-settings.ts';

const http = createNodeHttpExchange();
const examine = (route: () => Promise<Route>) =>
  proxySettings.examine(
    trialExamination('https://chat.example/bosh', http, { path: { ...directPath(http), route } }),
  );

describe('the proxy settings', () => {
  it('may name none for this address', async () => {
    expect(await examine(async () => ({ kind: 'direct' }))).toMatchObject({
      state: 'good',
      result: 'No proxy is set for this address. Holdfast connects directly.',
    });
  });

  it('may name one', async () => {
    const route = { kind: 'proxy', scheme: 'http', host: 'proxy.example', port: 3128 } as const;
    expect(await examine(async () => route)).toMatchObject({
      ...{ state: 'good', reading: { route } },
      result: 'Requests go through the proxy proxy.example:3128.',
    });
  });

  it('may be unreadable', async () => {
    const problem = {
      code: 'network.pac',
      source: 'network',
      message: 'No.',
      advice: 'Do.',
      retry: 'never',
    } as const;
    const outcome = await examine(() => Promise.reject(new ProblemError(problem)));
    expect(outcome).toMatchObject({ state: 'bad', result: 'No.', reading: { problem } });
  });
});
