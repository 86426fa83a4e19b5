import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../../../shared/problem.ts';
import type { HttpExchange } from '../../http-exchange.ts';
import { networkProblem } from '../../network-problem.ts';
import { createNodeHttpExchange } from '../../node-http-exchange.ts';
import type { Readings } from '../readings.ts';
import { trialExamination } from '../testing/trial-examination.ts';
import { answer, body, TrialManager } from '../testing/trial-manager.ts';
import { boshSession } from './bosh-session.ts';
import { roundTrip } from './round-trip.ts';
import { waysToSignIn } from './ways-to-sign-in.ts';

let manager: TrialManager;
let http: HttpExchange;

beforeEach(async () => {
  manager = await TrialManager.start();
  http = createNodeHttpExchange();
});
afterEach(async () => {
  await http.close();
  await manager.stop();
});

const examination = (readings?: Readings) =>
  trialExamination(manager.url, http, readings ? { readings } : {});

describe('a session', () => {
  it('is opened, and what the server grants is told', async () => {
    const ended: string[] = [];
    manager.on('request', ({ kind }) => ended.push(kind));
    const outcome = await boshSession.examine(examination({}));
    expect(outcome).toMatchObject({
      ...{ state: 'good', result: 'The server opened a session.' },
      reading: { endpoint: manager.url, granted: { wait: 60, hold: 1 }, httpVersion: '1.1' },
    });
    expect(outcome.reading.clockAheadMs).toBeLessThan(2_000);
    expect(ended).toEqual(['create', 'terminate']);
  });

  it('is opened at the published address where the one entered does not work', async () => {
    const blocked = problemOf(networkProblem('network.refused'));
    const outcome = await boshSession.examine({
      ...examination({
        connection: { to: 'server', address: 'old.example:443', problem: blocked },
        'published-address': { endpoints: [manager.url] },
      }),
      endpoint: 'https://old.example/bosh',
    });
    expect(outcome).toMatchObject({
      state: 'limited',
      result: `The address that was entered does not work, but ${manager.url} does.`,
      reading: {
        endpoint: manager.url,
        failed: [{ endpoint: 'https://old.example/bosh', problem: { code: 'network.refused' } }],
      },
    });
  });

  it('is tried at each published address in turn', async () => {
    manager.treat = ({ incoming, response }) => {
      if (incoming.url !== '/first') return false;
      response.writeHead(404).end();
      return true;
    };
    const first = manager.url.replace('/http-bind', '/first');
    const published = { endpoints: [first, manager.url] };
    const outcome = await boshSession.examine({
      ...examination({ 'published-address': published }),
      endpoint: undefined,
    });
    expect(outcome).toMatchObject({ state: 'good', reading: { endpoint: manager.url } });
  });

  it('is opened at a guess where nothing is entered or published, and says so', async () => {
    manager.treat = ({ incoming, response }) => {
      if (incoming.url !== '/wrong') return false;
      response.writeHead(404).end();
      return true;
    };
    const nothing = problemOf(networkProblem('network.failed'));
    const examined = {
      ...examination({ 'published-address': { endpoints: [], problem: nothing } }),
      ...{
        endpoint: undefined,
        guesses: [manager.url.replace('/http-bind', '/wrong'), manager.url],
      },
    };
    expect(await boshSession.examine(examined)).toMatchObject({
      state: 'good',
      result: expect.stringContaining('That was a guess'),
      reading: { endpoint: manager.url, isGuess: true, failed: [] },
    });
    const wrong = await boshSession.examine({ ...examined, guesses: examined.guesses.slice(0, 1) });
    expect(wrong).toMatchObject({ state: 'bad', reading: { problem: nothing } });
  });

  it('is not guessed at where the name is not found, or the proxy lets nothing through', () => {
    const problem = problemOf(networkProblem('network.name-not-found'));
    const unknown = { host: 'x', of: 'server', addresses: [], problem } as const;
    const gone = { to: 'proxy', address: 'x', problem } as const;
    for (const readings of [{ 'name-resolution': unknown }, { connection: gone }]) {
      const examined = { ...examination(readings), endpoint: undefined, guesses: [manager.url] };
      expect(boshSession.pointless(readings, examined)).toBe('No BOSH address is known.');
    }
  });

  it.each([
    ['a portal’s page', '<html><title>Hello</title></html>', 'network.html-answer'],
    ['a refusal', body({ type: 'terminate', condition: 'host-unknown' }), 'endpoint.host-unknown'],
    ['a body without a session', body({}), 'endpoint.no-session'],
    ['a damaged body', `${body({ sid: 'a' })}<`, 'endpoint.bad-body'],
  ])('is not opened by %s', async (_name, text, code) => {
    manager.treat = ({ response }) => {
      answer(response, text);
      return true;
    };
    const outcome = await boshSession.examine(examination({}));
    expect(outcome).toMatchObject({ state: 'bad', reading: { problem: { code } } });
  });

  it('is not tried where there is no way to it', () => {
    const blocked = problemOf(networkProblem('network.refused'));
    const readings = { connection: { to: 'server', address: 'x', problem: blocked } } as const;
    expect(boshSession.pointless(readings, examination(readings))).toBe(
      'There is no way to the BOSH address.',
    );
  });
});

describe('the ways to sign in', () => {
  it.each([false, true])('are read wherever they come (later: %s)', async (late) => {
    manager.featuresLate = late;
    expect(await waysToSignIn.examine(examination())).toMatchObject({
      ...{ state: 'good', result: 'Holdfast can sign in here with SCRAM-SHA-1.' },
      reading: { offered: ['SCRAM-SHA-1', 'PLAIN'], chosen: 'SCRAM-SHA-1' },
    });
  });

  it('are none before encryption', async () => {
    manager.features = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    const { reading } = await waysToSignIn.examine(examination());
    expect(reading.problem?.code).toBe('server.https-required');
  });

  it('are none that Holdfast has', async () => {
    manager.features =
      "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>";
    const { reading } = await waysToSignIn.examine(examination());
    expect(reading).toMatchObject({
      offered: ['EXTERNAL'],
      problem: { code: 'server.no-mechanism' },
    });
  });
});

describe('the round trip', () => {
  it('is measured over sessions that are opened and ended', async () => {
    const outcome = await roundTrip.examine(examination());
    expect(outcome.state).toBe('good');
    expect(outcome.facts).toContainEqual({ name: 'Samples', value: '6' });
  });

  it('is slow', async () => {
    let now = 0;
    // Every look at the clock finds a second gone.
    const clock = {
      now: () => {
        now += 2_000;
        return now;
      },
      after: () => new Promise<void>(() => {}),
    };
    const outcome = await roundTrip.examine({ ...examination(), clock });
    expect(outcome).toMatchObject({ state: 'limited', reading: { medianMs: 2_000 } });
  });

  it('says what went wrong', async () => {
    manager.treat = ({ incoming }) => {
      incoming.socket.resetAndDestroy();
      return true;
    };
    const { reading } = await roundTrip.examine(examination());
    expect(reading.problem?.code).toBe('network.reset');
  });
});
