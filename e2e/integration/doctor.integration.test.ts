import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorRun } from '../../shared/doctor.ts';
import { examineByCommand, startDoctor } from '../holdfast/run-doctor.ts';
import { startNginx } from '../networks/programs/nginx.ts';
import type { Program } from '../networks/programs/program.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';

const states = (run: DoctorRun) =>
  Object.fromEntries(run.steps.map(({ id, state }) => [id, state]));

let gateway: Program | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

describe.each([
  ['prosody', startProsody],
  ['ejabberd', startEjabberd],
] as const)('holdfast doctor and %s', (_kind, start) => {
  let server: XmppServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  const behindNginx = async (rules: string, http = '') => {
    gateway = await startNginx(server.boshUrl, {
      http,
      server: `location / { proxy_pass http://manager; ${rules} }`,
    });
    return `http://127.0.0.1:${gateway.port}/http-bind`;
  };

  it('finds a gateway that cuts waiting requests and refuses large ones', async () => {
    const url = await behindNginx('proxy_read_timeout 3s; client_max_body_size 100k;');
    const { status, run } = await examineByCommand(['alice@localhost', '--url', url]);
    expect(states(run)).toEqual({
      'proxy-settings': 'good',
      'name-resolution': 'good',
      connection: 'good',
      'proxy-sign-in': 'skipped',
      encryption: 'skipped',
      'published-address': 'limited',
      'bosh-session': 'good',
      'ways-to-sign-in': 'good',
      'round-trip': 'good',
      'two-at-once': 'good',
      'request-size': 'limited',
      'held-request': 'limited',
    });
    expect(status).toBe(0);
    expect(run.verdict?.outcome).toBe('limited');
    expect(run.verdict?.findings.map(({ code }) => code)).toEqual([
      'held-request-cut',
      'request-size',
    ]);
    const [cut, size] = run.verdict?.findings ?? [];
    expect(cut?.what).toMatch(
      /^Requests that wait longer than \d(\.\d)? s are cut with the status 504/,
    );
    expect(cut?.whose).toContain('nginx');
    expect(size?.what).toContain('with the status 413');
    expect(run.learned).toMatchObject({ endpoint: url, oneConnection: false });
    expect(run.learned.largestRequest).toBeLessThanOrEqual(100 * 1024);
    expect(run.learned.largestRequest).toBeGreaterThan(87 * 1024);
  });

  it('finds a gateway that lets one request through at a time', async () => {
    const url = await behindNginx(
      'limit_conn one 1; proxy_read_timeout 2s;',
      'limit_conn_zone $server_port zone=one:1m;',
    );
    const { run } = await examineByCommand(['alice@localhost', '--url', url]);
    expect(run.verdict?.findings.map(({ code }) => code)).toContain('one-connection');
    expect(run.learned.oneConnection).toBe(true);
  });

  it('finds that the address is not a chat service', async () => {
    const { status, run } = await examineByCommand([
      'alice@localhost',
      '--url',
      server.boshUrl.replace('http-bind', 'nothing'),
    ]);
    expect(status).toBe(1);
    expect(run.verdict).toMatchObject({
      outcome: 'blocked',
      findings: [{ code: 'http-not-found', weight: 'blocks' }],
    });
  });

  it('ends early when it is asked to', async () => {
    const { child, ended, said } = startDoctor(['alice@localhost', '--url', server.boshUrl]);
    await said('A request that waits: up to 70 s');
    child.kill('SIGINT');
    const { status, output } = await ended;
    expect(status).toBe(3);
    expect(output).toContain('The examination was stopped before it was over.');
  });
});

it('holdfast doctor holds a request as long as the server allows and finds that nothing cuts it', async () => {
  const server = await startProsody({ wait: 3 });
  try {
    const { status, run } = await examineByCommand(['alice@localhost', '--url', server.boshUrl]);
    expect(status).toBe(0);
    expect(run.verdict).toEqual({ outcome: 'clear', findings: [] });
    expect(run.steps.at(-1)?.result).toMatch(
      /waited \d(\.\d)? s at the server, which lets none wait longer/,
    );
  } finally {
    await server.stop();
  }
});
